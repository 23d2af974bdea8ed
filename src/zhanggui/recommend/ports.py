"""What this room needs from the others, as small as it can be said; app/build.py passes it in."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import sqlalchemy as sa

from zhanggui.kernel.privacy import Purpose, Reason
from zhanggui.shop import CatalogueView, Event, Subject

from .types.lists import ServedEntry
from .types.tags import ShopperTag


class Tail(Protocol):
    """Arrays of one length, newest first: what a subject did last."""

    @property
    def seq(self) -> Any:
        """(n,) order of arrival."""

    @property
    def product(self) -> Any:
        """(n,) product numbers."""

    @property
    def kind(self) -> Any:
        """(n,) numbers of `EVENT_NUMBERS`."""

    @property
    def at_ms(self) -> Any:
        """(n,) epoch milliseconds UTC."""


class LiveView(Protocol):
    """The catalogue in memory."""

    def view(self, connection: sa.Connection) -> CatalogueView:
        """The catalogue as the connection sees it, or later."""


class Behaviour(Protocol):
    """What shoppers did."""

    def tail(
        self, db: sa.Connection, persons: Sequence[int], after_seq: int = 0, limit: int = 200, *, purpose: Reason
    ) -> Tail:
        """The last events of a subject."""

    def arrivals(self, db: sa.Connection, after_seq: int, limit: int, *, purpose: Reason) -> Any:
        """(4, n) seq, product, kind, at_ms of what arrived after a number, oldest first."""

    def accept(self, events: Sequence[Event]) -> object:
        """Store events."""


class Subjects(Protocol):
    """Who is who."""

    def subject(
        self, db: sa.Connection, customer_id: str | None = None, visitor_id: str | None = None
    ) -> Subject | None:
        """Whose history an answer rests on; None for a stranger."""

    def numbers(
        self,
        db: sa.Connection,
        customer_ids: Collection[str] = (),
        visitor_ids: Collection[str] = (),
        *,
        create: bool = False,
    ) -> dict[tuple[int, str], int]:
        """Dense integers by (kind, id)."""


class ServedLog(Protocol):
    """The log of served lists; nobody waits for it."""

    def log_served(self, served: Sequence[ServedEntry]) -> None:
        """Hand lists over."""

    def shown(
        self, db: sa.Connection, persons: Sequence[int], since_ms: int, limit: int, *, purpose: Reason
    ) -> tuple[Any, Any]:
        """Product numbers that a subject was shown in its last `limit` lists, once for each time, and when."""


class ServedBatch(Protocol):
    """Served lists as arrays: whom (0 for nobody known), when, how many products, and all products end to end."""

    @property
    def person(self) -> Any:
        """(n,)"""

    @property
    def at_ms(self) -> Any:
        """(n,) epoch milliseconds UTC."""

    @property
    def length(self) -> Any:
        """(n,)"""

    @property
    def product(self) -> Any:
        """(sum of `length`,)"""


class ServedHistory(Protocol):
    """The log of served lists, for looking back."""

    def lists(self, db: sa.Connection, since_ms: int, until_ms: int, *, purpose: Reason) -> Iterator[ServedBatch]:
        """Lists that were shown from a moment until before another, oldest first."""


class ServedPlaces(Protocol):
    """The log of served lists with all that is known of them."""

    def entries(self, db: sa.Connection, since_ms: int, until_ms: int, *, purpose: Reason) -> Iterator[Sequence[Any]]:
        """Lists that were shown from a moment until before another, oldest first, as `ServedEntry` has them."""


class Record(Protocol):
    """Where acts of people are written down for good."""

    def append(
        self,
        db: sa.Connection,
        kind: str,
        payload: object,
        actor: str = "system",
        *,
        person: int | None = None,
        about: str = "",
    ) -> int:
        """Write an act down inside the caller's transaction; returns its number."""


class PastBehaviour(Protocol):
    """All behaviour that may be used for a purpose, as Arrow batches."""

    def history(self, purpose: Purpose, since: datetime | None, *, with_extra: bool = False) -> Iterator[Any]:
        """Batches with the columns seq, person, product, kind, at_ms, quantity, value_minor; and `extra`, JSON."""


class Names(Protocol):
    """The merchant's ids of our numbers, and back: the shop room's."""

    def people(self, db: sa.Connection, numbers: Collection[int]) -> dict[int, tuple[str | None, str | None]]:
        """(customer id, visitor id) of these persons; numbers that are nobody's are left out."""

    def people_numbers(self, db: sa.Connection, people: Sequence[tuple[str | None, str | None]]) -> list[int]:
        """The number of each, in their order; who is not known yet gets one."""

    def products(self, db: sa.Connection, numbers: Collection[int]) -> dict[int, str]:
        """The ids of products."""

    def product_numbers(self, db: sa.Connection, ids: Collection[str], now_ms: int) -> dict[str, int]:
        """The numbers of products; one that is not known yet gets its number now."""


class Costs(Protocol):
    """What goods cost the shop: the shop room's."""

    def __call__(self, db: sa.Connection, numbers: Collection[int] | None) -> dict[int, int]:
        """Minor units by product number, of those named or of all; a product whose cost is not known is left out."""


class Reviews(Protocol):
    """Who said what of which product: the shop room's."""

    def reviewed(self, db: sa.Connection, persons: Sequence[int]) -> Collection[int]:
        """The products that a subject has reviewed."""


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


class PersonWeights(Protocol):
    """How much each person's behaviour teaches: trust's, where groups are to teach alike."""

    def of(self, people: Sequence[int]) -> Mapping[int, float]:
        """What the events of each count; 1 for whom it does not name."""


class Reductions(Protocol):
    """What is offered below its list price: the shop room's."""

    def reduced(self, db: sa.Connection, now_ms: int) -> Any:
        """(n,) product numbers."""
