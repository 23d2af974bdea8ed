"""What this room needs from the others, as small as it can be said; app/build.py passes it in."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

import sqlalchemy as sa

from zhanggui.kernel.privacy import Purpose, Reason
from zhanggui.recommend.types.lists import ServedEntry
from zhanggui.recommend.types.vectors import SpaceOfVectors, VectorRows
from zhanggui.shop import CatalogueView, Event, Subject

from .known import UNKNOWN, Budgets, Known, NoBudgets, NoProfiles, NoTags, PastProfiles, Profiles, Tags

__all__ = [
    "UNKNOWN",
    "Behaviour",
    "Budgets",
    "Costs",
    "ItemVectors",
    "Known",
    "LiveView",
    "Names",
    "NoBudgets",
    "NoProfiles",
    "NoSegments",
    "NoTags",
    "PastBehaviour",
    "PastProfiles",
    "PersonWeights",
    "Profiles",
    "Record",
    "Reductions",
    "Reviews",
    "Segments",
    "ServedBatch",
    "ServedHistory",
    "ServedLog",
    "ServedPlaces",
    "Subjects",
    "Tags",
    "Tail",
]


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


class PersonWeights(Protocol):
    """How much each person's behaviour teaches: trust's, where groups are to teach alike."""

    def of(self, people: Sequence[int]) -> Mapping[int, float]:
        """What the events of each count; 1 for whom it does not name."""


class ItemVectors(Protocol):
    """Vectors of products' words and pictures: those that a merchant handed in, or that another room makes."""

    def spaces(self, db: sa.Connection) -> Sequence[SpaceOfVectors]:
        """The spaces that hold some, each by another name."""

    def rows(self, db: sa.Connection, space: str, products: Collection[int] | None = None) -> VectorRows:
        """The vectors of these products that have one, or of all. A change is announced as `vector` of the product."""


class Reductions(Protocol):
    """What is offered below its list price: the shop room's."""

    def reduced(self, db: sa.Connection, now_ms: int) -> Any:
        """(n,) product numbers."""


class Segments(Protocol):
    """The groups of shoppers that the shop keeps: the audience room's."""

    def members(self) -> Mapping[str, Collection[int]]:
        """By name, who is in each at this moment, of all who allow counting; to be counted, never told."""


class NoSegments:
    """The shop keeps none."""

    def members(self) -> Mapping[str, Collection[int]]:
        """None."""
        return {}
