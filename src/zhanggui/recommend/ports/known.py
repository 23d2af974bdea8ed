"""What other rooms know of shoppers, and what shoppers asked for themselves."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import sqlalchemy as sa

from zhanggui.recommend.types.tags import ShopperTag


class PastProfiles(Protocol):
    """What was foreseen of shoppers at moments of the past; may be used for training."""

    def then(self, person: int, at_ms: int) -> Sequence[float]:
        """(3,) as they stood at a moment, from nothing that came at or after it."""


class Profiles(Protocol):
    """What is foreseen of shoppers from their behaviour alone: the audience room's.

    Three numbers each: the logarithm of 1 + the minor units that they may spend in the next 90 days, the chance that
    they still buy, and where in the shop's prices they buy, in [0, 1]. 0 where it is not known, or not allowed for
    personalization. Never a gender, an age, a region or a group that somebody was put into: what rules forbid to tell
    apart must not come in by this door.
    """

    def now(self, db: sa.Connection, person: int) -> Sequence[float]:
        """(3,) of a person as they stand; one look-up, for every answer asks."""

    def past(self) -> PastProfiles:
        """All that may be learned from as it is now: a training asks once."""


class NoProfiles:
    """Nothing is foreseen of anybody."""

    def now(self, db: sa.Connection, person: int) -> Sequence[float]:
        """Nothing."""
        del db, person
        return ()

    def past(self) -> NoProfiles:
        """Nothing."""
        return self

    def then(self, person: int, at_ms: int) -> Sequence[float]:
        """Nothing."""
        del person, at_ms
        return ()


class Tags(Protocol):
    """How shoppers shop, in readable tags: the audience room's.

    Only tags that hold now, and that the shopper neither muted nor removed. Who may be asked about, the caller has
    asked the gate.
    """

    def now(self, db: sa.Connection, persons: Sequence[int]) -> Sequence[ShopperTag]:
        """Of a subject with these numbers, from everything that the connection sees."""


class NoTags:
    """Nothing is said of anybody."""

    def now(self, db: sa.Connection, persons: Sequence[int]) -> Sequence[ShopperTag]:
        """Nothing."""
        del db, persons
        return ()


class Budgets(Protocol):
    """What shoppers mean to spend here in a month, as they said themselves. It binds lists, whoever allows what."""

    def persons(self, db: sa.Connection) -> Collection[int]:
        """The numbers of whoever set a budget."""

    def left(self, db: sa.Connection, persons: Sequence[int], now_ms: int) -> int | None:
        """Minor units left this month to a subject with these numbers, at least 0; None where they set none."""


class NoBudgets:
    """Nobody set one."""

    def persons(self, db: sa.Connection) -> Collection[int]:
        """Nobody."""
        del db
        return ()

    def left(self, db: sa.Connection, persons: Sequence[int], now_ms: int) -> None:
        """None."""
        del db, persons, now_ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What other rooms know of shoppers: for whoever allows it, and what they asked for themselves."""

    profiles: Profiles = field(default_factory=NoProfiles)
    tags: Tags = field(default_factory=NoTags)
    budgets: Budgets = field(default_factory=NoBudgets)


UNKNOWN = Known()
"""Nothing is known beyond what somebody did."""
