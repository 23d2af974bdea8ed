"""What the recommender holds of a person: what they want less of. Its models count goods and hold nobody.

Law: PIPL art. 45 and 47.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from zhanggui.kernel.clock import from_ms
from zhanggui.kernel.persons import KnownPerson
from zhanggui.kernel.privacy import Duty
from zhanggui.recommend.ports import Names
from zhanggui.recommend.tables.preferences import preferences, preferences_of


@dataclass(frozen=True, slots=True, kw_only=True)
class PreferenceStore:
    """Preferences by person."""

    names: Names
    name: str = "preferences"
    tables: tuple[str, ...] = ("preferences",)

    def export(self, db: sa.Connection, person: KnownPerson) -> Mapping[str, object]:
        """What they asked to see less of, undone ones too."""
        held = preferences_of(db, person.numbers, purpose=Duty.RIGHTS)
        ids = self.names.products(db, {one.product for one in held})
        return {
            "less_of": [
                {"product": ids.get(one.product), "traits": list(one.chips), "strength": one.strength}
                | {"at": from_ms(one.at_ms).isoformat(), "is_undone": one.is_undone}
                for one in held
            ]
        }

    def erase(self, db: sa.Connection, person: KnownPerson, receipt: str) -> Mapping[str, int]:
        """Delete them."""
        del receipt
        return {"preferences": preferences.delete_people(db, person.numbers)}
