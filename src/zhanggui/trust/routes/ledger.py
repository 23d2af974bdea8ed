"""The ledger over HTTP."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter

from zhanggui.kernel.listing import After, AnyRequest, CursorCodec, Limit, opened, sealed
from zhanggui.trust.service.guarding import PiiGuard
from zhanggui.trust.service.ledger import Ledger
from zhanggui.trust.service.unnamed import unnamed_entry
from zhanggui.trust.types.ledger import Checkpoint, LedgerPage, VerifyReport

from .calling import caller_of

OfKind = Annotated[str | None, QueryParameter(name="kind", max_length=64, description="Only entries of this kind.")]


class VerifyLedger(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An anchor that was kept elsewhere, if there is one."""

    anchor: Checkpoint | None = None


class LedgerRoutes(Controller):
    """What was decided, applied, consented to and erased."""

    path = "/v1/{shop:str}/ledger"
    tags = ("ledger",)

    @get("/", operation_id="ListLedger", opt={"scope": "ledger:read"}, sync_to_thread=True)
    def entries(
        self,
        request: AnyRequest,
        ledger: NamedDependency[Ledger],
        guard: NamedDependency[PiiGuard],
        cursors: NamedDependency[CursorCodec],
        kind: OfKind = None,
        after: After = None,
        limit: Limit = 50,
    ) -> LedgerPage:
        """List entries, oldest first; ids of shoppers, and personal data in free texts, only for who may see people."""
        page = ledger.entries(after=int(opened(cursors, after, request) or 0), limit=limit, kind=kind)
        sees_people = caller_of(request).may("shop:people", request.path_params["shop"])
        items = page.items if sees_people else [unnamed_entry(one, guard.redacted) for one in page.items]
        return msgspec.structs.replace(page, items=items, next=sealed(cursors, page.next, request))

    @post("/verify", operation_id="VerifyLedger", opt={"scope": "ledger:verify"}, status_code=200, sync_to_thread=True)
    def verify(self, ledger: NamedDependency[Ledger], data: JSONBody[VerifyLedger]) -> VerifyReport:
        """Walk the whole chain and name every entry that was edited, removed or moved."""
        return ledger.verify(data.anchor)

    @post("/anchor", operation_id="AnchorLedger", opt={"scope": "ledger:verify"}, status_code=200, sync_to_thread=True)
    def anchor(self, ledger: NamedDependency[Ledger]) -> Checkpoint:
        """Sign where the chain stands now; keep the answer elsewhere."""
        return ledger.checkpoint()
