"""Between our numbers and the merchant's ids: for the rows that other rooms add to an export."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from zhanggui.shop.tables.people import CUSTOMER, VISITOR, person_numbers, persons_by_number
from zhanggui.shop.tables.products import product_ids, reserve_product_numbers

WhoIs = tuple[str | None, str | None]
"""(customer id, visitor id), one of the two."""


class Naming:
    """Finds ids, and numbers for ids that another shop gave."""

    def people(self, db: sa.Connection, numbers: Collection[int]) -> dict[int, WhoIs]:
        """Who these persons are; numbers that are nobody's are left out."""
        found = persons_by_number(db, numbers)
        return {n: (id_, None) if kind == CUSTOMER else (None, id_) for n, (kind, id_) in found.items()}

    def people_numbers(self, db: sa.Connection, people: Sequence[WhoIs]) -> list[int]:
        """The number of each, in their order; who is not known yet gets one."""
        customers = person_numbers(db, CUSTOMER, {one[0] for one in people if one[0]}, create=True)
        visitors = person_numbers(db, VISITOR, {one[1] for one in people if one[1]}, create=True)
        return [customers[one[0]] if one[0] else visitors[one[1] or ""] for one in people]

    def products(self, db: sa.Connection, numbers: Collection[int]) -> dict[int, str]:
        """The ids of products."""
        return product_ids(db, numbers)

    def product_numbers(self, db: sa.Connection, ids: Collection[str], now_ms: int) -> dict[str, int]:
        """The numbers of products; one that is not known yet gets its number now."""
        return reserve_product_numbers(db, ids, now_ms)
