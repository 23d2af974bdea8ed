"""The segments that a shop keeps, as rooms beside audience see them: names, and whom to count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from zhanggui.audience import Audience


@dataclass(frozen=True, slots=True)
class KeptSegments:
    """Reads the audience room's."""

    audience: Audience

    def members(self) -> Mapping[str, Collection[int]]:
        """By name, oldest first, who is in each now of all who allow counting; of two of one name each says its id."""
        kept, members = self.audience.segments.all(), self.audience.segments.members()
        often = Counter(one.name for one in kept)
        return {one.name if often[one.name] == 1 else f"{one.name} ({one.id})": members[one.id] for one in kept}
