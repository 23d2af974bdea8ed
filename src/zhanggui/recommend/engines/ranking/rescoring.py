"""The second stage in an answer: one compiled call over the scores of the first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhanggui.kernel.trees import Trees
from zhanggui.recommend.engines.blend import SCALES
from zhanggui.recommend.engines.first_stage import SOURCES, Blend, Digest, Graphs, History, Scored
from zhanggui.recommend.engines.interactions import Floats
from zhanggui.recommend.engines.scratch import Scratch

from .facts import Facts, Moment
from .lessons import BEST


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One answer as trees are asked about it.

    Attributes:
        graphs, signals: what the first stage scored by, see `first_stage.score`.
        blend: the same.
        history: the shopper's, `past` the same digested.
        facts: of products, for the size of `signals`.
        offset_ms: what the shop's clock shows more than UTC.
        context: where the shopper is, see `context_of`.
        foreseen: (3,) what is foreseen of the shopper, see `columns.OF_PROFILE`.
    """

    graphs: Graphs
    signals: Floats
    blend: Blend
    history: History
    past: Digest
    facts: Facts
    offset_ms: int
    context: int
    foreseen: Floats

    def rescore(self, found: Scored, trees: Trees, scratch: Scratch) -> None:
        """Add to the best scores, in place, what trees say; whatever they leave aside stays below, in its order."""
        from . import kernels  # imports numba

        least = max(len(found.scores) - BEST, 0)
        border = np.partition(found.scores, least)[least] if least else np.float32(0.0)
        kernels.rescore(
            found.ids,
            found.scores,
            BEST,
            border,
            *self._common(),
            (trees.feature, trees.threshold, trees.value),
            scratch.slot,
            scratch.counts,
        )

    def rows_of(self, products: NDArray[np.int32], by_sum: Floats, scratch: Scratch) -> Floats:
        """(n, columns) what trees look at of products (n,), of which the sum says `by_sum` (n,)."""
        from . import kernels  # imports numba

        all_of_them = np.arange(len(products))
        described: Floats = kernels.describe_best(
            all_of_them, products, by_sum, *self._common(), scratch.slot, scratch.counts
        )
        return described

    def first(self, scales: Floats) -> tuple[tuple[object, ...], tuple[object, ...]]:
        """The history and what the first stage scores by, as the compiled loops take them."""
        history, past = self.history, self.past
        return (
            (past.products, past.newest, past.columns, history.at_ms, history.now_ms),
            (SOURCES, self.graphs.lists, self.signals, scales, (self.blend.is_newcomer, self.blend.newcomer_rate)),
        )

    def _common(self) -> tuple[object, ...]:
        moment = Moment.of(self.history.now_ms, self.offset_ms, self.context)
        return (*self.first(SCALES), self.facts.arrays, (moment.told, moment.columns, self.foreseen))
