"""What routes share: who asks, and pages of a listing: a limit, and a sealed cursor that says where the next begins."""

from __future__ import annotations

from typing import Annotated, Any, Protocol, runtime_checkable

from litestar import Request
from litestar.params import QueryParameter

AnyRequest = Request[Any, Any, Any]
After = Annotated[
    str | None,
    QueryParameter(name="after", max_length=2048, description="`next` of the page before; leave out to start."),
]
Limit = Annotated[int, QueryParameter(name="limit", ge=1, le=200, description="Most items of a page.")]


@runtime_checkable  # Litestar asks whether what it injects is one
class CursorCodec(Protocol):
    """Seals the place where a listing goes on, so that nobody depends on what is inside."""

    def seal(self, key: str, *, listing: str) -> str:
        """The cursor that goes on after `key`."""

    def open(self, cursor: str, *, listing: str) -> str:
        """The key in a cursor; raises InvalidInput for one that was not made for this listing."""


def opened(cursors: CursorCodec, after: str | None, request: AnyRequest) -> str | None:
    """The place that a listing goes on after; None at its start."""
    return None if after is None else cursors.open(after, listing=request.url.path)


def sealed(cursors: CursorCodec, place: str | None, request: AnyRequest) -> str | None:
    """The cursor of the page that follows; None where there is none."""
    return None if place is None else cursors.seal(place, listing=request.url.path)


def actor_of(request: AnyRequest) -> str:
    """What the ledger writes down for whom the guard let in; it runs before every handler."""
    actor: str = request.scope["state"]["caller"].actor
    return actor
