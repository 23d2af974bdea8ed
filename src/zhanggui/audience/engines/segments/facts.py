"""What a rule may ask of one customer: figures and words of their live profile, and nothing about who they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from zhanggui.audience.engines.profile.standing import Fifths, channels, rfm, stage
from zhanggui.audience.engines.profile.state import State
from zhanggui.audience.types.profiles import Profile, Rfm, Share, Stage

Shape = Literal["number", "share", "choice", "channel", "word", "tag", "interest"]
FIELDS: Mapping[str, Shape] = {
    "stage": "choice",
    "channel": "channel",
    "language": "word",
    "orders": "number",
    "spent_minor": "number",
    "last_order_days": "number",
    "idle_days": "number",
    "recency": "number",
    "frequency": "number",
    "money": "number",
    "buys_7": "share",
    "buys_30": "share",
    "lost_90": "share",
    "tag": "tag",
    "likes": "interest",
}
"""Every field that there is. A share may be written in percent, a choice is one of a closed list; a channel is what the
shop's events call it, so only what looks like a slip of a usual name is refused. There is none for sex, age, address or
any denied topic, so no rule can ask for them."""


class Facts(msgspec.Struct, frozen=True, gc=False):
    """One customer as rules see them; a figure that is not known is absent and fits no comparison."""

    numbers: Mapping[str, float]
    words: Mapping[str, str]
    tags: frozenset[str]
    likes: Mapping[str, float]


def facts_of(profile: Profile, chances: Mapping[str, float | None]) -> Facts:
    """The facts of a profile.

    Args:
        profile: as of now.
        chances: `buys_7`, `buys_30` and `lost_90` in [0, 1], None where nothing is foretold.
    """
    return Facts(
        numbers=_figures(profile.stage, profile.rfm, chances),
        words={**_words(profile.stage, profile.channels), "language": profile.language or ""},
        tags=frozenset(tag.code for tag in profile.tags),
        likes={one.key: one.strength for one in profile.interests},
    )


PORTRAYED = frozenset({"tag", "likes", "language"})
"""Fields that only a whole profile answers; all others stand in the state itself."""


def plain_facts(state: State, now_ms: int, fifths: Fifths, chances: Mapping[str, float | None]) -> Facts:
    """The same of a state, without what is `PORTRAYED`: some twenty times as fast.

    Args:
        state: of all numbers of one customer.
        now_ms: the moment.
        fifths: of the shop's customers.
        chances: as for `facts_of`.
    """
    standing = stage(state, now_ms)
    return Facts(
        numbers=_figures(standing, rfm(state, now_ms, fifths), chances),
        words=_words(standing, channels(state)),
        tags=frozenset(),
        likes={},
    )


def _figures(standing: Stage, spent: Rfm, chances: Mapping[str, float | None]) -> dict[str, float]:
    figures: dict[str, float | None] = {
        "orders": standing.orders,
        "spent_minor": spent.monetary_minor,
        "last_order_days": spent.recency_days,
        "idle_days": standing.idle_days,
        "recency": spent.recency_score,
        "frequency": spent.frequency_score,
        "money": spent.monetary_score,
        **chances,
    }
    return {name: float(value) for name, value in figures.items() if value is not None}


def _words(standing: Stage, came_by: Sequence[Share]) -> dict[str, str]:
    return {"stage": standing.code, "channel": came_by[0].name if came_by else ""}
