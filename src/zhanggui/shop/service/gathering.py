"""Items of many callers, written by one work: a single event costs little more than its share of a batch."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from typing import Generic, TypeVar

import sqlalchemy as sa

from zhanggui.kernel.db import Database

T = TypeVar("T")
A = TypeVar("A")

AnyFuture = Future[A] | asyncio.Future[A]
LINGER_S = 0.003
"""A commit costs as much as writing some twenty events: where several came together last time, more are waited for."""

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

    Where callers come one at a time nobody waits. Where the last work had several light items, the next one starts
    `LINGER_S` after its first item.
    """

    def __init__(
        self, db: Database, write: WriteMany[T, A], *, weigh: Callable[[T], int] = lambda _: 1, most: int
    ) -> None:
        self._db, self._write, self._weigh, self._most = db, write, weigh, most
        self._lock = threading.Lock()
        self._waiting: list[tuple[T, AnyFuture[A]]] = []
        self._is_scheduled = False
        self._is_lingering = False
        self._is_crowded = False  # the last work had several items

    def put(self, item: T) -> Future[A]:
        """Hand an item over; the future holds its answer once it is on disk."""
        future: Future[A] = Future()
        self._add(item, future, None)
        return future

    def put_async(self, item: T) -> asyncio.Future[A]:
        """Like `put`, for the running event loop: all who wait on it are woken by one call."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[A] = loop.create_future()
        self._add(item, future, loop if self._weigh(item) == 1 else None)
        return future

    def _add(self, item: T, future: AnyFuture[A], loop: asyncio.AbstractEventLoop | None) -> None:
        with self._lock:
            self._waiting.append((item, future))
            is_idle, self._is_scheduled = not self._is_scheduled, True
            may_linger = is_idle and loop is not None and self._is_crowded
            is_due = not may_linger and (is_idle or (loop is None and self._is_lingering))
            self._is_lingering = may_linger or (self._is_lingering and not is_due)
        if is_due:
            self._schedule()
        elif may_linger and loop is not None:
            loop.call_later(LINGER_S, self._linger_no_more)

    def _linger_no_more(self) -> None:
        with self._lock:
            is_due, self._is_lingering = self._is_lingering, False
        if is_due:
            self._schedule()

    def _schedule(self) -> None:
        turn = _Turn(self._take, self._write)
        try:
            self._db.submit(turn.work).add_done_callback(turn.end)
        except Exception as error:  # noqa: BLE001  (the store is closed: everybody who waits must hear of it)
            with self._lock:
                lost, self._waiting, self._is_scheduled = self._waiting, [], False
            _fail([future for _, future in lost], error)

    def _take(self) -> list[tuple[T, AnyFuture[A]]]:
        with self._lock:
            weight, count = 0, 0
            for item, _ in self._waiting:
                weight += self._weigh(item)
                if count and weight > self._most:
                    break
                count += 1
            self._is_crowded = count > 1
            taken, self._waiting = self._waiting[:count], self._waiting[count:]
            is_more = self._is_scheduled = bool(self._waiting)
        if is_more:
            self._schedule()
        return taken


class _Turn(Generic[T, A]):
    """One work. On PostgreSQL it may run again after a collision, and then with the same items."""

    def __init__(self, take: Callable[[], list[tuple[T, AnyFuture[A]]]], write: WriteMany[T, A]) -> None:
        self._take, self._write = take, write
        self._taken: list[tuple[T, AnyFuture[A]]] | None = None

    def work(self, db: sa.Connection) -> tuple[Sequence[A], Committed]:
        if self._taken is None:
            self._taken = self._take()
        return self._write(db, [item for item, _ in self._taken])

    def end(self, done: Future[tuple[Sequence[A], Committed]]) -> None:
        taken = self._take() if self._taken is None else self._taken
        futures = [future for _, future in taken]
        if (error := done.exception()) is not None:
            _fail(futures, error)
            return
        answers, committed = done.result()
        committed()
        _settle([(future, partial(_give, future, answer)) for future, answer in zip(futures, answers, strict=True)])


def _give(future: AnyFuture[A], answer: A) -> None:
    if _is_wanted(future):
        future.set_result(answer)


def _refuse(future: AnyFuture[A], error: BaseException) -> None:
    if _is_wanted(future):
        future.set_exception(error)


def _is_wanted(future: AnyFuture[A]) -> bool:
    """Whether somebody still waits; if its caller has gone away, what it sent is on disk all the same."""
    return future.set_running_or_notify_cancel() if isinstance(future, Future) else not future.done()


def _fail(futures: Sequence[AnyFuture[A]], error: BaseException) -> None:
    _settle([(future, partial(_refuse, future, error)) for future in futures])


def _settle(pairs: Sequence[tuple[AnyFuture[A], Callable[[], None]]]) -> None:
    by_loop: dict[asyncio.AbstractEventLoop, list[Callable[[], None]]] = {}
    for future, settle in pairs:
        if isinstance(future, Future):
            settle()
        else:
            by_loop.setdefault(future.get_loop(), []).append(settle)
    for loop, settles in by_loop.items():
        with suppress(RuntimeError):  # the loop is closed: nobody waits there any more
            loop.call_soon_threadsafe(_call_all, settles)


def _call_all(settles: Sequence[Callable[[], None]]) -> None:
    for settle in settles:
        settle()
