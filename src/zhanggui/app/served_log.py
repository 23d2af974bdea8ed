"""Where what `recommend` showed goes into the log that `shop` keeps: the two rooms do not know each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from zhanggui.kernel.privacy import Reason
from zhanggui.recommend.types.lists import ServedEntry
from zhanggui.shop.service.served_lists import ServedLists
from zhanggui.shop.types.accepting import ServedList


@dataclass(frozen=True, slots=True)
class ServedLog:
    """Hands lists over, under the shop's own type."""

    lists: ServedLists

    def log_served(self, served: Sequence[ServedEntry]) -> None:
        """Hand lists over, and return at once."""
        self.lists.log_served(
            [
                ServedList(
                    id=one.id,
                    person=one.person,
                    surface=one.surface,
                    at_ms=one.at_ms,
                    products=one.products,
                    propensities=one.propensities,
                    model=one.model,
                )
                for one in served
            ]
        )

    def shown(
        self, db: sa.Connection, persons: Sequence[int], since_ms: int, limit: int, *, purpose: Reason
    ) -> tuple[Any, Any]:
        """What persons were shown lately."""
        return self.lists.shown(db, persons, since_ms, limit, purpose=purpose)
