"""What this room holds of a person: the profile that grew from what they did, and what they said of it.

Law: PIPL art. 45 and 47.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
import sqlalchemy as sa

from zhanggui.audience.engines.profile.state import State
from zhanggui.audience.tables import corrections as correction_tables
from zhanggui.audience.tables import profiles as profile_tables
from zhanggui.kernel.clock import from_ms
from zhanggui.kernel.persons import KnownPerson
from zhanggui.kernel.privacy import Duty


@dataclass(frozen=True, slots=True)
class AudienceStore:
    """Profiles by number. The page about oneself shows the same in words; here it is as it is kept."""

    name: str = "profile"
    tables: tuple[str, ...] = ("audience_profiles", "audience_starts", "audience_corrections")

    def export(self, db: sa.Connection, person: KnownPerson) -> Mapping[str, object]:
        """What was counted of them, and what they muted, corrected, paused or had forgotten."""
        states = profile_tables.states_of(db, person.numbers, purpose=Duty.RIGHTS)
        said = correction_tables.corrections_of(db, person.numbers, purpose=Duty.RIGHTS)
        return {
            "counted": [_named(msgspec.msgpack.decode(state, type=State)) for state in states.values()],
            "said": [
                {"act": one.act, "about": one.subject, "value": one.value, "at": from_ms(one.at_ms).isoformat()}
                | {"is_undone": one.undone_ms is not None}
                for one in said
            ],
        }

    def erase(self, db: sa.Connection, person: KnownPerson, receipt: str) -> Mapping[str, int]:
        """Delete all of it."""
        del receipt
        numbers = person.numbers
        return {
            "audience_profiles": profile_tables.drop_profiles(db, numbers),
            "audience_starts": db.execute(profile_tables.starts.delete(lambda c: c.person.in_(numbers))).rowcount,
            "audience_corrections": correction_tables.drop_corrections(db, numbers),
        }


def _named(value: object) -> object:
    """What is kept as bare arrays, with the names of its fields."""
    if isinstance(value, msgspec.Struct):
        return {name: _named(getattr(value, name)) for name in value.__struct_fields__}
    if isinstance(value, list | tuple):
        return [_named(one) for one in value]
    return msgspec.to_builtins(value, str_keys=True)
