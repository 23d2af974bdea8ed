"""The tags about goods that hold of somebody now, and nothing else of their profile: for who arranges goods by them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from zhanggui.audience.engines.profile.tagging import GoodsTag, goods_tags
from zhanggui.audience.tables import corrections as correction_tables
from zhanggui.kernel.clock import to_ms
from zhanggui.kernel.privacy import Purpose

from .reading import Profiles, in_force

_WHY = Purpose.PERSONALIZATION


@dataclass(frozen=True, slots=True)
class TagReading:
    """Reads the tags that rest on what was bought and looked at, as `Profiles` would tell them."""

    profiles: Profiles

    def now(self, db: sa.Connection, persons: Sequence[int]) -> tuple[GoodsTag, ...]:
        """Of a subject with these numbers, the strongest first; what they muted or removed is left out.

        Whether a profile of them is allowed, the caller has asked.
        """
        told, now_ms = self.profiles, to_ms(self.profiles.clock())
        said = in_force(correction_tables.corrections_of(db, persons, purpose=_WHY), now_ms)
        hidden = {one.subject for one in said if one.act in {"mute", "remove"}}
        found = goods_tags(told.state(db, persons), told.goods.of(told.live.view(db)))
        return tuple([tag for tag in found if f"tag:{tag.code}" not in hidden])
