"""What all routes of this room share."""

from __future__ import annotations

from typing import Annotated, Any

from litestar import Request
from litestar.params import QueryParameter

from zhanggui.shop import CursorCodec
from zhanggui.trust.types.access import Caller

AnyRequest = Request[Any, Any, Any]
After = Annotated[
    str | None,
    QueryParameter(name="after", max_length=2048, description="`next` of the page before; leave out to start."),
]
Limit = Annotated[int, QueryParameter(name="limit", ge=1, le=200, description="Most items of a page.")]


def caller_of(request: AnyRequest) -> Caller:
    """Whom the guard let in; it runs before every handler, so there is always one."""
    caller: Caller = request.scope["state"]["caller"]
    return caller


def actor_of(request: AnyRequest) -> str:
    """What the ledger writes down for this caller."""
    return caller_of(request).actor


def opened(cursors: CursorCodec, after: str | None, request: AnyRequest) -> str | None:
    """The place that a listing goes on after."""
    return None if after is None else cursors.open(after, listing=request.url.path)


def sealed(cursors: CursorCodec, place: str | None, request: AnyRequest) -> str | None:
    """The cursor of the page that follows."""
    return None if place is None else cursors.seal(place, listing=request.url.path)
