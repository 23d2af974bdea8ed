"""The second stage in an answer: one compiled call over the scores of the first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhanggui.recommend.engines.blend import SCALES
from zhanggui.recommend.engines.interactions import Floats
from zhanggui.recommend.engines.ranker import SOURCES, Blend, Digest, Graphs, History, Scored, Scratch

from .facts import Facts, Moment
from .lessons import BEST
from .trees import Trees


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One answer as trees are asked about it.

    Attributes:
        graphs, signals: what the first stage scored by, see `ranker.score`.
        blend: the same.
        history: the shopper's, `past` the same digested.
        facts: of products, for the size of `signals`.
        offset_ms: what the shop's clock shows more than UTC.
    """

    graphs: Graphs
    signals: Floats
    blend: Blend
    history: History
    past: Digest
    facts: Facts
    offset_ms: int

    def rescore(self, found: Scored, trees: Trees, scratch: Scratch) -> None:
        """Add to the best scores, in place, what trees say; whatever they leave aside stays below, in its order."""
        from . import kernels  # imports numba

        kernels.rescore(
            found.ids,
            found.scores,
            BEST,
            *self._common(),
            (trees.feature, trees.threshold, trees.value),
            scratch.slot,
            scratch.counts,
        )

    def described(self, found: Scored, scratch: Scratch) -> tuple[NDArray[np.int64], Floats]:
        """Rows of the best candidates, and what trees look at of each, from scores that no tree has touched."""
        from . import kernels  # imports numba

        best = kernels.best_of(found.scores, BEST)
        rows = kernels.describe_best(best, found.ids, found.scores, *self._common(), scratch.slot, scratch.counts)
        return best, rows

    def _common(self) -> tuple[object, ...]:
        history, past, moment = self.history, self.past, Moment.of(self.history.now_ms, self.offset_ms)
        return (
            (past.products, past.newest, past.columns, history.at_ms, history.now_ms),
            (SOURCES, self.graphs.lists, self.signals, SCALES, (self.blend.is_newcomer, self.blend.newcomer_rate)),
            self.facts.arrays,
            (moment.told, moment.columns),
        )
