"""Item-to-item co-visitation: what goes with a product, and what comes after it.

Each source product is one row: the events near its own in every person's sequence are weighted, summed in a
scratch row, normalised and cut to the k strongest, in one pass. Pairs are never stored, so memory is that of
the events, one number a row to group them by product, and size × k, however long the sequences are. The columns
of events may be memory-mapped.

Source: Linden, Smith and York, "Amazon.com Recommendations: Item-to-Item Collaborative Filtering",
IEEE Internet Computing 2003, doi:10.1109/MIC.2003.1167344; time and distance weights are ours.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhanggui.kernel.clock import DAY_MS

from .interactions import Floats, Interactions

FURTHEST = 1024
"""Steps apart beyond which a pair weighs no less."""
BLOCKS = 64
"""Runs of source products that a count is cut into: what threads take turns at, and what progress is told by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CovisitationConfig:
    """How pairs of events are weighted.

    Attributes:
        neighbours: kept per product, in [1, 1000].
        same: weight of two products at one step.
        after: weight of a target at a later step than its source.
        before: weight of a target at an earlier step.
        distance: steps after which `after` and `before` fall to 1/e.
        by_moment: whether a step is another time stamp of a person, else another session; moments tell the order
            within a session, and say nothing about a basket whose lines bear one time.
        half_life_days: a pair this much older than the newest event counts half; 0 for no decay.
        source_power: the row is divided by (source mass)^source_power.
        target_power: and each entry by (target mass)^target_power; 0.5 and 0.5 is the cosine.
        shrink: added to both masses, so that one lucky pair does not lead a row.
        crowd_power: a person with n events says 1 / n^crowd_power of each pair.
        window: events looked at on either side of the source in one person's sequence.
    """

    neighbours: int = 100
    same: float = 0.5
    after: float = 1.0
    before: float = 0.0
    distance: float = 2.0
    by_moment: bool = False
    half_life_days: float = 0.0
    source_power: float = 0.5
    target_power: float = 0.5
    shrink: float = 20.0
    crowd_power: float = 0.0
    window: int = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """The k strongest neighbours of every product.

    Attributes:
        ids: (size, k) product numbers, strongest first; 0 where a row has fewer than k.
        weights: (size, k) weights, descending; 0 there.
    """

    ids: NDArray[np.int32]
    weights: Floats


def covisit(
    config: CovisitationConfig,
    events: Interactions,
    *,
    threads: int = 1,
    on_step: Callable[[int, int], None] | None = None,
) -> Neighbours:
    """Count, normalise and cut the neighbours of every product.

    A person counts a pair once, by the occurrence that weighs most. Events of strength ≤ 0 (a dismissal, a
    refund) are not behaviour to learn from here and are left out. The answer is the same for any `threads`.
    """
    from .covisit_kernels import count_rows, group, weigh  # imports numba

    used = events if bool(np.all(events.strength > 0)) else events.where(events.strength > 0)
    k = min(config.neighbours, max(1, events.size - 1))
    ids = np.zeros((events.size, k), dtype=np.int32)
    weights = np.zeros((events.size, k), dtype=np.float32)
    if len(used) == 0:
        return Neighbours(ids=ids, weights=weights)
    order = np.empty(len(used), dtype=np.int32 if len(used) < 2**31 else np.int64)
    starts = group(used.product, events.size, order)
    # Where all events weigh the same, nothing as long as they are is held beside them.
    is_plain = bool(np.all(used.strength == 1)) and config.half_life_days <= 0 and config.crowd_power <= 0
    fresh = used.strength[:0] if is_plain else _fresh(config, used)
    mass = np.zeros(events.size, dtype=np.float64)
    weigh(1, events.size, order, starts, used.person, used.strength if is_plain else used.strength * fresh, mass)
    mass += config.shrink
    scales = (mass**-config.source_power).astype(np.float32), (mass**-config.target_power).astype(np.float32)
    worth = used.strength[:0] if is_plain else used.strength
    columns = used.person, used.product, moments(used) if config.by_moment else used.session, worth, fresh
    tables = _tables(config)

    def count(first: int, last: int) -> None:
        count_rows(first, last, order, starts, *columns, tables, config.window, scales, ids, weights)

    _in_blocks(count, np.cumsum(np.diff(starts)), threads=threads, on_step=on_step)
    return Neighbours(ids=ids, weights=weights)


def moments(events: Interactions) -> NDArray[np.int32]:
    """(n,) number of the moment of each event, ascending: another person or another time is another moment."""
    from .kernels import number_moments  # imports numba

    numbers = np.empty(len(events), dtype=np.int32)
    number_moments(events.person, events.at_ms, numbers)
    return numbers


def _fresh(config: CovisitationConfig, events: Interactions) -> Floats:
    """(n,) what the age of an event and the length of its person's sequence leave of its weight."""
    fresh = np.ones(len(events), dtype=np.float32)
    if config.half_life_days > 0:
        days = (events.at_ms.max() - events.at_ms) / np.float32(DAY_MS)
        np.exp2(-days / np.float32(config.half_life_days), out=fresh, casting="same_kind")
    if config.crowd_power > 0:
        lengths = np.diff(events.person_starts())
        fresh *= np.repeat((lengths**-config.crowd_power).astype(np.float32), lengths)
    return fresh


def _tables(config: CovisitationConfig) -> tuple[np.float32, Floats, Floats]:
    """Weight at no step apart, and (FURTHEST,) by steps after and by steps before."""
    falls = np.exp(-(np.arange(FURTHEST) - 1) / config.distance).astype(np.float32)
    return np.float32(config.same), np.float32(config.after) * falls, np.float32(config.before) * falls


def _in_blocks(
    count: Callable[[int, int], None],
    ends: NDArray[np.int64],
    *,
    threads: int,
    on_step: Callable[[int, int], None] | None,
) -> None:
    """Count all sources in runs of about equally many events; the loops leave the interpreter's lock alone."""
    bounds = np.searchsorted(ends, np.linspace(0, ends[-1], BLOCKS + 1)[1:-1])
    bounds = np.unique(np.concatenate([[1], np.maximum(bounds, 1), [len(ends)]]))
    with ThreadPoolExecutor(threads) as pool:
        try:
            for done, _ in enumerate(pool.map(count, bounds[:-1].tolist(), bounds[1:].tolist())):
                if on_step is not None:
                    on_step(done + 1, len(bounds) - 1)
        finally:
            pool.shutdown(cancel_futures=True)  # what a step ends is not counted to the end
