"""What other rooms add to an export."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

import msgspec
import sqlalchemy as sa

from zhanggui.shop.types import PutReport


class ExportRecord(Protocol):
    """One more file of an export; its room knows what stands in it, we know how it is written."""

    @property
    def name(self) -> str:
        """Of the file, without its ending; none of `ExportKind`."""

    @property
    def holds(self) -> type[msgspec.Struct]:
        """The struct of one row."""

    def rows(self, db: sa.Connection) -> Iterator[Sequence[msgspec.Struct]]:
        """All rows, a page at a time, in an order that depends on what they hold and on nothing else."""


class ExportPart(ExportRecord, Protocol):
    """A file that can be taken in again."""

    def restore(self, db: sa.Connection, rows: Sequence[Any], now_ms: int) -> PutReport:
        """Take a page of rows in, inside the caller's `write`; taking them in again changes nothing."""
