"""What this room holds of a person beside consents: words on channels and separate asks, and what they contested."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.clock import from_ms
from zhanggui.kernel.persons import KnownPerson
from zhanggui.trust.tables.consenting import channel_consents, channels_of
from zhanggui.trust.tables.contests import contests, contests_of
from zhanggui.trust.tables.separate import asks, separate_consents, separate_of
from zhanggui.trust.types.contests import HeldContest


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentingStore:
    """Channels, separate consents and contests, for access and erasure (PIPL art. 45 and 47)."""

    name: str = "consenting"
    tables: tuple[str, ...] = ("channel_consents", "contests", "separate_consents")

    def export(self, db: sa.Connection, person: KnownPerson) -> Mapping[str, object]:
        """What they said of channels and to separate asks, what they contested and what was answered."""
        return {
            "channels": [
                {"purpose": held.purpose, "channel": held.channel, "is_granted": held.granted, "notice": held.notice}
                | {"at": from_ms(held.at_ms).isoformat()}
                for held in channels_of(db, person.numbers)
            ],
            "separate_consents": _separate(db, person),
            "contests": [_without_token(held) for held in contests_of(db, person.numbers)],
        }

    def erase(self, db: sa.Connection, person: KnownPerson, receipt: str) -> Mapping[str, int]:
        """Delete all of it."""
        del receipt
        tables = (channel_consents, contests, separate_consents)
        return {table.name: table.delete_people(db, person.numbers) for table in tables}


def _without_token(held: HeldContest) -> object:
    """What they contested; the hash of a token is no word of theirs."""
    told: dict[str, object] = msgspec.to_builtins(held)
    return {name: value for name, value in told.items() if name != "token_hash"}


def _separate(db: sa.Connection, person: KnownPerson) -> list[dict[str, object]]:
    told = ("act", "receiver", "contact", "country", "data", "purpose", "method", "effect", "rights")
    asked = {(ask.name, ask.version): ask for ask in asks(db)}
    shown = []
    for held in separate_of(db, person.numbers):
        ask = asked.get((held.name, held.version))
        words = {} if ask is None else {name: msgspec.to_builtins(getattr(ask, name)) for name in told}
        said: dict[str, object] = {"name": held.name, "version": held.version, "is_granted": held.granted}
        shown.append(said | words | {"at": from_ms(held.at_ms).isoformat()})
    return shown
