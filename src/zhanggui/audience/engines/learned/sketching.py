"""What of a profile may be learned from: how somebody shops, and nothing about who they are.

Sex, age, address, region, language and channel do not go in; nor do interests whose words say somebody's sex or age,
nor anything that is denied to profiles. Tags that rest on express consent (shares, follows) stay out.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from zhanggui.audience.engines.denied import is_gendered, is_unsaid
from zhanggui.audience.types.profiles import Interest, Profile, StageCode

HOURS: Mapping[str, tuple[int, ...]] = {
    "dawn": (5, 6, 7, 8),
    "morning": (9, 10),
    "noon": (11, 12, 13),
    "afternoon": (14, 15, 16, 17),
    "evening": (18, 19, 20, 21),
    "night": (22, 23, 0, 1, 2, 3, 4),
}
"""Parts of the day on the shop's clock, by the hours that begin in them."""
LEAST_ACTS = 3
"""Of whom nothing was bought and less was seen, too little is known to put them anywhere."""
_AGED = ("老年", "老人", "中老年", "长辈", "青年", "学生", "senior", "elderly", "student", "for teens")
_CONSENTED = frozenset({"shares", "follows"})


class Liked(msgspec.Struct, frozen=True, gc=False):
    """An interest: how surely, its share of its level, and the merchant's words."""

    strength: float
    share: float
    text: str


class Product(msgspec.Struct, frozen=True, gc=False):
    """A product somebody likes: how surely, its title, and when it was last acted on."""

    strength: float
    title: str
    last_ms: int


class Sketch(msgspec.Struct, frozen=True, gc=False):
    """One person as a learning sees them.

    Attributes:
        orders: so far.
        spent_minor: on them.
        idle_days: since the last order, else since the last act.
        hours: shares of acts by `HOURS`, all 0 before any.
        weekend: share of acts at weekends.
        categories, prices, products: what they like, by key (of products the merchant's id).
    """

    stage: StageCode
    orders: int
    spent_minor: int
    idle_days: float
    hours: tuple[float, ...]
    weekend: float
    tags: frozenset[str]
    categories: Mapping[str, Liked]
    prices: Mapping[str, Liked]
    products: Mapping[str, Product]


def sketch_of(profile: Profile) -> Sketch | None:
    """The sketch of a profile; None of whom too little is known."""
    stage, rhythm = profile.stage, profile.rhythm
    if not stage.orders and profile.acts < LEAST_ACTS:
        return None
    by_hour, days = rhythm.hours or (0.0,) * 24, rhythm.weekdays or (0.0,) * 7
    return Sketch(
        stage=stage.code,
        orders=stage.orders,
        spent_minor=profile.rfm.monetary_minor,
        idle_days=stage.idle_days,
        hours=tuple(sum(by_hour[hour] for hour in hours) for hours in HOURS.values()),
        weekend=days[5] + days[6],
        tags=frozenset(tag.code for tag in profile.tags if tag.code not in _CONSENTED),
        categories=_liked(profile, "category"),
        prices=_liked(profile, "price"),
        products={
            one.key.removeprefix("product:"): Product(one.strength, one.value, round(one.last.timestamp() * 1000))
            for one in profile.interests
            if one.level == "product"
        },
    )


def may_group(words: str) -> bool:
    """Whether people may be grouped by an interest in these words."""
    spelled = words.casefold()
    return not (is_unsaid(words) or is_gendered(words) or any(word in spelled for word in _AGED))


def _liked(profile: Profile, level: str) -> dict[str, Liked]:
    return {
        one.key: _of(one) for one in profile.interests if one.level == level and may_group(f"{one.key} {one.value}")
    }


def _of(one: Interest) -> Liked:
    return Liked(one.strength, one.share, one.value)
