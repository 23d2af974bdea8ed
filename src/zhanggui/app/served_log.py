"""Where what `recommend` showed goes into the log that `shop` keeps: the two rooms do not know each other."""

from __future__ import annotations

from dataclasses import dataclass

from zhanggui.recommend.types import ServedEntry
from zhanggui.shop.service.served_lists import ServedLists
from zhanggui.shop.types.accepting import ServedList


@dataclass(frozen=True, slots=True)
class ServedLog:
    """Hands lists over, under the shop's own type."""

    lists: ServedLists

    def log_served(self, served: ServedEntry) -> None:
        """Hand one list over, and return at once."""
        self.lists.log_served(
            ServedList(
                id=served.id,
                person=served.person,
                surface=served.surface,
                at_ms=served.at_ms,
                products=served.products,
                propensities=served.propensities,
                model=served.model,
            )
        )
