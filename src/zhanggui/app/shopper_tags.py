"""What the recommender asks of the audience room: the tags that hold of somebody now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from zhanggui.audience.service.profiles.tag_reading import TagReading
from zhanggui.recommend.types.tags import ShopperTag


@dataclass(frozen=True, slots=True)
class ShopperTags:
    """Tags as the recommender takes them, without evidence: that stays with the profile."""

    reading: TagReading

    def now(self, db: sa.Connection, persons: Sequence[int]) -> tuple[ShopperTag, ...]:
        """Of a subject with these numbers."""
        return tuple([ShopperTag(tag.code, tag.strength, tag.about) for tag in self.reading.now(db, persons)])
