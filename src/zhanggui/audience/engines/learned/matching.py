"""Which group of a new learning is which of the one before, so that identities stay."""

from __future__ import annotations

import numpy as np

from .grouping import Floats, Labels

FARTHEST = 0.5
"""A group is the same only where its middle moved by less than so much of the distance between middles."""


def matched(before: Floats, now: Floats) -> dict[int, int]:
    """Row of `now` → row of `before`, one to one, with the least distance in all.

    Args:
        before: (k, d) middles of the groups before, where their people lie today; NaN for one that is empty.
        now: (m, d) middles of the new groups in the same space.
    """
    from scipy.optimize import linear_sum_assignment

    alive = np.flatnonzero(np.isfinite(before).all(axis=1))
    if not len(alive) or len(now) < 2:
        return {}
    distances = np.linalg.norm(now[:, None, :] - before[None, alive, :], axis=2)
    between = np.linalg.norm(now[:, None, :] - now[None, :, :], axis=2)
    limit = FARTHEST * float(between[~np.eye(len(now), dtype=bool)].mean())
    rows, columns = linear_sum_assignment(distances)
    pairs = zip(rows.tolist(), columns.tolist(), strict=True)
    return {row: int(alive[column]) for row, column in pairs if distances[row, column] <= limit}


def means(points: Floats, labels: Labels, groups: int) -> Floats:
    """(k, d) the mean point of each group; NaN for an empty one."""
    found = np.full((groups, points.shape[1]), np.nan)
    for group in range(groups):
        own = points[labels == group]
        if len(own):
            found[group] = own.mean(axis=0)
    return found
