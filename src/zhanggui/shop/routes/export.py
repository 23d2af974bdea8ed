"""The export over HTTP."""

from __future__ import annotations

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream

from zhanggui.shop.exporters import Exporter
from zhanggui.shop.types import ExportKind

JSON_LINES = "application/x-ndjson"


class ExportRoutes(Controller):
    """Everything out again."""

    path = "/v1/{shop:str}/export"
    tags = ("export",)

    @get("/{kind:str}", operation_id="Export", opt={"scope": "shop:export"}, media_type=JSON_LINES, sync_to_thread=True)
    def export(self, exporter: NamedDependency[Exporter], kind: FromPath[ExportKind]) -> Stream:
        """All facts of one kind as JSON lines, direct identifiers in clear; of one moment, however long it takes."""
        return Stream(exporter.stream(kind), media_type=JSON_LINES)
