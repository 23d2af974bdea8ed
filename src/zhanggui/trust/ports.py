"""What this room is handed from outside."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Protocol

import sqlalchemy as sa

from zhanggui.kernel.persons import KnownPerson
from zhanggui.kernel.privacy import Purpose

from .types.briefs import Brief, FactsAge, ModelHealth
from .types.fairness import FlipPerson
from .types.persons import LearnedModel
from .types.proposals import Proposal

FactsAgeNow = Callable[[], FactsAge]
"""Tells how old the shop's facts are."""

ModelHealthNow = Callable[[], ModelHealth | None]
"""Tells how the model that serves stands; None where none does."""


class PersonCounts(Protocol):
    """Integer columns of one length, a row for each person who may be counted; see `ByPerson` of the recommender."""

    @property
    def person(self) -> Any:
        """Our numbers, ascending."""

    @property
    def lists(self) -> Any:
        """Lists that they were shown."""

    @property
    def clicked(self) -> Any:
        """Of these, lists with a click on a product of theirs within a day."""

    @property
    def places(self) -> Any:
        """Places that they were shown."""

    @property
    def reduced(self) -> Any:
        """Of these, places with a product below its list price."""

    @property
    def wanted(self) -> Any:
        """Different products that they put in the cart or bought."""

    @property
    def wanted_shown(self) -> Any:
        """Of these, products that had been shown to them within the day before."""

    @property
    def uncounted(self) -> int:
        """Lists of people who may not be counted."""


class TasteSample(Protocol):
    """Tastes of people who may be counted, and what they took next, which nothing here has seen."""

    @property
    def person(self) -> Any:
        """(n,) our numbers."""

    @property
    def vectors(self) -> Any:
        """(n, d) their tastes."""

    @property
    def products(self) -> Any:
        """(m, d) what a taste is multiplied by to score a product."""

    @property
    def taken(self) -> Sequence[Any]:
        """(n,) for each the products that they took next, by row of `products`; never empty."""

    @property
    def reduced(self) -> Any:
        """(m,) whether a product is offered below its list price."""


class Tastes(Protocol):
    """Learns tastes as the recommender's latent factors have them."""

    def people(self, most: int) -> Any:
        """(n,) people who would be in a sample, ascending."""

    def sample(self, most: int, weights: Mapping[int, float]) -> TasteSample:
        """The last session of at most so many people held out; events of a person count their weight, else 1."""


class TasteRows(Protocol):
    """Tastes of profiles, and the newest thing that each person likes."""

    @property
    def person(self) -> Any:
        """(n,) our numbers, ascending."""

    @property
    def vectors(self) -> Any:
        """(n, d) their tastes as they are told."""

    @property
    def without(self) -> Any:
        """(n, d) the same made without the newest thing."""

    @property
    def products(self) -> Any:
        """(m, d) vectors of what any of them likes."""

    @property
    def taken(self) -> Sequence[Any]:
        """(n,) for each the newest thing, as one row of `products`."""

    @property
    def number(self) -> Any:
        """(n,) its product number."""

    @property
    def at_ms(self) -> Any:
        """(n,) when it was liked."""

    @property
    def texts(self) -> Mapping[str, str]:
        """Words by the merchant's id of each of these products whose words may be learned from."""

    @property
    def withheld(self) -> frozenset[str]:
        """The ids of those whose licence forbids it."""

    @property
    def names(self) -> Mapping[int, str]:
        """The merchant's id by product number."""


class PersonTastes(Protocol):
    """Reads the tastes of profiles, of those who allow to learn from them."""

    def rows(self, most: int) -> TasteRows:
        """Of at most so many people."""


class ExposureDays(Protocol):
    """What lists of the last weeks showed, as the recommender counts it: see `ExposureReport` there."""

    @property
    def days(self) -> Sequence[Any]:
        """Oldest first, each with `gini`, `entropy`, `new_sellers` and `novelty`."""

    @property
    def weeks(self) -> Sequence[Any]:
        """Oldest first, each with the `median` bubble of its people."""

    @property
    def floors(self) -> Sequence[Any]:
        """Those under the exposure of groups of goods, each with `about`, `floor`, `weeks` and `is_below`."""


Exposure = Callable[[], ExposureDays]
"""Reads it."""


class ShownCounts(Protocol):
    """What was shown to people and what they took of it."""

    def counts(self) -> PersonCounts:
        """The last 35 days."""


