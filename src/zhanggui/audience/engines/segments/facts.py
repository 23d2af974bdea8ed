"""What a rule may ask of one customer: figures and words of their live profile, and nothing about who they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec

from zhanggui.audience.types.profiles import Profile

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
    rfm, stage = profile.rfm, profile.stage
    figures: dict[str, float | None] = {
        "orders": stage.orders,
        "spent_minor": rfm.monetary_minor,
        "last_order_days": rfm.recency_days,
        "idle_days": stage.idle_days,
        "recency": rfm.recency_score,
        "frequency": rfm.frequency_score,
        "money": rfm.monetary_score,
        **chances,
    }
    channel = profile.channels[0].name if profile.channels else ""
    return Facts(
        numbers={name: float(value) for name, value in figures.items() if value is not None},
        words={"stage": stage.code, "channel": channel, "language": profile.language or ""},
        tags=frozenset(tag.code for tag in profile.tags),
        likes={one.key: one.strength for one in profile.interests},
    )
