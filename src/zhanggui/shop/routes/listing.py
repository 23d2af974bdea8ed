"""What all listings and bodies of this room share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Protocol, TypeVar

from litestar import Request
from litestar.params import QueryParameter

from zhanggui.kernel.ids import MerchantId
from zhanggui.shop.ports import CursorCodec

MAX_FACTS = 1000

After = Annotated[
    str | None,
    QueryParameter(name="after", max_length=2048, description="`next` of the page before; leave out to start."),
]
Limit = Annotated[int, QueryParameter(name="limit", ge=1, le=200, description="Most items of a page.")]
Ids = Annotated[
    list[MerchantId] | None,
    QueryParameter(name="id", max_items=200, description="Only these, in place of a page; repeat for several."),
]
OfProduct = Annotated[MerchantId | None, QueryParameter(name="product_id", description="Only those of this product.")]

AnyRequest = Request[Any, Any, Any]


class HasId(Protocol):
    """A fact that a listing can go on after."""

    @property
    def id(self) -> str:
        """The merchant's id."""


H = TypeVar("H", bound=HasId)


def opened(cursors: CursorCodec, after: str | None, request: AnyRequest) -> str | None:
    """The id that a listing goes on after."""
    return None if after is None else cursors.open(after, listing=request.url.path)


def next_of(cursors: CursorCodec, items: Sequence[HasId], limit: int, request: AnyRequest) -> str | None:
    """The cursor of the page that follows; None when this one was not full."""
    return cursors.seal(items[-1].id, listing=request.url.path) if len(items) == limit else None
