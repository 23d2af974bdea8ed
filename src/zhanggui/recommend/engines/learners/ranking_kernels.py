"""The compiled loops that describe candidates to a ranking. Importing this module imports numba."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from zhanggui.recommend.engines.covisit_kernels import sift_down, sift_up

_jit: Any = numba.njit(cache=True, nogil=True, boundscheck=False)

SHARE_SCALE = 20.0
"""Of a score over the best one, before its logarithm is taken."""


@_jit
def mark_best(scores, barred, depth, chosen):  # type: ignore[no-untyped-def]
    """Mark in `chosen` (people, size) the `depth` largest positive scores of everybody that are not `barred`."""
    ids, weights = np.zeros(depth, dtype=np.int64), np.zeros(depth, dtype=np.float32)
    for person in range(len(scores)):
        row, kept = scores[person], 0
        for product in range(1, len(row)):
            if row[product] <= 0.0 or (kept == depth and row[product] <= weights[0]) or barred[person, product]:
                continue
            if kept < depth:
                kept += 1
                sift_up(ids, weights, kept - 1, product, row[product])
            else:
                sift_down(ids, weights, depth, product, row[product])
        for place in range(kept):
            chosen[person, ids[place]] = True


@_jit
def describe(scores, scales, popularity, lately, own, starts, products, features):  # type: ignore[no-untyped-def]
    """Fill `features` (n, 4 × models + 8) of candidates.

    Args:
        scores: (models, people, size) raw.
        scales: (models,) size of a good score of each.
        popularity: (size,) logarithm of how many people wanted a product, over its mean.
        lately: (size, 2) the same of the newest events, by two shares of them.
        own: (people, size) weight of what a person did last with a product; 0 for what they never saw.
        starts: (people + 1,) where the candidates of each person begin, and the end.
        products: (n,) the candidates.
        features: per model the logarithm of its scaled score, that times popularity, minus that of its rank, and
            that of its share of the best; then popularity, its square, whether seen, how lately, whether it is the
            newest, the two of `lately`, and the logarithm of the number of products in the history.
    """
    models = len(scales)
    for person in range(len(starts) - 1):
        low, high = starts[person], starts[person + 1]
        some = products[low:high]
        newest, length = np.max(own[person]), np.log1p(np.sum(own[person] != 0.0))
        for model in range(models):
            values = scores[model, person][some]
            ranked = np.sort(values)
            best = max(ranked[-1], np.float32(1e-9)) if len(some) else np.float32(1.0)
            for place in range(len(some)):
                above = len(some) - np.searchsorted(ranked, values[place], side="right")
                loud = np.log1p(max(values[place], np.float32(0.0)) / scales[model])
                features[low + place, 4 * model] = loud
                features[low + place, 4 * model + 1] = loud * popularity[some[place]]
                features[low + place, 4 * model + 2] = -np.log1p(above)
                features[low + place, 4 * model + 3] = np.log1p(SHARE_SCALE * max(values[place], 0.0) / best)
        for place in range(len(some)):
            seen = own[person, some[place]]
            row = features[low + place, 4 * models :]
            row[0], row[1] = popularity[some[place]], popularity[some[place]] ** 2
            row[2], row[3], row[4] = seen != 0.0, seen, seen != 0.0 and seen == newest
            row[5], row[6], row[7] = lately[some[place], 0], lately[some[place], 1], length
