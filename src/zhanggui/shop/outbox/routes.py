"""The outbox over HTTP."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from zhanggui.kernel.listing import After, AnyRequest, CursorCodec, Limit, actor_of, opened, sealed

from .service import Outbox
from .types import OutboxEntry, OutboxPage, OutboxState

InState = Annotated[OutboxState | None, QueryParameter(name="state", description="Only entries in this state.")]
Through = Annotated[str | None, QueryParameter(name="outlet", max_length=64, description="Only those of this outlet.")]


class ConfirmOutboxEntry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether it was applied, and what the outlet says about it."""

    applied: bool = True
    note: Annotated[str, msgspec.Meta(max_length=512)] = ""


class OutboxRoutes(Controller):
    """What is on its way out."""

    path = "/v1/{shop:str}/outbox"
    tags = ("outbox",)

    @get("/", operation_id="ListOutbox", opt={"scope": "outbox:read"}, sync_to_thread=True)
    def entries(
        self,
        request: AnyRequest,
        outbox: NamedDependency[Outbox],
        cursors: NamedDependency[CursorCodec],
        in_state: InState = None,
        outlet: Through = None,
        after: After = None,
        limit: Limit = 50,
    ) -> OutboxPage:
        """List entries, newest first."""
        page = outbox.list(after=opened(cursors, after, request), limit=limit, state=in_state, outlet=outlet)
        return msgspec.structs.replace(page, next=sealed(cursors, page.next, request))

    @get("/{entry_id:str}", operation_id="GetOutboxEntry", opt={"scope": "outbox:read"}, sync_to_thread=True)
    def entry(self, outbox: NamedDependency[Outbox], entry_id: FromPath[str]) -> OutboxEntry:
        """One entry."""
        return outbox.entry(entry_id)

    @post(
        "/{entry_id:str}/confirm",
        operation_id="ConfirmOutboxEntry",
        opt={"scope": "outbox:confirm"},
        status_code=200,
        sync_to_thread=True,
    )
    def confirm(
        self,
        request: AnyRequest,
        outbox: NamedDependency[Outbox],
        entry_id: FromPath[str],
        data: JSONBody[ConfirmOutboxEntry],
    ) -> OutboxEntry:
        """The receiver's call back, or a person: whether it was applied."""
        return outbox.confirm(entry_id, actor_of(request), was_applied=data.applied, note=data.note)

    @post(
        "/{entry_id:str}/cancel",
        operation_id="CancelOutboxEntry",
        opt={"scope": "outbox:write"},
        status_code=200,
        sync_to_thread=True,
    )
    def cancel(self, request: AnyRequest, outbox: NamedDependency[Outbox], entry_id: FromPath[str]) -> OutboxEntry:
        """Take back what has not left yet."""
        return outbox.cancel(entry_id, actor_of(request))
