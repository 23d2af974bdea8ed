"""The guard over HTTP."""

from __future__ import annotations

from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from zhanggui.trust.service.guarding import PiiGuard
from zhanggui.trust.types.guard import GuardedText, GuardText


class GuardRoutes(Controller):
    """Personal data in free text."""

    path = "/v1/{shop:str}/guard"
    tags = ("trust",)

    @post("/", operation_id="GuardText", opt={"scope": "trust:guard"}, status_code=200, sync_to_thread=True)
    def guard(self, guard: NamedDependency[PiiGuard], data: JSONBody[GuardText]) -> GuardedText:
        """Find personal data in a text: kinds and places, and the text with placeholders. Nothing of it is kept."""
        return guard.examine(data.text, data.lang)
