"""What goods cost the shop, for who weighs margins."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from zhanggui.shop.tables.discoveries import unit_costs

MOST_NAMED = 5_000


@dataclass(frozen=True, slots=True)
class UnitCosts:
    """Reads unit costs in the shop's currency."""

    currency: str

    def __call__(self, db: sa.Connection, numbers: Collection[int] | None) -> dict[int, int]:
        """Minor units by product number, of those named or of all; a product whose cost is not known is left out."""
        if numbers is None or len(numbers) > MOST_NAMED:
            return unit_costs(db, self.currency)
        return unit_costs(db, self.currency, numbers=numbers)
