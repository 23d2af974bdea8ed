"""What trees learn from and are judged on: the best candidates of occasions, as the first stage ordered them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhanggui.kernel.trees.arrays import Doubles
from zhanggui.recommend.engines.choosing import Replay
from zhanggui.recommend.engines.interactions import Floats, Ints
from zhanggui.recommend.engines.ranker import Scratch

from .columns import N_COLUMNS
from .facts import Facts, Moment

BEST = 200
"""Candidates of an answer that trees order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """Candidates of many occasions end to end, the best of each first.

    Attributes:
        rows: (n, columns) what trees look at.
        first_stage: (n,) the score of the sum.
        taken: (n,) whether it was taken next.
        lengths: (occasions,) candidates of each, 200 at most.
        wanted: (occasions,) how many products were taken, candidates or not.
    """

    rows: Floats
    first_stage: Floats
    taken: NDArray[np.bool_]
    lengths: Ints
    wanted: Ints

    def part(self, first: int, last: int) -> Lesson:
        """The occasions from `first` until before `last`."""
        ends = np.concatenate([[0], np.cumsum(self.lengths)])
        rows = slice(int(ends[first]), int(ends[last]))
        return Lesson(
            rows=self.rows[rows],
            first_stage=self.first_stage[rows],
            taken=self.taken[rows],
            lengths=self.lengths[first:last],
            wanted=self.wanted[first:last],
        )

    def split(self, values: Doubles) -> Iterator[tuple[Doubles, NDArray[np.bool_], int]]:
        """(values, taken, wanted) of each occasion, of `values` (n,)."""
        ends = np.cumsum(self.lengths)
        for start, end, wanted in zip(ends - self.lengths, ends, self.wanted.tolist(), strict=True):
            yield values[start:end], self.taken[start:end], wanted


def lesson_of(replays: Sequence[Replay], facts: Facts, weights: Floats, offset_ms: int) -> Lesson:
    """The best candidates of occasions.

    Args:
        replays: the occasions, the oldest first.
        facts: of products, learned without the occasions.
        weights: of the first stage.
        offset_ms: what the shop's clock shows more than UTC.
    """
    from .kernels import describe_more  # imports numba

    scratch = Scratch(len(facts.first_ms))
    held: list[tuple[Floats, Floats, NDArray[np.bool_]]] = []
    for one in replays:
        scores = (one.candidates.features @ weights).astype(np.float32)
        best = np.argsort(-scores, kind="stable")[:BEST]
        rows = np.empty((len(best), N_COLUMNS), dtype=np.float32)
        moment = Moment.of(one.history.now_ms, offset_ms)
        describe_more(
            one.candidates.ids[best],
            one.candidates.features[best],
            scores[best],
            (one.past.products, one.past.newest, one.past.columns, one.history.at_ms, one.history.now_ms),
            facts.arrays,
            (moment.told, moment.columns),
            scratch.slot,
            scratch.counts,
            rows,
        )
        held.append((rows, scores[best], np.isin(one.candidates.ids[best], one.taken)))
    return Lesson(
        rows=np.concatenate([rows for rows, _, _ in held] or [np.zeros((0, N_COLUMNS), dtype=np.float32)]),
        first_stage=np.concatenate([scores for _, scores, _ in held] or [np.zeros(0, dtype=np.float32)]),
        taken=np.concatenate([taken for _, _, taken in held] or [np.zeros(0, dtype=np.bool_)]),
        lengths=np.array([len(scores) for _, scores, _ in held], dtype=np.int64),
        wanted=np.array([len(one.taken) for one in replays], dtype=np.int64),
    )


def ndcg_at(lesson: Lesson, scores: Doubles, k: int) -> Doubles:
    """(occasions,) discounted gain of the first k over that of the best list there could be; ties to the earlier."""
    discount = 1.0 / np.log2(np.arange(k) + 2.0)
    found = []
    for values, taken, wanted in lesson.split(scores):
        first = taken[np.argsort(-values, kind="stable")[:k]]
        found.append(discount[: len(first)][first].sum() / discount[: min(max(wanted, 1), k)].sum())
    return np.array(found)
