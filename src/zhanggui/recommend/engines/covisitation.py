"""Item-to-item co-visitation: what goes with a product, and what comes after it.

Each source product is one row: the events near its own in every person's sequence are weighted, summed in a
scratch row, normalised and cut to the k strongest, in one pass. Pairs are never stored, so memory is
size × k, whatever the number of events.

Source: Linden, Smith and York, "Amazon.com Recommendations: Item-to-Item Collaborative Filtering",
IEEE Internet Computing 2003, doi:10.1109/MIC.2003.1167344; time and distance weights are ours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .interactions import Floats, Interactions


@dataclass(frozen=True, slots=True, kw_only=True)
class CovisitationConfig:
    """How pairs of events are weighted.

    Attributes:
        neighbours: kept per product, in [1, 1000].
        same: weight of two products in one session.
        after: weight of a target in a later session than its source.
        before: weight of a target in an earlier session.
        distance: sessions after which `after` and `before` fall to 1/e.
        half_life_days: a pair this much older than the newest event counts half; 0 for no decay.
        source_power: the row is divided by (source mass)^source_power.
        target_power: and each entry by (target mass)^target_power; 0.5 and 0.5 is the cosine.
        shrink: added to both masses, so that one lucky pair does not lead a row.
        window: events looked at on either side of the source in one person's sequence.
    """

    neighbours: int = 100
    same: float = 0.5
    after: float = 1.0
    before: float = 0.0
    distance: float = 2.0
    half_life_days: float = 0.0
    source_power: float = 0.5
    target_power: float = 0.5
    shrink: float = 20.0
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


def covisit(config: CovisitationConfig, events: Interactions) -> Neighbours:
    """Count, normalise and cut the neighbours of every product.

    A person counts a pair once, by the occurrence that weighs most. Events of strength ≤ 0 (a dismissal, a
    refund) are not behaviour to learn from here and are left out.
    """
    from .kernels import count_rows  # imports numba

    used = events.where(events.strength > 0)
    k = min(config.neighbours, max(1, events.size - 1))
    ids = np.zeros((events.size, k), dtype=np.int32)
    weights = np.zeros((events.size, k), dtype=np.float32)
    if len(used) == 0:
        return Neighbours(ids=ids, weights=weights)
    order = np.argsort(used.product, kind="stable")
    offsets = np.searchsorted(used.product[order], np.arange(events.size + 1))
    starts = used.person_starts()
    owner = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    half_life_ms = config.half_life_days * 86_400_000
    age = (used.at_ms.max() - used.at_ms).astype(np.float64)
    fresh = np.exp2(-age / half_life_ms) if half_life_ms > 0 else np.ones(len(used))
    mass = _mass(used, fresh, owner) + config.shrink
    count_rows(
        order,
        offsets,
        used.product,
        used.session,
        used.strength,
        fresh.astype(np.float32),
        starts[owner],
        starts[owner + 1],
        (config.same, config.after, config.before, config.distance),
        config.window,
        (mass**-config.source_power).astype(np.float32),
        (mass**-config.target_power).astype(np.float32),
        ids,
        weights,
    )
    return Neighbours(ids=ids, weights=weights)


def _mass(events: Interactions, fresh: NDArray[np.float64], owner: NDArray[np.int64]) -> NDArray[np.float64]:
    """(size,) weight of the people who had a product: each by the event that weighs most."""
    weight = events.strength * fresh
    order = np.lexsort((-weight, events.product, owner))
    first = np.ones(len(order), dtype=bool)
    first[1:] = (owner[order][1:] != owner[order][:-1]) | (events.product[order][1:] != events.product[order][:-1])
    kept = order[first]
    mass: NDArray[np.float64] = np.bincount(
        events.product[kept], weights=weight[kept] ** 2, minlength=events.size
    ).astype(np.float64)
    return mass
