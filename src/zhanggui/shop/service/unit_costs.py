"""What goods cost the shop, for who weighs margins."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from zhanggui.shop.tables.discoveries import unit_costs


@dataclass(frozen=True, slots=True)
class UnitCosts:
    """Reads unit costs in the shop's currency."""

    currency: str

    def __call__(self, db: sa.Connection) -> dict[int, int]:
        """Minor units by product number; a product whose cost is not known is left out."""
        return unit_costs(db, self.currency)