Answers = Callable[[int, Callable[[FlipPerson], Sequence[FlipPerson]]], Sequence[bytes]]
"""All that the shop would answer a customer: as they are, then as each of what the second argument makes of them."""


class AnswerStage(Protocol):
    """Where a shopper is answered as somebody else, and nothing of it stays."""

    def shoppers(self, people: int) -> Sequence[int]:
        """Customers who may be counted and did something lately, at most so many."""

    def opened(self) -> Answers:
        """A stage for one test; time stands still on it."""


class GroupLabels(Protocol):
    """Who belongs to which group."""

    def labels(self, purpose: Purpose) -> Mapping[str, Mapping[int, str]]:
        """Kind of group (`GroupKind`) → person → label, of those who allow the purpose."""


class BriefChannel(Protocol):
    """A way out for the brief: e-mail, a robot of a team's chat."""

    @property
    def name(self) -> str:
        """Names the channel in the record of what went out: `email`, `feishu`…"""

    def send(self, brief: Brief, proposals: tuple[Proposal, ...], key: str) -> str:
        """Send the brief; says what is to be told though it was taken, empty for nothing.

        Args:
            brief: what to say.
            proposals: those behind its decisions, in the same order.
            key: the same for each try of one day's brief.

        Raises:
            BriefNotSent: the other side did not take it.
        """


class PersonalStore(Protocol):
    """Rows about people that a room keeps in the shop's store: how a person gets them, and how they go.

    To implement it, a room writes one class (in `service/persons.py`; it needs no base class) that names each of its
    tables which says who somebody is, and is listed in `app/wiring/persons.py`. A test holds that every table with a
    column `person`, `customer` or `visitor`, or marked `info={"personal": True}`, is named by exactly one store.

    Both methods run on the caller's connection. `erase` is part of one commit with the destruction of the person's
    key: it deletes by number (`WHERE person IN numbers`), reads no file, computes no model and scans no table. What
    has to be searched for (texts, files) belongs into a `PersonalTrail`.
    """

    @property
    def name(self) -> str:
        """The heading of its part of an export: `orders`, `profiles`."""

    @property
    def tables(self) -> Collection[str]:
        """The names of the tables it answers for."""

    def export(self, db: sa.Connection, person: KnownPerson) -> Mapping[str, object]:
        """All that it holds of a person, by what it is, ready for JSON; merchants' ids, never our numbers.

        Whole and readable (PIPL art. 45, GDPR art. 15): moments as ISO 8601, identifiers opened. Empty parts may be
        left out.
        """

    def erase(self, db: sa.Connection, person: KnownPerson, receipt: str) -> Mapping[str, int]:
        """Delete, or make nobody's, every row about a person; returns how many rows of which table.

        What law wants kept stays with no person in it. `receipt` is the id that a row may carry which says so. Doing it
        again finds nothing and returns zeros.
        """


class PersonalTrail(Protocol):
    """What a person left outside of rows that carry their number: files, caches, texts that others wrote.

    `clean` is run by a job after the rows are gone, and again from its start when the process was killed, until each
    trail has ended once. It may take as long as it needs, and writes in small works.
    """

    @property
    def name(self) -> str:
        """What the receipt calls it: `archive`, `rejects`, `proposals`."""

    def clean(self, person: KnownPerson) -> int:
        """Take the person out; returns how many files or texts were changed or deleted, 0 when nothing is left.

        Raises:
            ZhangguiError: it could not end (a reader holds a file); the job tries again later.
        """


class Names(Protocol):
    """Between our numbers and what people are called."""

    def people(self, db: sa.Connection, numbers: Collection[int]) -> Mapping[int, tuple[str | None, str | None]]:
        """(customer id, visitor id) of each number, one of the two; numbers that are nobody's are left out."""

    def pictures(self, db: sa.Connection, numbers: Collection[int]) -> list[str]:
        """The pictures that these people put into what they wrote: addresses, or names in the shop's media."""

    def customer_names(self, db: sa.Connection, after: int) -> Mapping[int, str]:
        """The names of some customers beyond a number, by number; empty at the end."""


class Learned(Protocol):
    """Says which models were trained on a person's rows."""

    def models(self, db: sa.Connection, person: KnownPerson) -> Sequence[LearnedModel]:
        """Those that serve or are kept, newest first; asked before the rows go."""
