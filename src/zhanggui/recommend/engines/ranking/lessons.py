"""What trees learn from and are judged on: the best candidates of occasions, as the first stage ordered them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from zhanggui.kernel.steps import OnStep, quiet
from zhanggui.kernel.trees.arrays import Doubles
from zhanggui.recommend.engines.choosing import Replay, worths_of
from zhanggui.recommend.engines.interactions import Floats, Ints
from zhanggui.recommend.engines.scratch import Scratch

from .columns import N_COLUMNS, OF_PROFILE
from .facts import Facts, Moment, fitted

BEST = 200
"""Candidates of an answer that trees order."""


NOT_FORESEEN: Floats = np.zeros(len(OF_PROFILE), dtype=np.float32)
"""Of a shopper of whom nothing is foreseen, or may be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What was known at a moment of the past, epoch ms, beside behaviour; nothing that came afterwards.

    Attributes:
        stock: log stock of products then, see `facts.log_stocks`; None where nobody wrote it down.
        foreseen: (3,) of a person at a moment, see `columns.OF_PROFILE`.
    """

    stock: Callable[[int], Floats | None] = lambda _at_ms: None
    foreseen: Callable[[int, int], Floats] = lambda _person, _at_ms: NOT_FORESEEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """Candidates of many occasions end to end, the best of each first.

    Attributes:
        rows: (n, columns) what trees look at.
        first_stage: (n,) the score of the sum.
        taken: (n,) whether it was taken next.
        worth: (n,) what that counts for by the merchant's aims; 0 where it was not taken.
        lengths: (occasions,) candidates of each, 200 at most.
        wanted: (occasions,) what each product that was taken counts for, candidate or not, the weightiest first.
    """

    rows: Floats
    first_stage: Floats
    taken: NDArray[np.bool_]
    worth: Floats
    lengths: Ints
    wanted: tuple[Floats, ...]

    def part(self, first: int, last: int) -> Lesson:
        """The occasions from `first` until before `last`."""
        ends = np.concatenate([[0], np.cumsum(self.lengths)])
        rows = slice(int(ends[first]), int(ends[last]))
        return Lesson(
            rows=self.rows[rows],
            first_stage=self.first_stage[rows],
            taken=self.taken[rows],
            worth=self.worth[rows],
            lengths=self.lengths[first:last],
            wanted=self.wanted[first:last],
        )

    def slices(self) -> Iterator[slice]:
        """The rows of each occasion."""
        ends = np.cumsum(self.lengths)
        for start, end in zip((ends - self.lengths).tolist(), ends.tolist(), strict=True):
            yield slice(start, end)


def lesson_of(
    replays: Sequence[Replay],
    facts: Facts,
    weights: Floats,
    offset_ms: int,
    beside: Beside | None = None,
    on_step: OnStep = quiet,
) -> Lesson:
    """The best candidates of occasions.

    Args:
        replays: the occasions, the oldest first.
        facts: of products, learned without the occasions; their stock is not looked at.
        weights: of the first stage.
        offset_ms: what the shop's clock shows more than UTC.
        beside: what else was known then; None: nothing.
        on_step: hears of every occasion.
    """
    known, scratch, size = beside or Beside(), Scratch(len(facts.first_ms)), len(facts.first_ms)
    no_floats, no_rows = np.zeros(0, dtype=np.float32), np.zeros((0, N_COLUMNS), dtype=np.float32)
    rows, first_stage, worth, taken = [no_rows], [no_floats], [no_floats], [np.zeros(0, dtype=np.bool_)]
    for done, one in enumerate(replays):
        on_step(done, len(replays))
        scores = (one.candidates.features @ weights).astype(np.float32)
        best = np.argsort(-scores, kind="stable")[:BEST]
        stock = known.stock(one.history.now_ms)
        then = replace(facts, log_stock=fitted(no_floats if stock is None else stock, size))
        rows.append(_rows(one, best, scores[best], then, offset_ms, known, scratch))
        first_stage.append(scores[best])
        is_taken = np.isin(one.candidates.ids, one.taken)
        taken.append(is_taken[best])
        worth.append(worths_of(one, is_taken)[best])
    return Lesson(
        rows=np.concatenate(rows),
        first_stage=np.concatenate(first_stage),
        taken=np.concatenate(taken),
        worth=np.concatenate(worth),
        lengths=np.array([len(scores) for scores in first_stage[1:]], dtype=np.int64),
        wanted=tuple(_wanted(one) for one in replays),
    )


def _rows(
    one: Replay, best: Ints, scores: Floats, facts: Facts, offset_ms: int, known: Beside, scratch: Scratch
) -> Floats:
    """(n, columns) what trees look at, of the candidates at rows `best`."""
    from .kernels import describe_more  # imports numba

    rows = np.empty((len(best), N_COLUMNS), dtype=np.float32)
    moment = Moment.of(one.history.now_ms, offset_ms, one.context)
    describe_more(
        one.candidates.ids[best],
        one.candidates.features[best],
        scores,
        (one.past.products, one.past.newest, one.past.columns, one.history.at_ms, one.history.now_ms),
        facts.arrays,
        (moment.told, moment.columns, known.foreseen(one.person, one.history.now_ms)),
        scratch.slot,
        scratch.counts,
        rows,
    )
    return rows


def _wanted(one: Replay) -> Floats:
    return np.ones(len(one.taken), dtype=np.float32) if one.worth is None else np.sort(one.worth)[::-1]


def ndcg_at(lesson: Lesson, scores: Doubles, k: int) -> Doubles:
    """(occasions,) discounted worth of the first k over that of the best list there could be; ties to the earlier.

    0 where nothing that was taken counts.
    """
    discount = 1.0 / np.log2(np.arange(k) + 2.0)
    found = []
    for rows, wanted in zip(lesson.slices(), lesson.wanted, strict=True):
        first = lesson.worth[rows][np.argsort(-scores[rows], kind="stable")[:k]]
        best = float(discount[: len(wanted)] @ wanted[:k])
        found.append(float(discount[: len(first)] @ first) / best if best > 0 else 0.0)
    return np.array(found)
