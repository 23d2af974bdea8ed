"""All behaviour that may be learned from, as arrays, with what each act counts for by the merchant's aims."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhanggui.kernel.privacy import Purpose
from zhanggui.kernel.steps import OnStep, between, quiet
from zhanggui.recommend.engines.interactions import Interactions, gather
from zhanggui.recommend.engines.passed_over import SeenInLists
from zhanggui.recommend.errors import NotEnoughEvents
from zhanggui.recommend.ports import PastBehaviour
from zhanggui.recommend.service.strengths import PURCHASE, SEEN_IN_LIST, strengths_of, worths_of
from zhanggui.recommend.types.aims import Objectives

from .told_contexts import contexts_of
from .workbench import Rows, SortingFolder

LEAST_EVENTS = 50
UNREAD = 16
"""Batches that are taken to be still unread: nobody knows how many there are until the last one has come."""
COLUMNS = ("person", "product", "kind", "at_ms", "seq")


def columns_of(history: PastBehaviour) -> tuple[NDArray[Any], ...]:
    """Person, product, kind, at_ms and seq, (n,) each."""
    return gather((_numbers(batch) for batch in history.history(Purpose.TRAINING, None)), len(COLUMNS))


def behaviour_of(
    history: PastBehaviour,
    size: int,
    aims: Objectives,
    until_seq: int | None = None,
    sorting: SortingFolder | None = None,
    on_step: OnStep = quiet,
) -> tuple[Interactions, int, SeenInLists]:
    """Behaviour with products below `size`, to a given event where one is named, and the newest event counted.

    Beside it what was seen in lists, which is no act. More rows than `sorting` has memory for are read again and sorted
    on disk there; without one all stands in memory. `on_step` hears of every batch.

    Raises:
        NotEnoughEvents: there is nothing to learn from yet.
    """
    reading = _Reading(history=history, size=size, aims=aims)
    rows, wanted, newest, has_context, batches = 0, 0, 0, False, 0
    parts: list[Rows] = []
    seen: list[tuple[NDArray[Any], ...]] = []
    first = between(on_step, 0, 50)
    for used, in_lists, latest in reading.parts(until_seq):
        batches += 1
        first(batches, batches + UNREAD)
        rows, wanted = rows + len(used["person"]), wanted + int((used["strength"] > 0).sum())
        newest, has_context = max(newest, latest), has_context or bool(used["context"].any())
        seen.append(in_lists)
        parts.append(used)
        if sorting is not None and rows > sorting.most_rows:
            parts.clear()
    if wanted < LEAST_EVENTS:
        raise _too_few(rows)
    names = [name for name in reading.columns if name != "context" or has_context]
    if sorting is not None and rows > sorting.most_rows:
        again = iter((between(on_step, 50, 75), between(on_step, 75, 100)))
        events = sorting.mapped(lambda: _rows(reading.parts(newest), batches, next(again)), size, names)
    else:
        events = Interactions.of(**{name: np.concatenate([part[name] for part in parts]) for name in names}, size=size)
    person, product, at_ms = gather(seen, 3)
    return events, newest, SeenInLists(person=person, product=product, at_ms=at_ms)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """Reads the history batch by batch, any number of times."""

    history: PastBehaviour
    size: int
    aims: Objectives

    @property
    def columns(self) -> tuple[str, ...]:
        """Of what is learned from."""
        weighed = () if worths_of(self.aims) is None else ("worth",)
        return ("person", "product", "at_ms", "strength", "is_purchase", *weighed, "context")

    def parts(self, until_seq: int | None) -> Iterator[tuple[Rows, tuple[NDArray[Any], ...], int]]:
        """(what is learned from, who saw which product in lists when, the newest event) of each batch."""
        strengths, worths = strengths_of(self.aims.events), worths_of(self.aims)
        for batch in self.history.history(Purpose.TRAINING, None, with_extra=True):
            person, product, kind, at_ms, seq = _numbers(batch)
            context = contexts_of(batch.column("extra"))
            known = (product > 0) & (product < self.size) & ((seq <= until_seq) if until_seq is not None else True)
            known_kind = np.clip(kind, 0, len(strengths) - 1)
            used = known & (strengths[known_kind] != 0)
            rows: Rows = {
                "person": person[used],
                "product": product[used].astype(np.int32),
                "at_ms": at_ms[used],
                "strength": strengths[known_kind[used]],
                "is_purchase": kind[used] == PURCHASE,
                "context": context[used],
            }
            if worths is not None:
                rows["worth"] = worths[known_kind[used]]
            in_lists = known & (kind == SEEN_IN_LIST)
            latest = seq if until_seq is None else seq[seq <= until_seq]
            yield rows, (person[in_lists], product[in_lists], at_ms[in_lists]), int(latest.max(initial=0))


def _rows(parts: Iterator[tuple[Rows, Any, int]], batches: int, on_step: OnStep) -> Iterator[Rows]:
    """What is learned from, read again: so many batches."""
    for done, (used, _, _) in enumerate(parts):
        on_step(done + 1, batches)
        yield used


def _too_few(rows: int) -> NotEnoughEvents:
    return NotEnoughEvents(
        f"{rows} events with products; training needs {LEAST_EVENTS}.",
        hint="Until then the shop recommends by content and by what is wanted now.",
    )


def _numbers(batch: Any) -> tuple[NDArray[Any], ...]:
    return tuple(batch.column(name).to_numpy(zero_copy_only=False).astype(np.int64) for name in COLUMNS)
