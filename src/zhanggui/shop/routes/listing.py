"""What the listings and bodies of facts share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Protocol

from litestar.enums import RequestEncodingType
from litestar.params import BodyKwarg, QueryParameter

from zhanggui.kernel.ids import ID_PATTERN, MAX_ID_LENGTH, MerchantId
from zhanggui.kernel.listing import AnyRequest, CursorCodec, sealed

MAX_FACTS = 1000

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


class HasId(Protocol):
    """A fact that a listing can go on after."""

    @property
    def id(self) -> str:
        """The merchant's id."""


def next_of(cursors: CursorCodec, items: Sequence[HasId], limit: int, request: AnyRequest) -> str | None:
    """The cursor of the page that follows; None when this one was not full."""
    return sealed(cursors, items[-1].id if len(items) == limit else None, request)
