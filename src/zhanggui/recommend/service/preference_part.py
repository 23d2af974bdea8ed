"""What shoppers want less of, as a part of a shop's export: see `ExportPart` of the shop room."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.changes import announce
from zhanggui.kernel.clock import from_ms, to_ms
from zhanggui.kernel.privacy import Purpose
from zhanggui.recommend.ports import Names
from zhanggui.recommend.tables import preferences as preference_tables
from zhanggui.recommend.tables.preferences import StoredPreference
from zhanggui.shop import PutReport

PAGE = 1_000


class PreferenceRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One "show me less". Undone ones are kept, for their dismissals stand in the history."""

    id: str
    at: datetime
    customer_id: str | None = None
    visitor_id: str | None = None
    product_id: str  # empty for a wish about traits alone
    chips: tuple[str, ...] = ()
    strength: float
    is_undone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferencePart:
    """What shoppers want less of."""

    names: Names

    name = "preferences"
    holds = PreferenceRow

    def rows(self, db: sa.Connection) -> Iterator[list[PreferenceRow]]:
        """All preferences, oldest first."""
        after = ""
        while page := preference_tables.preferences_page(db, after=after, limit=PAGE, purpose=Purpose.SERVICE):
            after = page[-1].id
            people = self.names.people(db, {one.person for one in page})
            products = self.names.products(db, {one.product for one in page})
            yield [_row(one, people[one.person], products.get(one.product, "")) for one in page if one.person in people]

    def restore(self, db: sa.Connection, rows: Sequence[PreferenceRow], now_ms: int) -> PutReport:
        """Add the preferences that are not there; one that is there stays as its shopper left it."""
        there = preference_tables.known_preferences(db, [row.id for row in rows])
        new = [row for row in rows if row.id not in there]
        people = self.names.people_numbers(db, [(row.customer_id, row.visitor_id) for row in new])
        products = self.names.product_numbers(db, [row.product_id for row in new if row.product_id], now_ms)
        for row, person in zip(new, people, strict=True):
            preference_tables.add_preference(db, _stored(row, person, products.get(row.product_id, 0)))
        announce(db, "preference", (row.id for row in new))
        return PutReport(len(new), 0, len(rows) - len(new))


def _row(stored: StoredPreference, person: tuple[str | None, str | None], product_id: str) -> PreferenceRow:
    customer_id, visitor_id = person
    return PreferenceRow(
        id=stored.id,
        at=from_ms(stored.at_ms),
        customer_id=customer_id,
        visitor_id=visitor_id,
        product_id=product_id,
        chips=stored.chips,
        strength=stored.strength,
        is_undone=stored.is_undone,
    )


def _stored(row: PreferenceRow, person: int, product: int) -> StoredPreference:
    return StoredPreference(row.id, person, product, row.chips, row.strength, to_ms(row.at), is_undone=row.is_undone)
