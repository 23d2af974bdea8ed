"""What this room holds of a person: their stored profile, from where on it counts, what they said of it, and plans.

Law: PIPL art. 45 (access and copies), art. 47 (erasure); not read here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
import sqlalchemy as sa

from zhanggui.audience.engines.profile.state import unpack
from zhanggui.audience.errors import AudienceError
from zhanggui.audience.ports import ProductNames
from zhanggui.audience.tables import corrections as correction_tables
from zhanggui.audience.tables import plans as plan_tables
from zhanggui.audience.tables import predictions as prediction_tables
from zhanggui.audience.tables import profiles as tables
from zhanggui.audience.tables.predictions import StoredForetold
from zhanggui.kernel.clock import from_ms
from zhanggui.kernel.persons import KnownPerson
from zhanggui.kernel.privacy import Duty
from zhanggui.shop import EVENT_NUMBERS

from .concluding import Concluding
from .profiles.reading import corrected


@dataclass(frozen=True, slots=True, kw_only=True)
class AudienceStore:
    """Profiles by person; implements trust's `PersonalStore`. `concluding` tells what their own page tells them."""

    names: ProductNames
    concluding: Concluding
    name: str = "profile"
    tables: tuple[str, ...] = (
        "audience_profiles", "audience_starts", "audience_corrections", "audience_foretold", "audience_plan_people",
    )  # fmt: skip

    def export(self, db: sa.Connection, person: KnownPerson) -> Mapping[str, object]:
        """The counts that stand, with products by the shop's ids, what was foretold, is concluded and was said."""
        packed = tables.states_of(db, person.numbers, purpose=Duty.RIGHTS)
        foretold = prediction_tables.foretold_of(db, person.numbers, purpose=Duty.RIGHTS)
        said = correction_tables.corrections_of(db, person.numbers, purpose=Duty.RIGHTS)
        plans = plan_tables.memberships(db, person.numbers, purpose=Duty.RIGHTS)
        return {
            "counted": [self._counted(db, packed[number]) for number in person.numbers if number in packed],
            "corrections": [
                msgspec.to_builtins(corrected(one)) | {"is_undone": one.undone_ms is not None} for one in said
            ],
            "foretold": [_foretold(one) for one in foretold.values()],
            "conclusions": self._concluded(person),
            "plans": [{"at": _moment(one.at_ms), "was_written_to": one.arm == "reached"} for one in plans],
        }

    def erase(self, db: sa.Connection, person: KnownPerson, receipt: str) -> Mapping[str, int]:
        """Delete them all."""
        del receipt
        return {
            "audience_profiles": tables.drop_profiles(db, person.numbers),
            "audience_starts": tables.drop_starts(db, person.numbers),
            "audience_corrections": correction_tables.corrections.delete_people(db, person.numbers),
            "audience_foretold": prediction_tables.foretold.delete_people(db, person.numbers),
            "audience_plan_people": plan_tables.people.delete_people(db, person.numbers),
        }

    def _concluded(self, person: KnownPerson) -> list[Mapping[str, object]]:
        """What their own page tells them, in words; nothing of whoever refuses it or pauses."""
        if person.customer_id is None:
            return []
        try:
            told = self.concluding.of(person.customer_id)
        except AudienceError:
            return []
        return [
            {"text": one.text, "why": list(one.why), "products": list(one.products)}
            | {"since": None if one.since is None else one.since.isoformat(), "at": told.at.isoformat()}
            for one in told.items
        ]

    def _counted(self, db: sa.Connection, packed: bytes) -> Mapping[str, object]:
        state = unpack(packed)
        numbers = {thing.product for thing in state.things} | {n for mark in state.marks for n in mark.products}
        ids = self.names.products(db, numbers)
        return {
            "acts": {
                name.value: state.counts[number] for name, number in EVENT_NUMBERS.items() if state.counts[number]
            },
            "first_seen": _moment(state.first_ms),
            "last_seen": _moment(state.last_ms),
            "orders": state.orders,
            "spent_minor": state.spent_minor,
            "hours": [round(weight, 3) for weight in state.hours],
            "weekdays": [round(weight, 3) for weight in state.weekdays],
            "products": [
                {"product": ids.get(one.product), "views": one.views, "carts": one.carts, "bought": one.units}
                | {"looked_ms": one.dwell_ms, "dismissed": one.dismissed, "last": _moment(one.last_ms)}
                for one in state.things
            ],
            "remembered_orders": [
                {"at": _moment(mark.at_ms), "value_minor": mark.value_minor, "units": mark.units}
                | {"products": [ids.get(number) for number in mark.products]}
                for mark in state.marks
            ],
            "searches": [{"words": one.words, "count": one.count} for one in state.searches],
            "channels": sorted(state.channels),
        }


def _moment(at_ms: int) -> str | None:
    return from_ms(at_ms).isoformat() if at_ms else None


def _foretold(row: StoredForetold) -> Mapping[str, object]:
    told = {name: value for name, value in msgspec.to_builtins(row).items() if name not in {"person", "at_ms"}}
    return told | {"at": from_ms(row.at_ms).isoformat()}
