"""All behaviour that may be learned from, as arrays, with what each act counts for by the merchant's aims."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhanggui.kernel.privacy import Purpose
from zhanggui.recommend.engines.interactions import Interactions, gather
from zhanggui.recommend.engines.passed_over import SeenInLists
from zhanggui.recommend.errors import NotEnoughEvents
from zhanggui.recommend.ports import PastBehaviour
from zhanggui.recommend.service.strengths import PURCHASE, SEEN_IN_LIST, strengths_of, worths_of
from zhanggui.recommend.types.aims import Objectives

from .told_contexts import contexts_of

LEAST_EVENTS = 50
COLUMNS = ("person", "product", "kind", "at_ms", "seq")


def columns_of(history: PastBehaviour) -> tuple[NDArray[Any], ...]:
    """Person, product, kind, at_ms and seq, (n,) each."""
    columns = (
        tuple(batch.column(name).to_numpy(zero_copy_only=False).astype(np.int64) for name in COLUMNS)
        for batch in history.history(Purpose.TRAINING, None)
    )
    return gather(columns, len(COLUMNS))


def _with_contexts(history: PastBehaviour) -> tuple[NDArray[Any], ...]:
    """`columns_of`, and where each event came about."""
    columns = (
        (
            *(batch.column(name).to_numpy(zero_copy_only=False).astype(np.int64) for name in COLUMNS),
            contexts_of(batch.column("extra")).astype(np.int64),
        )
        for batch in history.history(Purpose.TRAINING, None, with_extra=True)
    )
    return gather(columns, len(COLUMNS) + 1)


def behaviour_of(
    history: PastBehaviour, size: int, aims: Objectives, until_seq: int | None = None
) -> tuple[Interactions, int, SeenInLists]:
    """Behaviour with products below `size`, to a given event where one is named, and the newest event counted.

    Beside it what was seen in lists, which is no act.

    Raises:
        NotEnoughEvents: there is nothing to learn from yet.
    """
    columns = _with_contexts(history)
    if until_seq is not None:
        kept = columns[4] <= until_seq
        columns = tuple(column[kept] for column in columns)
    person, product, kind, at_ms, seq, context = columns
    strengths, worths = strengths_of(aims.events), worths_of(aims)
    strength = strengths[np.clip(kind, 0, len(strengths) - 1)]
    used = (product > 0) & (product < size) & (strength != 0)
    if int((strength[used] > 0).sum()) < LEAST_EVENTS:
        raise NotEnoughEvents(
            f"{int(used.sum())} events with products; training needs {LEAST_EVENTS}.",
            hint="Until then the shop recommends by content and by what is wanted now.",
        )
    events = Interactions.of(
        person=person[used],
        product=product[used],
        at_ms=at_ms[used],
        strength=strength[used],
        is_purchase=kind[used] == PURCHASE,
        size=size,
        worth=None if worths is None else worths[np.clip(kind[used], 0, len(worths) - 1)],
        context=context[used] if context.any() else None,
    )
    is_seen = (kind == SEEN_IN_LIST) & (product > 0) & (product < size)
    seen = SeenInLists(person=person[is_seen], product=product[is_seen], at_ms=at_ms[is_seen])
    return events, int(seq.max()), seen
