"""Whether a new model may serve: figures on the last sessions, beside popularity and the model that serves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from zhanggui.kernel.steps import OnStep, between
from zhanggui.kernel.trees import Trees
from zhanggui.recommend.engines.blend import FEATURES
from zhanggui.recommend.engines.choosing import Replay, Split, recall_at, replay
from zhanggui.recommend.engines.evaluation.intervals import resample
from zhanggui.recommend.engines.first_stage import Graphs
from zhanggui.recommend.engines.guardrails import Goods, Shape, shape_of, tops_of
from zhanggui.recommend.engines.interactions import Floats
from zhanggui.recommend.engines.model import RankModel
from zhanggui.recommend.engines.newcomer_rate import rehearsed_rate
from zhanggui.recommend.engines.passed_over import Gain, SeenInLists, learned_blend
from zhanggui.recommend.engines.popularity import repeat_rates
from zhanggui.recommend.engines.ranking.facts import Facts
from zhanggui.recommend.engines.ranking.lessons import Beside
from zhanggui.recommend.engines.ranking.stage import Stage
from zhanggui.recommend.engines.ranking.teaching import ORDERED, Teacher, Verdict
from zhanggui.recommend.types.learning import TriedMethod

from .learning import cold_gain
from .second_stage_judge import LESS_VARIED, LearnedStage, figures_of, in_order, packed, without_trees

K = 20
NOBODY = np.zeros(0, dtype=np.int64)
NEGATIVES = 400
JUDGED = 3  # every third occasion judges, the others teach
LEAST_JUDGED, MOST_SINCE = 20, 500
TOLERANCE = 0.98
"""A new model may fall this far below the present one on a sample of occasions and still count as no worse."""
GUARDRAIL_SHARE = 0.8
"""It must show at least this share of what the present model shows, by each guardrail."""
GUARDRAILS = {
    "coverage@20": "shows less of the catalogue than the present model",
    "new_share@20": "shows fewer new products than the present model",
    "evenness@20": "shows products more unevenly than the present model",
    "entropy@20": "shows fewer categories than the present model",
}
"""Figure, of which more is better → why a model that has much less of it is refused. Evenness is 1 - Gini."""
TRENDS_ONLY = np.array([float(name in {"trending", "rising", "popular"}) for name in FEATURES], dtype=np.float32)


class Learned(msgspec.Struct, frozen=True, kw_only=True):
    """What the last sessions taught and how the model did on those left out; numbers alone, nothing of people.

    `tried` is what its neighbour lists were chosen among.
    """

    blend: tuple[float, ...]
    cold_gain: float
    metrics: dict[str, float]
    stage: LearnedStage
    tried: tuple[TriedMethod, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Taught:
    """What an earlier training had learned, to be judged and not learned anew."""

    blend: Floats
    cold_gain: float
    stage: Stage | None = None
    passed_over: Gain | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judge:
    """Learns the blend from two thirds of the last sessions, and judges it on the third left out.

    Args:
        graphs: learned without these sessions.
        split: behaviour before them, and the sessions.
        goods: what guards ask of products.
        present: the model that serves, and the newest moment that it has learned from; None for none.
        facts: what trees know of products, learned without these sessions.
        offset_ms: what the shop's clock shows more than UTC.
        beside: what else was known at the sessions' moments.
        seen: what was seen in lists; None: nobody told.
    """

    graphs: Graphs
    split: Split
    goods: Goods
    present: tuple[RankModel, int] | None
    facts: Facts
    offset_ms: int = 0
    beside: Beside | None = None
    seen: SeenInLists | None = None

    def learn(self, rng: np.random.Generator, on_step: OnStep, taught: Taught | None = None) -> Learned:
        """The blend with its figures; where one is given, it is judged and none is learned.

        `on_step` hears of every session that is replayed, every fit of the blend and every tree.
        """
        occasions = sorted(self.split.occasions, key=lambda one: one.at_ms)
        rate = repeat_rates(self.split.past)
        replays: list[Replay] = []
        if taught is None:
            teach = Split(past=self.split.past, occasions=[one for n, one in enumerate(occasions) if n % JUDGED])
            replays = list(replay(self.graphs, rate, teach, on_step=between(on_step, 0, 30)))
            taught = self._taught(replays, rng, between(on_step, 30, 40))
        judged = Split(past=self.split.past, occasions=[one for n, one in enumerate(occasions) if n % JUDGED == 0])
        left_out = list(replay(self.graphs, rate, judged, on_step=between(on_step, 40, 55)))
        teacher = self._teacher(taught.blend)
        verdict = self._verdict(
            teacher, replays, judged, left_out, int(rng.integers(2**31)), taught.stage, between(on_step, 55, 80)
        )
        figures_on = self._on(judged, teacher, left_out, verdict.trees)
        metrics = (
            figures_on
            | figures_of(verdict)
            | self._against_present(judged, teacher, rate, verdict.trees, between(on_step, 80, 100))
        )
        if taught.passed_over is not None:
            metrics |= taught.passed_over.figures
        return Learned(
            blend=tuple(map(float, taught.blend)),
            cold_gain=float(taught.cold_gain),
            metrics={name: float(value) for name, value in metrics.items()},
            stage=packed(verdict),
        )

    def _teacher(self, blend: Floats) -> Teacher:
        return Teacher(facts=self.facts, weights=blend, offset_ms=self.offset_ms, beside=self.beside)

    def _verdict(
        self,
        teacher: Teacher,
        taught: list[Replay],
        judged: Split,
        left_out: list[Replay],
        seed: int,
        held: Stage | None,
        on_step: OnStep,
    ) -> Verdict:
        """Whether trees are to order: where they gain, and show no less of what guards look after than the sum."""
        verdict = teacher.judged(taught, left_out, seed, held, on_step)
        if verdict.trees is None:
            return verdict
        by_sum = figures(self._shape(judged, teacher.weights, left_out), "")
        shape = figures(self._shape(judged, ORDERED, teacher.ordered(left_out, verdict.trees)), "")
        is_varied = all(shape[name] >= GUARDRAIL_SHARE * by_sum[name] for name in GUARDRAILS)
        return verdict if is_varied else without_trees(verdict, LESS_VARIED)

    def _taught(self, replays: list[Replay], rng: np.random.Generator, on_step: OnStep) -> Taught:
        seen = self.seen or SeenInLists(person=NOBODY, product=NOBODY, at_ms=NOBODY)
        blend, choices, gain = learned_blend(replays, seen, rng, most=NEGATIVES, on_step=on_step)
        # Newness never varies in a replay, so nothing can be learned of it: a small head start, by hand.
        blend[FEATURES.index("newness")] = max(float(blend[FEATURES.index("newness")]), 0.2)
        rehearsed = rehearsed_rate(replays, blend, rng.spawn(1)[0], self.split.past.size)
        return Taught(blend=blend, cold_gain=cold_gain(choices) if rehearsed is None else rehearsed, passed_over=gain)

    def _on(self, judged: Split, teacher: Teacher, left_out: list[Replay], trees: Trees | None) -> dict[str, float]:
        """Figures of the occasions left out; where there is none, nothing was measured and nothing is said."""
        if not left_out:
            return {"occasions": 0.0}
        replays, weights = in_order(left_out, teacher, trees)
        found = recall_at(weights, replays, K)
        recall = resample(found[:, None].astype(np.float64), np.arange(len(found)), seed=0).estimate(0)
        return {
            "occasions": float(len(replays)),
            "recall@20": recall.value,
            "recall@20_low": recall.low,
            "recall@20_high": recall.high,
            "recall@20_popular": _mean(recall_at(TRENDS_ONLY, left_out, K)),
            **figures(self._shape(judged, weights, replays), ""),
        }

    def _shape(self, judged: Split, blend: Floats, replays: Sequence[Replay]) -> Shape:
        moments = np.array([one.at_ms for one in judged.occasions], dtype=np.int64)
        return shape_of(tops_of(blend, replays, K), moments, self.goods)

    def _against_present(
        self, judged: Split, teacher: Teacher, rate: Floats, trees: Trees | None, on_step: OnStep
    ) -> dict[str, float]:
        """How varied the present model's lists are on the same sessions, and how both do on those it had not seen."""
        if self.present is None or not judged.occasions:
            return {}
        old, until_ms = self.present
        old_rate = np.zeros(self.split.past.size, dtype=np.float32)
        old_rate[: old.size] = old.repeat_rate[: self.split.past.size]
        old_trees, old_teacher = None if old.stage is None else old.stage.trees, self._teacher(old.blend)
        replays, weights = in_order(
            list(replay(old.graphs, old_rate, judged, on_step=between(on_step, 0, 40))), old_teacher, old_trees
        )
        shape = figures(self._shape(judged, weights, replays), "_present")
        unseen = [one for one in self.split.occasions if one.at_ms > until_ms][-MOST_SINCE:]
        if len(unseen) < LEAST_JUDGED:
            return shape
        later = Split(past=self.split.past, occasions=unseen)
        ours, own = in_order(list(replay(self.graphs, rate, later, on_step=between(on_step, 40, 70))), teacher, trees)
        theirs, old_weights = in_order(
            list(replay(old.graphs, old_rate, later, on_step=between(on_step, 70, 100))), old_teacher, old_trees
        )
        return shape | {
            "occasions_since": float(len(unseen)),
            "recall@20_since": _mean(recall_at(own, ours, K)),
            "recall@20_since_present": _mean(recall_at(old_weights, theirs, K)),
        }


def figures(shape: Shape, suffix: str) -> dict[str, float]:
    """The guards' figures by the names that a card keeps them under."""
    values = (shape.coverage, shape.new_share, 1 - shape.gini, shape.entropy)
    return {f"{name}{suffix}": value for name, value in zip(GUARDRAILS, values, strict=True)}


def refusal(metrics: dict[str, float]) -> str:
    """Why a model may not serve; empty when it may. Too few occasions to judge by are no reason."""
    has_enough = metrics["occasions"] >= LEAST_JUDGED
    if has_enough and metrics["recall@20"] < TOLERANCE * metrics["recall@20_popular"]:
        return "worse than popularity on the last sessions"
    if metrics.get("recall@20_since", 0.0) < TOLERANCE * metrics.get("recall@20_since_present", 0.0):
        return "worse than the present model on the sessions since"
    broken = (
        why
        for name, why in GUARDRAILS.items()
        if metrics.get(name, 0.0) < GUARDRAIL_SHARE * metrics.get(f"{name}_present", 0.0)
    )
    return next(broken, "") if has_enough else ""


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else 0.0
