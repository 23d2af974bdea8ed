"""What crosses the door of the recipes that answer with something else than a list of products."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from zhanggui.kernel.ids import MerchantId
from zhanggui.kernel.jobs import JobState

from .lists import RankedProduct, Reason

Action = Literal["recommend", "remind_basket", "ask_review", "nothing"]
ProductIds = Annotated[tuple[MerchantId, ...], msgspec.Meta(max_length=1000)]
K = Annotated[int, msgspec.Meta(ge=1, le=200)]
Language = Annotated[str, msgspec.Meta(max_length=35)]
Surface = Annotated[str, msgspec.Meta(max_length=64)]
Filter = Annotated[str, msgspec.Meta(max_length=2000, description="Which products may come: price_minor < 20000 …")]


class CompleteBasket(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A basket whose rest is sought; a shopper may be named, so that nothing comes that they turned down."""

    product_ids: ProductIds
    customer_id: MerchantId | None = None
    visitor_id: MerchantId | None = None
    k: K = 10
    language: Language = "zh"
    filter: Filter = ""


class Rerank(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A list to be put in the order that suits a shopper; `k` is how many of it are shown."""

    product_ids: ProductIds
    customer_id: MerchantId | None = None
    visitor_id: MerchantId | None = None
    surface: Surface = "rerank"
    k: K = 200
    language: Language = "zh"
    filter: Filter = ""


class NextAction(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one might do next about a shopper, and why: a suggestion, which nobody carries out by itself.

    `products` are those to show, to remind of or to ask about. `intent` is how much they seem to want, in [0, 1].
    """

    action: Action
    reason: Reason
    explanation: str
    products: tuple[RankedProduct, ...] = ()
    intent: float = 0.0


class Audience(msgspec.Struct, frozen=True, kw_only=True):
    """How many shoppers would be shown a product among their first 20 now, by reason; nobody is named.

    Of `possible` shoppers, whose past says anything for the product, the `checked` ones it says most for were looked
    at one by one. Counts of fewer than 5 people are left out, and `is_small` says that all are.
    """

    product_id: str
    people: int
    first_five: int
    by_reason: dict[str, int]
    possible: int
    checked: int
    for_messages: bool
    is_small: bool


class AudienceSegment(msgspec.Struct, frozen=True, kw_only=True):
    """A kept segment that holds more of an audience than of everybody.

    `share` of the audience is in it, `share_of_all` of everybody; `lift` is the one over the other, and lies between
    `lift_low` and `lift_high` by chance.
    """

    name: str
    people: int
    share: float
    share_of_all: float
    lift: float
    lift_low: float
    lift_high: float


class AudienceSegments(msgspec.Struct, frozen=True, kw_only=True):
    """In which kept segments those stand whom a product suits, the surest first; nobody is named.

    Only segments in which they are more often than everybody beyond chance (95 % for all segments together), with
    5 people at least in it and none or 5 not. Counted are only those who allow it: `people` of the audience, `of` all.
    `is_small` says that the audience is too small to tell anything.
    """

    product_id: str
    people: int
    of: int
    segments: tuple[AudienceSegment, ...]
    looked_at: int
    for_messages: bool
    is_small: bool


class AudienceMember(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One shopper of an audience, and the place (from 1) that the product has for them."""

    customer_id: str | None = None
    visitor_id: str | None = None
    place: int
    score: float
    reason: Reason
    explanation: str


class AudienceWhole(msgspec.Struct, frozen=True, kw_only=True):
    """All that is told of an audience; `people` is empty for who may not see people."""

    counts: Audience
    segments: AudienceSegments
    people: tuple[AudienceMember, ...]


class ExportLists(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Lists for all shoppers who agree, as one Parquet file. Surfaces that push want consent to marketing too."""

    k: K = 10
    surface: Surface = "email"
    language: Language = "zh"


class ListExport(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How far an export of lists is; `error` says why it ended without a file."""

    id: str
    state: JobState
    shoppers_done: int = 0
    shoppers_of: int = 0
    error: str = ""


class ListExportReport(msgspec.Struct, frozen=True, kw_only=True):
    """What an export of lists wrote: shoppers with a list, and rows."""

    shoppers: int
    rows: int
