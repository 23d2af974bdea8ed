"""Full-ranking metrics: every product is ranked for every case, and equal scores share the mean of their ranks.

With `b` products scored above a target and `t` at its score, the target's rank is uniform over b + 1 … b + t. Every
figure is the exact expectation over that order, so that a constant score earns what chance would.

Source: McSherry and Najork, "Computing Information Retrieval Performance Measures Efficiently in the Presence of Tied
Scores", ECIR 2008, doi:10.1007/978-3-540-78646-7_38.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhanggui.kernel.steps import OnStep
from zhanggui.recommend.engines.interactions import Floats, Interactions

from .tasks import Products, Task

MEASURES = ("hit", "recall", "ndcg", "mrr", "precision")
BATCH = 256
"""People scored at once: with 100,000 products their scores take 100 MB."""
_THREADS = 2
Score = Callable[[Interactions, int], Floats]


@dataclass(frozen=True, slots=True, kw_only=True)
class Marks:
    """How one model did.

    Attributes:
        ks: lengths of list, ascending.
        values: (cases, len(ks), len(MEASURES)) of each case.
        found: (targets, len(ks)) the chance that a target stands in the list.
        tops: (cases, ks[-1]) the products shown, best first, 0 where there are fewer.
    """

    ks: tuple[int, ...]
    values: NDArray[np.float64]
    found: Floats
    tops: Products

    def of(self, measure: str, k: int) -> NDArray[np.float64]:
        """(cases,) one measure at one length of list."""
        values: NDArray[np.float64] = self.values[:, self.ks.index(k), MEASURES.index(measure)]
        return values


def judge(task: Task, score: Score, *, ks: Sequence[int], rng: np.random.Generator, on_step: OnStep) -> Marks:
    """Rank all products for all cases and mark the targets.

    Args:
        task: what is asked.
        score: as `Fitted.score`; its answer may be written over. -inf and NaN are never shown.
        ks: lengths of list; those above the number of products count all products.
        rng: decides who is shown among equals; only the lists depend on it, no metric.
        on_step: told (cases done, of).

    Raises:
        ValueError: `score` answered in another shape.
    """
    lengths = tuple(sorted(set(ks)))
    marks = Marks(
        ks=lengths,
        values=np.zeros((task.people, len(lengths), len(MEASURES))),
        found=np.zeros((len(task.target_products), len(lengths)), dtype=np.float32),
        tops=np.zeros((task.people, lengths[-1]), dtype=np.int32),
    )
    turn = rng.permutation(task.size).astype(np.int32)
    with ThreadPoolExecutor(_THREADS) as pool:
        for first, last, histories in task.batches(BATCH):
            scores = _checked(score(histories, last - first), last - first, task.size)
            if not task.keep_seen:
                scores[histories.person, histories.product] = -np.inf
            _mark(task, scores, first, turn, marks, pool)
            on_step(last, task.people)
    return marks


def gains(most: int) -> NDArray[np.float64]:
    """(most + 1,) discounted gain of a list whose first n places are all hits."""
    return np.concatenate([[0.0], np.cumsum(1.0 / np.log2(np.arange(2, most + 2)))])


def _checked(scores: Floats, people: int, size: int) -> Floats:
    if scores.shape != (people, size):
        raise ValueError(f"scores of shape {scores.shape} for {people} histories and {size} products (with none)")
    if scores.dtype != np.float32 or not scores.flags.writeable:
        scores = np.array(scores, dtype=np.float32)
    return scores


def _mark(
    task: Task, scores: Floats, first: int, turn: NDArray[np.int32], marks: Marks, pool: ThreadPoolExecutor
) -> None:
    from .rank_kernels import judge_rows  # imports numba

    rows = slice(first, first + len(scores))
    starts = task.target_starts[first : first + len(scores) + 1]
    targets = slice(int(starts[0]), int(starts[-1]))
    ks = np.array(marks.ks, dtype=np.int64)
    gain, outputs = gains(marks.ks[-1]), (marks.values[rows], marks.found[targets], marks.tops[rows])

    def work(begin: int, end: int) -> None:
        judge_rows(begin, end, scores, starts - starts[0], task.target_products[targets], ks, turn, gain, *outputs)

    middle = len(scores) // _THREADS
    for done in [pool.submit(work, 0, middle), pool.submit(work, middle, len(scores))]:
        done.result()
