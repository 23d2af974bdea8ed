"""What all listings and bodies of this room share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Protocol, TypeVar

from litestar import Request
from litestar.enums import RequestEncodingType
from litestar.params import BodyKwarg, QueryParameter

from zhanggui.kernel.ids import ID_PATTERN, MAX_ID_LENGTH, MerchantId
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


def one_id(name: str, description: str) -> QueryParameter:
    """An optional id in the query. Its bounds stand here: the framework drops those inside of a union."""
    return QueryParameter(
        name=name, description=description, min_length=1, max_length=MAX_ID_LENGTH, pattern=ID_PATTERN
    )


OfProduct = Annotated[str | None, one_id("product_id", "Only those of this product.")]
FACTS = BodyKwarg(media_type=RequestEncodingType.JSON, max_items=MAX_FACTS)
"""A JSON array of facts as a body, with its bound: the framework drops one that stands inside of `JSONBody`."""

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
