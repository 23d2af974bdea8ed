"""What a profile says, and on what it rests."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

Level = Literal["product", "category", "attribute", "brand", "price"]
StageCode = Literal["new", "active", "loyal", "at_risk", "dormant", "lost"]
TagCode = Literal[
    "dawn_orders", "lunch_orders", "night_orders", "weekend_orders", "steady_rhythm", "stocks_up", "big_baskets",
    "tries_new", "early_bird", "keeps_to_favourites", "one_brand", "compares", "decides_fast", "collects", "searches",
    "lingers", "reviews", "asks", "reads_messages", "leaves_messages", "shares", "follows",
]  # fmt: skip
"""Every tag that there is: a closed list, so that none can be thought up from what somebody bought."""


class Evidence(msgspec.Struct, frozen=True, gc=False):
    """What something rests on: `hits` of `total`, and some of the orders and products behind it (merchants' ids)."""

    hits: int = 0
    total: int = 0
    orders: tuple[str, ...] = ()
    products: tuple[str, ...] = ()


class Interest(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Something that a shopper likes, or avoids.

    Attributes:
        level: what kind of thing it is.
        key: stable; `product:ID`, else the key of a chip (`category:茶/绿茶`), by which it is muted and corrected.
        value: in the merchant's words; of a product its title.
        strength: in [0, 1], how surely: one purchase today is 0.63, and it halves in 30 days; negative: avoided.
        share: of all that is liked on this level, in [0, 1].
        views, carts, purchases: acts behind it.
        since, last: the first and the last act.
        products, orders: some of those behind it.
    """

    level: Level
    key: str
    value: str
    strength: float
    share: float
    views: int
    carts: int
    purchases: int
    since: datetime
    last: datetime
    products: tuple[str, ...] = ()
    orders: tuple[str, ...] = ()


class Tag(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A readable trait of how somebody shops, never of who they are.

    Attributes:
        code: one of a closed list.
        name: in the reader's language; empty until it is rendered.
        about: what it is about where the code leaves it open (the brand of `one_brand`).
        strength: in [0, 1], the lower bound of the share that it rests on.
        evidence: the counts, with orders and products.
        since, last: the first and the last act behind it.
    """

    code: TagCode
    name: str = ""
    about: str = ""
    strength: float
    evidence: Evidence
    since: datetime
    last: datetime


class Rhythm(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """When somebody comes: shares by hour (24) and weekday (7, Monday first) on the shop's clock; empty before any."""

    hours: tuple[float, ...] = ()
    weekdays: tuple[float, ...] = ()
    peak_hour: int | None = None  # the first of the three hours in a row with the most acts
    peak_share: float = 0.0


class Stage(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Where somebody stands in their life as a customer, and what decided it.

    Attributes:
        code: new, active, loyal, at_risk, dormant or lost.
        name: in the reader's language; empty until it is rendered.
        orders: so far.
        idle_days: since the last order; without any, since the last act.
        usual_days: their own days between orders, the middle one; else the shop's assumption.
        is_own_rhythm: whether `usual_days` is their own.
    """

    code: StageCode
    name: str = ""
    orders: int
    idle_days: float
    usual_days: float
    is_own_rhythm: bool


class Rfm(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Recency, frequency and money; scores 1 to 5 by the shop's own fifths, None until those were counted."""

    recency_days: float | None
    frequency: int
    monetary_minor: int
    recency_score: int | None = None
    frequency_score: int | None = None
    monetary_score: int | None = None


class Share(msgspec.Struct, frozen=True, gc=False):
    """A name and its share in [0, 1]."""

    name: str
    share: float


class Corrected(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What the shopper, or somebody for them, said of this profile."""

    id: str
    act: str
    subject: str
    value: str = ""
    at: datetime
    until: datetime | None = None


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """What the shop may know of one shopper now. Nothing of it is inferred about who they are."""

    customer_id: str | None
    visitor_id: str | None
    seen_seq: int
    acts: int
    first_seen: datetime | None
    last_seen: datetime | None
    stage: Stage
    rfm: Rfm
    rhythm: Rhythm
    interests: tuple[Interest, ...]
    avoided: tuple[Interest, ...]
    searches: tuple[Share, ...]
    channels: tuple[Share, ...]
    language: str | None
    tags: tuple[Tag, ...]
    corrections: tuple[Corrected, ...] = ()
    taste: tuple[float, ...] = ()


class ServiceView(msgspec.Struct, frozen=True, kw_only=True):
    """What of a profile serving somebody needs, and no more: no interests, no money, no taste, nothing they looked at.

    Attributes:
        stage: where they stand.
        language: in which they want to be spoken to.
        channel: by which they usually come; empty where none is known.
        peak_hour: the first of the three hours of the day in which they mostly come.
        tags: of how they like to be served, without orders and products.
    """

    customer_id: str | None
    visitor_id: str | None
    stage: Stage
    language: str | None
    channel: str
    peak_hour: int | None
    tags: tuple[Tag, ...]
