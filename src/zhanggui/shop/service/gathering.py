"""Items of many callers, written by one work: a single event costs little more than its share of a batch."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Generic, TypeVar

import sqlalchemy as sa

from zhanggui.kernel.db import Database

T = TypeVar("T")
A = TypeVar("A")

Committed = Callable[[], None]
WriteMany = Callable[[sa.Connection, Sequence[T]], tuple[Sequence[A], Committed]]
"""Writes items; answers one thing an item, and what to do once that is on disk."""


class Gatherer(Generic[T, A]):
    """Takes all items that wait, when the writer's turn comes, and writes them by one work.

    Args:
        db: the store.
        write: writes items. What it raises is raised to everybody whose item it was given.
        weigh: how much of `most` an item takes up.
        most: items up to this weight go into one work, so that no writer holds the store for long; one item always.
    """

    def __init__(
        self, db: Database, write: WriteMany[T, A], *, weigh: Callable[[T], int] = lambda _: 1, most: int
    ) -> None:
        self._db, self._write, self._weigh, self._most = db, write, weigh, most
        self._lock = threading.Lock()
        self._waiting: list[tuple[T, Future[A]]] = []
        self._is_scheduled = False

    def put(self, item: T) -> Future[A]:
        """Hand an item over; the future holds its answer once it is on disk."""
        future: Future[A] = Future()
        with self._lock:
            self._waiting.append((item, future))
            is_first, self._is_scheduled = not self._is_scheduled, True
        if is_first:
            self._schedule()
        return future

    def _schedule(self) -> None:
        turn = _Turn(self)
        try:
            self._db.submit(turn.work).add_done_callback(turn.end)
        except Exception as error:  # noqa: BLE001  (the store is closed: everybody who waits must hear of it)
            with self._lock:
                lost, self._waiting, self._is_scheduled = self._waiting, [], False
            for _, future in lost:
                _fail(future, error)

    def _take(self) -> list[tuple[T, Future[A]]]:
        with self._lock:
            weight, count = 0, 0
            for item, _ in self._waiting:
                weight += self._weigh(item)
                if count and weight > self._most:
                    break
                count += 1
            taken, self._waiting = self._waiting[:count], self._waiting[count:]
            is_more = self._is_scheduled = bool(self._waiting)
        if is_more:
            self._schedule()
        return taken

    def _run(self, db: sa.Connection, items: Sequence[T]) -> tuple[Sequence[A], Committed]:
        return self._write(db, items)


class _Turn(Generic[T, A]):
    """One work. On PostgreSQL it may run again after a collision, and then with the same items."""

    def __init__(self, gatherer: Gatherer[T, A]) -> None:
        self._gatherer = gatherer
        self._taken: list[tuple[T, Future[A]]] | None = None

    def work(self, db: sa.Connection) -> tuple[Sequence[A], Committed]:
        if self._taken is None:
            self._taken = self._gatherer._take()
        return self._gatherer._run(db, [item for item, _ in self._taken])

    def end(self, done: Future[tuple[Sequence[A], Committed]]) -> None:
        taken = self._gatherer._take() if self._taken is None else self._taken
        if (error := done.exception()) is not None:
            for _, future in taken:
                _fail(future, error)
            return
        answers, committed = done.result()
        committed()
        for (_, future), answer in zip(taken, answers, strict=True):
            _answer(future, answer)


def _answer(future: Future[A], answer: A) -> None:
    if future.set_running_or_notify_cancel():  # its caller may have gone away; what it sent is on disk all the same
        future.set_result(answer)


def _fail(future: Future[A], error: BaseException) -> None:
    if future.set_running_or_notify_cancel():
        future.set_exception(error)
