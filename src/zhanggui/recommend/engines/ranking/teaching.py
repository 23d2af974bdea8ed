"""Whether trees order better than the sum alone: learned on earlier occasions, judged on those left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from zhanggui.kernel.steps import OnStep, between, quiet
from zhanggui.kernel.trees import Trees
from zhanggui.kernel.trees.arrays import Doubles
from zhanggui.recommend.engines.blend import FEATURES
from zhanggui.recommend.engines.choosing import Replay
from zhanggui.recommend.engines.evaluation.intervals import Difference, resample
from zhanggui.recommend.engines.first_stage import Candidates
from zhanggui.recommend.engines.interactions import Floats

from .calibration import Calibration, calibrate, miscalibration
from .facts import Facts
from .lambdamart import LATER, K, learn_trees
from .lessons import Beside, Lesson, lesson_of, ndcg_at
from .stage import Stage

LEAST_JUDGED = 50
TOO_FEW, NO_TREES, NO_GAIN, NO_LIBRARY = (
    "too few occasions",
    "no trees helped on the later occasions",
    "no sure gain",
    "LightGBM cannot be loaded",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What came of it.

    Attributes:
        trees: that order better; None where the sum stays.
        calibration: of what orders; None with too little to fit one.
        why: why the sum stays; empty where trees order.
        gain: NDCG@20 of trees less that of the sum, on the occasions left out; None where nothing was judged.
        ndcg: of the sum there.
        error: expected calibration error there.
    """

    trees: Trees | None
    calibration: Calibration | None
    why: str
    gain: Difference | None
    ndcg: float
    error: float

    @property
    def told(self) -> str:
        """In one line, as on the card."""
        if self.gain is None:
            return f"sum, because {self.why}"
        unit = 100 / max(self.ndcg, 1e-9)
        figures = f"NDCG@20 {self.gain.value * unit:+.1f} % [{self.gain.low * unit:+.1f}, {self.gain.high * unit:+.1f}]"
        return f"trees, {figures}" if self.trees is not None else f"sum, because {self.why}: trees, {figures}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Teacher:
    """Learns and judges trees.

    Args:
        facts: of products, learned without the occasions.
        weights: of the first stage.
        offset_ms: what the shop's clock shows more than UTC.
        beside: what else was known at a moment; None: nothing.
    """

    facts: Facts
    weights: Floats
    offset_ms: int
    beside: Beside | None = None

    def judged(
        self,
        taught: Sequence[Replay],
        left_out: Sequence[Replay],
        seed: int,
        held: Stage | None,
        on_step: OnStep = quiet,
    ) -> Verdict:
        """Trees for the occasions `taught`, or where those are none `held` from an earlier training, judged.

        `on_step` hears of every occasion and every tree.
        """
        judges = self._lesson(left_out, between(on_step, 0, 20))
        if len(judges.lengths) < LEAST_JUDGED:
            return Verdict(trees=None, calibration=None, why=TOO_FEW, gain=None, ndcg=0.0, error=0.0)
        trees, why = (None, NO_TREES) if held is None else (held.trees, "")
        teaches = self._lesson(taught, between(on_step, 20, 60))
        if len(taught):
            trees, why = _tried(teaches, seed, between(on_step, 60, 100))
        by_sum = judges.first_stage.astype(np.float64)
        without = ndcg_at(judges, by_sum, K)
        gain = None
        if trees is not None:
            people = np.arange(len(without))
            added = resample(ndcg_at(judges, by_sum + trees.margins(judges.rows), K)[:, None], people, seed=0)
            gain = added.less(resample(without[:, None], people, seed=0), 0)
            trees, why = (trees, "") if gain.low > 0 else (None, NO_GAIN)
        line = _line(teaches, trees) if len(taught) or held is None else held.calibration
        return Verdict(
            trees=None if line is None else trees,
            calibration=line,
            why=why if line is not None else TOO_FEW,
            gain=gain,
            ndcg=float(without.mean()),
            error=0.0 if line is None else miscalibration(judges, _scores(judges, trees), line),
        )

    def _lesson(self, replays: Sequence[Replay], on_step: OnStep = quiet) -> Lesson:
        return lesson_of(replays, self.facts, self.weights, self.offset_ms, self.beside, on_step)

    def ordered(self, replays: Sequence[Replay], trees: Trees) -> list[Replay]:
        """The same occasions with one feature for each candidate, by `ORDERED` its score: the trees' order."""
        return [self._ordered(one, trees) for one in replays]

    def _ordered(self, one: Replay, trees: Trees) -> Replay:
        scores = (one.candidates.features @ self.weights).astype(np.float32)
        best = np.argsort(-scores, kind="stable")
        lesson = self._lesson([one])
        first = best[: len(lesson.first_stage)]
        margins = trees.margins(lesson.rows)
        values = scores.astype(np.float64) + margins.min(initial=0.0)
        values[first] = scores[first] + margins
        features = np.zeros((len(values), len(FEATURES)), dtype=np.float32)
        features[:, 0] = values
        return replace(one, candidates=Candidates(ids=one.candidates.ids, features=features))


ORDERED = np.eye(len(FEATURES), dtype=np.float32)[0]


def _scores(lesson: Lesson, trees: Trees | None) -> Doubles:
    by_sum = lesson.first_stage.astype(np.float64)
    return by_sum if trees is None else by_sum + trees.margins(lesson.rows)


def _tried(teaches: Lesson, seed: int, on_step: OnStep) -> tuple[Trees | None, str]:
    try:
        return learn_trees(teaches, seed, on_step), NO_TREES
    except (ImportError, OSError):  # a machine without the library's own needs still recommends
        return None, NO_LIBRARY


def _line(teaches: Lesson, trees: Trees | None) -> Calibration | None:
    """What fits the later occasions, which trees have only been stopped by."""
    occasions = len(teaches.lengths)
    later = teaches.part(int(occasions * (1 - LATER)), occasions)
    return calibrate(later, _scores(later, trees))
