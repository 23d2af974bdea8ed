"""A shop wired a second time, over a store in which one may change anything: nothing of it stays."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

import msgspec
import numpy as np
import sqlalchemy as sa

from zhanggui.kernel.clock import Clock
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Purpose
from zhanggui.recommend.service.models.by_person import ByPerson
from zhanggui.recommend.service.surfaces import BUY_AGAIN, CART, HOME
from zhanggui.shop.service.naming import Naming
from zhanggui.shop.tables.person_groups import Traits, put_traits, traits_of
from zhanggui.trust.ports import Answers
from zhanggui.trust.types.fairness import FlipPerson

from .rooms import Rooms

T = TypeVar("T")
SURFACES = (HOME, CART, BUY_AGAIN)
PLACES = 20
Wire = Callable[[Database, Clock], Rooms]


class _Undone(Exception):
    """Takes the answer out of a work that is to leave nothing."""


class Rehearsal:
    """A store as others see it, but for whoever is inside `attempt`: they see their own changes, which are undone.

    Args:
        real: the store.
    """

    def __init__(self, real: Database) -> None:
        self._real = real
        self._inside: sa.Connection | None = None

    @property
    def dialect(self) -> Literal["sqlite", "postgresql"]:
        """Which SQL is spoken."""
        return self._real.dialect

    def attempt(self, work: Callable[[sa.Connection], T]) -> T:
        """Run a short work on the one connection that may write, and undo it.

        All that reads this store within the work sees what it changed. Other writers wait for it.
        """
        found: list[T] = []

        def within(db: sa.Connection) -> None:
            self._inside = db
            try:
                found[:] = [work(db)]
            finally:
                self._inside = None
            raise _Undone

        with suppress(_Undone):
            self._real.write(within)
        return found[0]

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A connection that sees what was changed inside."""
        if self._inside is not None:
            yield self._inside
            return
        with self._real.read() as db:
            yield db

    def peek(self, select: str) -> tuple[Any, ...] | None:
        """The first row of a SELECT without parameters."""
        if self._inside is None:
            return self._real.peek(select)
        row = self._inside.exec_driver_sql(select).fetchone()
        return None if row is None else tuple(row)

    def write(self, work: Callable[[sa.Connection], T]) -> T:
        """Run a work inside, to be undone with the rest.

        Raises:
            RuntimeError: nobody is inside.
        """
        if self._inside is None:
            raise RuntimeError("A rehearsal writes nothing outside of an attempt.")
        return work(self._inside)

    def submit(self, work: Callable[[sa.Connection], T]) -> Future[T]:
        """The same, as a future that is done."""
        done: Future[T] = Future()
        done.set_result(self.write(work))
        return done

    def scrub(self) -> None:
        """Nothing was written."""

    def close(self) -> None:
        """The store is another's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlippedAnswers:
    """Answers customers as somebody else: `AnswerStage` of trust.

    Args:
        db: the shop's store.
        clock: gives the present moment; it stands still while a test runs.
        counts: who may be counted and did something lately.
        wire: puts a shop together over a store.
    """

    db: Database
    clock: Clock
    counts: ByPerson
    wire: Wire

    def shoppers(self, people: int) -> Sequence[int]:
        """Customers from all over those who may be counted, the same for the same facts."""
        persons = self.counts.counts().person.tolist()
        with self.db.read() as db:
            found = [one for one in persons if traits_of(db, one, Purpose.ANALYTICS) is not None]
        chosen = np.unique(np.linspace(0, len(found) - 1, min(people, len(found))).round().astype(int))
        return [found[place] for place in chosen.tolist()]

    def opened(self) -> Answers:
        """A stage, warm: an attempt holds other writers up, so it may not wait for a model."""
        rehearsal, now = Rehearsal(self.db), self.clock()
        rooms = self.wire(rehearsal, lambda: now)
        rooms.recommend.warm()

        def answers(person: int, turn: Callable[[FlipPerson], Sequence[FlipPerson]]) -> Sequence[bytes]:
            return rehearsal.attempt(lambda db: _answered(rooms, db, person, turn))

        return answers


def _answered(
    rooms: Rooms, db: sa.Connection, person: int, turn: Callable[[FlipPerson], Sequence[FlipPerson]]
) -> list[bytes]:
    customer_id, _ = Naming().people(db, [person])[person]
    found, traits = [_answer(rooms, customer_id)], traits_of(db, person, Purpose.ANALYTICS)
    for other in turn(msgspec.convert(traits, FlipPerson, from_attributes=True)):
        put_traits(db, person, msgspec.convert(other, Traits, from_attributes=True))
        found.append(_answer(rooms, customer_id))
    return found


def _answer(rooms: Rooms, customer_id: str | None) -> bytes:
    """All lists of a customer to the byte, reasons, words and evidence included."""
    shown = [rooms.recommend.preview(customer_id=customer_id, k=PLACES, surface=surface) for surface in SURFACES]
    return msgspec.json.encode(shown)
