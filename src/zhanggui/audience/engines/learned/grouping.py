"""How many groups there are and where their middles lie: k-means over 3 to 8, judged by silhouette and stability.

A number of groups stands only where it comes out again from bootstrap samples (mean adjusted Rand index; Hennig,
"Cluster-wise assessment of cluster stability", Computational Statistics & Data Analysis 52 (2007)); of those that do,
the one with the best mean silhouette (Rousseeuw, Journal of Computational and Applied Mathematics 20 (1987)) is taken.
"""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Labels = npt.NDArray[np.int64]
LEAST_GROUPS, MOST_GROUPS = 3, 8
ROUNDS, RESTARTS, SAMPLES = 30, 4, 8
JUDGED = 1_000
"""Points that a silhouette is reckoned over; it takes the distances between all of them."""
LEAST_STABILITY, LEAST_SILHOUETTE = 0.6, 0.05


class Grouped(msgspec.Struct, frozen=True):
    """Groups: (k, d) their middles, (n,) whose everybody is, and how good they are."""

    centroids: Floats
    labels: Labels
    silhouette: float
    stability: float

    @property
    def is_sound(self) -> bool:
        """Whether there are such groups, or the people just lie about."""
        return self.stability >= LEAST_STABILITY and self.silhouette >= LEAST_SILHOUETTE


def candidates(points: Floats, least: int, rng: np.random.Generator) -> list[Grouped]:
    """Each number of groups that can be had with at least `least` people in every one, fewest first.

    Args:
        points: (n, d).
        least: smaller groups are merged into the nearest of the others.
        rng: where chance comes from.
    """
    judged = np.sort(rng.choice(len(points), min(JUDGED, len(points)), replace=False))
    found: dict[int, Grouped] = {}
    for wanted in range(LEAST_GROUPS, min(MOST_GROUPS, len(points) // max(least, 1)) + 1):
        centroids = merged(points, middles(points, wanted, _seed(rng)), least)
        count = len(centroids)
        if count < LEAST_GROUPS or count in found:
            continue
        labels = nearest(points, centroids)
        found[count] = Grouped(
            centroids,
            labels,
            silhouette(points[judged], labels[judged]),
            _stability(points, labels, wanted, least, rng),
        )
    return [found[count] for count in sorted(found)]


def best(found: list[Grouped]) -> Grouped | None:
    """The sound one with the best silhouette; without any the steadiest, None of none."""
    sound = [one for one in found if one.is_sound]
    if sound:
        return max(sound, key=lambda one: one.silhouette)
    return max(found, key=lambda one: one.stability, default=None)


def middles(points: Floats, wanted: int, seed: int) -> Floats:
    """(k, d) middles by k-means, the best of a few starts."""
    import faiss

    faiss.omp_set_num_threads(1)  # of this thread; so few points wait for one another longer than they reckon
    found: Any = faiss.Kmeans(
        points.shape[1],
        wanted,
        niter=ROUNDS,
        nredo=RESTARTS,
        seed=seed,
        min_points_per_centroid=1,
        max_points_per_centroid=len(points),
    )
    found.train(np.ascontiguousarray(points, dtype=np.float32))
    return np.asarray(found.centroids, dtype=np.float64)


def nearest(points: Floats, centroids: Floats) -> Labels:
    """(n,) the nearest middle of each point; of equal ones the first."""
    distances = ((points[:, None, :] - centroids[None, :, :]) ** 2).sum(axis=2)
    return np.asarray(distances.argmin(axis=1), dtype=np.int64)


def merged(points: Floats, centroids: Floats, least: int) -> Floats:
    """The middles without those of too few; their people go to the nearest of the others."""
    while len(centroids) > 1:
        sizes = np.bincount(nearest(points, centroids), minlength=len(centroids))
        smallest = int(sizes.argmin())
        if sizes[smallest] >= least:
            break
        centroids = np.delete(centroids, smallest, axis=0)
    return centroids


def silhouette(points: Floats, labels: Labels) -> float:
    """Mean silhouette of points, in [-1, 1]; 0 of a single group."""
    from scipy.spatial.distance import cdist

    groups, own = np.unique(labels, return_inverse=True)
    if len(groups) < 2:
        return 0.0
    sizes = np.bincount(own)
    sums = cdist(points, points) @ np.eye(len(groups))[own]
    rows = np.arange(len(points))
    inside = sums[rows, own] / np.maximum(sizes[own] - 1, 1)
    means = sums / sizes
    means[rows, own] = np.inf
    outside = means.min(axis=1)
    scores = (outside - inside) / np.maximum(np.maximum(inside, outside), 1e-12)
    return float(np.where(sizes[own] > 1, scores, 0.0).mean())


def agreement(one: Labels, other: Labels) -> float:
    """Adjusted Rand index of two labellings of the same points: 1 for the same groups, about 0 by chance."""
    table = np.zeros((int(one.max()) + 1, int(other.max()) + 1))
    np.add.at(table, (one, other), 1)

    def pairs(counts: Floats) -> float:
        return float((counts * (counts - 1) / 2).sum())

    both, rows, columns = pairs(table), pairs(table.sum(axis=1)), pairs(table.sum(axis=0))
    expected = rows * columns / max(pairs(np.array([len(one)], dtype=np.float64)), 1.0)
    most = (rows + columns) / 2
    return 1.0 if most == expected else (both - expected) / (most - expected)


def _stability(points: Floats, labels: Labels, wanted: int, least: int, rng: np.random.Generator) -> float:
    """Mean agreement of the groups with those of bootstrap samples, over all points."""
    found = []
    for _ in range(SAMPLES):
        sample = points[rng.integers(0, len(points), len(points))]
        again = merged(sample, middles(sample, wanted, _seed(rng)), least)
        found.append(agreement(labels, nearest(points, again)))
    return float(np.mean(found))


def _seed(rng: np.random.Generator) -> int:
    return int(rng.integers(1, 2**31 - 1))
