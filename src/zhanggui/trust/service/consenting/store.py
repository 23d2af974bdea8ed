"""What this room holds of a person beside consents: their words on channels, and what they contested."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.clock import from_ms
from zhanggui.kernel.persons import KnownPerson
from zhanggui.trust.tables.consenting import channel_consents, channels_of
from zhanggui.trust.tables.contests import contests, contests_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentingStore:
    """Channels and contests, for access and erasure (PIPL art. 45 and 47)."""

    name: str = "consenting"
    tables: tuple[str, ...] = ("channel_consents", "contests")

    def export(self, db: sa.Connection, person: KnownPerson) -> Mapping[str, object]:
        """What they said of channels, what they contested and what was answered."""
        return {
            "channels": [
                {"purpose": held.purpose, "channel": held.channel, "is_granted": held.granted, "notice": held.notice}
                | {"at": from_ms(held.at_ms).isoformat()}
                for held in channels_of(db, person.numbers)
            ],
            "contests": [msgspec.to_builtins(held) for held in contests_of(db, person.numbers)],
        }

    def erase(self, db: sa.Connection, person: KnownPerson, receipt: str) -> Mapping[str, int]:
        """Delete both."""
        del receipt
        tables = (channel_consents, contests)
        return {table.name: table.delete_people(db, person.numbers) for table in tables}
