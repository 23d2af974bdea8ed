"""Candidates fitted one after the other within a budget, tuned on validation, weighed against one another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhanggui.recommend.engines.evaluation.intervals import exceeds_chance
from zhanggui.recommend.engines.evaluation.tasks import Task
from zhanggui.recommend.engines.interactions import Interactions

from .base import Cost, Fitted, Learner
from .blending import FittedBlend, gather, learn_weights, scale_of
from .budget import Budget
from .candidates import Candidate, changed, refocused, settings_of
from .plain import Popular
from .ranked_cases import affordable, widened
from .ranking import FittedRanking, learn_ranking
from .unseen import rehearse

_TUNING_CASES = 1000
_BLENDING_CASES = 8000
_SCALING_CASES = 500
_MOST_SCORES = 4e8
"""Cases × products that a blend is learned on."""
_WEIGHS = 2  # times that all models are asked all cases for a blend: for its weights, and in part for scales
_CASE_SECONDS = 0.01  # that a second stage learns from one case
_LEAST_ERRORS = 0.5  # standard errors of a gain on validation that another setting has to show
_LEAST_SHARE = 0.02
_LEAST_RANKED = 500
"""Cases below which a second stage of some thirty weights would learn chance."""
_TUNING_SHARE = 0.4  # of a budget that may go into other settings of what was fitted already


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One line of a card.

    Attributes:
        name: of the learner.
        settings: those that were chosen among.
        quality: NDCG@k on validation; None where it was not fitted.
        weight: in the blend, in [0, 1].
        seconds: that fitting and choosing settings took.
        bytes: that the fit was thought to take.
        reason: in words.
    """

    name: str
    settings: dict[str, Any]
    quality: float | None
    weight: float
    seconds: float
    bytes: int
    reason: str


@dataclass(slots=True, kw_only=True)
class _Trial:
    candidate: Candidate
    learner: Learner
    cost: Cost
    fitted: Fitted | None = None
    cases: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    quality: float | None = None
    fit_seconds: float = 0.0
    ask_seconds: float = float("inf")
    seconds: float = 0.0
    weight: float = 0.0
    scale: float = 1.0
    reason: str = ""


class Trials:
    """What was tried so far."""

    def __init__(self, *, task: Task, k: int, budget: Budget, rng: np.random.Generator, fits: int) -> None:
        self._whole = task
        self.task = task.cut(max(_SCALING_CASES, min(_BLENDING_CASES, int(_MOST_SCORES / task.size))), rng)
        self._tuning = self.task.cut(_TUNING_CASES, rng)
        self._scaling = self.task.cut(_SCALING_CASES, rng)
        self._k, self._budget, self._rng, self._fits = k, budget, rng, fits
        self._tried: list[_Trial] = []
        self._ranking: FittedRanking | None = None
        self._pace = 1.0

    def attempt(self, candidate: Candidate) -> None:
        """Fit a candidate if it fits the budget, and choose its free settings."""
        trial = _Trial(candidate=candidate, learner=candidate.learner, cost=candidate.learner.cost(self.task.train))
        self._tried.append(trial)
        trial.reason = self._refusal(trial.cost)
        if trial.reason:
            return
        began = self._budget.spent()
        try:
            trial.fitted = self._fit(trial.learner, self.task.train)
        except (ValueError, MemoryError, np.linalg.LinAlgError) as error:
            trial.reason = f"could not be fitted: {error}"
            return
        trial.fit_seconds = self._budget.spent() - began
        self._pace = max(self._pace, trial.fit_seconds / max(trial.cost.seconds, 5.0))
        for _ in range(2):  # the first may load compiled loops, so the second tells what asking takes
            trial.cases = self._quality(trial, trial.fitted)
        self._tune(trial)
        trial.quality = _mean(trial.cases)
        trial.seconds = self._budget.spent() - began

    def weigh(self) -> float:
        """Learn the weights of the blend; gives its NDCG@k on validation."""
        used = [trial for trial in self._tried if trial.fitted is not None]
        parts = [trial.fitted for trial in used if trial.fitted is not None]
        panel = gather(parts, self.task)
        scales = np.array([scale_of(part, self._scaling) for part in parts])
        weights = learn_weights(panel, scales, k=self._k)
        weights[weights < _LEAST_SHARE * weights.max()] = 0.0
        weights /= weights.sum()
        for trial, weight, scale in zip(used, weights, scales, strict=True):
            trial.weight, trial.scale = float(weight), float(scale)
            trial.reason = "adds to the blend" if weight > 0 else "the others say what it says"
        plain = panel.quality(weights / scales, self._k)
        if self._budget.left() < self._ordering() + self._again():
            return _mean(plain)
        return max(_mean(plain), self._rank(used, scales, weights, plain))

    def _rank(
        self, used: list[_Trial], scales: NDArray[np.float64], weights: NDArray[np.float64], plain: NDArray[np.float64]
    ) -> float:
        """Learn a second stage, and keep it when its gain over the plain blend is not chance."""
        if len(plain) < _LEAST_RANKED:
            return 0.0
        named = np.array([_names_candidates(trial) for trial in used])
        parts = [trial.fitted for trial in used if trial.fitted is not None and _names_candidates(trial)]
        if not parts:
            return 0.0
        unlearned = FittedRanking.unlearned(
            parts, scales[named], weights[named], train=self.task.train, keep_seen=self.task.keep_seen
        )
        wide = widened(self.task, self._whole, self._rankable(len(parts)), self._rng)
        rehearsal = rehearse(unlearned, wide, [one.learner for one in used if _names_candidates(one)], self._rng)
        ranking, quality = learn_ranking(unlearned, wide, k=self._k, rng=self._rng, rehearsal=rehearsal)
        quality = quality[np.isin(wide.keys, self.task.keys)]
        gain = quality - plain
        if not exceeds_chance(gain, 1.0):
            return 0.0
        self._ranking = ranking
        return _mean(quality)

    def blend(self, everything: Interactions | None) -> FittedBlend | FittedRanking:
        """The blend, or the ranking that is better; parts learn again from `everything` where the budget allows."""
        used = [
            trial
            for trial in self._tried
            if trial.fitted is not None and (_names_candidates(trial) if self._ranking else trial.weight > 0)
        ]
        parts, scales, weights = [], [], []
        for trial in used if self._ranking else sorted(used, key=lambda one: -one.weight):
            part = trial.fitted
            if everything is not None and self._budget.left() > 1.3 * trial.fit_seconds:
                part = trial.fitted = None
                part = self._fit(trial.learner, everything)
                trial.scale = scale_of(part, self._scaling)
            elif everything is not None:
                trial.reason += "; no time was left to learn from the last events too"
            if part is not None:
                parts.append(part)
                scales.append(trial.scale)
                weights.append(trial.weight)
        if self._ranking is None:
            return FittedBlend(parts=tuple(parts), weights=tuple(np.array(weights) / np.array(scales)))
        again = FittedRanking.unlearned(
            parts,
            np.array(scales),
            np.array(weights),
            train=everything or self.task.train,
            keep_seen=self.task.keep_seen,
        )
        return replace(again, ranker=self._ranking.ranker)

    def lines(self) -> Iterator[Tried]:
        """What the card says of each."""
        for trial in self._tried:
            yield Tried(
                name=trial.learner.name,
                settings=settings_of(trial.learner, trial.candidate),
                quality=trial.quality,
                weight=trial.weight,
                seconds=trial.seconds,
                bytes=trial.cost.bytes,
                reason=trial.reason,
            )

    def why(self) -> str:
        """The choice in one sentence."""
        used = sorted((trial for trial in self._tried if trial.weight > 0), key=lambda one: -one.weight)
        named = ", ".join(f"{trial.learner.name} {trial.weight:.0%}" for trial in used)
        left_out = sum(trial.fitted is None and trial.quality is None for trial in self._tried)
        more = f"; {left_out} did not fit the budget" if left_out else ""
        second = "; their candidates are ordered anew by a second stage" if self._ranking else ""
        return f"Of {len(self._tried)} methods these rank best together what people took next: {named}{more}{second}."

    def _fit(self, learner: Learner, events: Interactions) -> Fitted:
        return learner.fit(events, rng=self._rng, on_step=lambda _done, _of: None)

    def _refusal(self, cost: Cost) -> str:
        if all(trial.fitted is None for trial in self._tried):
            return ""  # something has to answer, whatever it takes
        held = sum(trial.cost.bytes for trial in self._tried if trial.fitted is not None)
        if held + cost.bytes > (self._budget.limits.bytes or 0):
            return f"would take {(held + cost.bytes) / 1e9:.1f} GB with the others"
        needed = self._fits * cost.seconds * self._pace
        left = 0.8 * self._budget.left() - needed - self._again() - self._asking(_WEIGHS)
        # Another method says more than another order of what the others name, unless it takes longer than that.
        if left < (self._ordering() if needed > self._ordering() else 0.0):
            return f"would take about {needed:.0f} s more"
        return ""

    def _again(self) -> float:
        """Seconds to fit once more, on everything, what was fitted."""
        return sum(trial.fit_seconds for trial in self._tried if trial.fitted is not None) * (self._fits - 1)

    def _asking(self, times: int = 1) -> float:
        """Seconds to ask all that was fitted all cases; for a blend and its scales this is done `_WEIGHS` times."""
        return times * sum(trial.ask_seconds for trial in self._tried if trial.fitted is not None)

    def _ordering(self) -> float:
        """Seconds to learn how to order the candidates of all that was fitted."""
        return self._asking() + (self.task.people * _CASE_SECONDS if self.task.people >= _LEAST_RANKED else 0.0)

    def _rankable(self, models: int) -> int:
        """Cases for which a second stage can be learned while all that was fitted can still be fitted once more."""
        seconds = 0.8 * self._budget.left() - self._again()
        return affordable(models, seconds, _CASE_SECONDS + self._asking() / max(1, self.task.people))

    def _quality(self, trial: _Trial, fitted: Fitted) -> NDArray[np.float64]:
        """(cases,) NDCG@k; notes what asking all cases of the blend would take."""
        began = self._budget.spent()
        quality = gather([fitted], self._tuning, depth=self._k).quality(np.ones(1), self._k)
        seconds = (self._budget.spent() - began) * self.task.people / max(1, self._tuning.people)
        trial.ask_seconds = min(trial.ask_seconds, seconds)
        return quality

    def _may_tune(self, next_seconds: float) -> bool:
        left = self._budget.left() - next_seconds - self._again() - self._asking(_WEIGHS)
        costs_the_rest = left < 0 or left < self._ordering() <= left + next_seconds
        spent = self._budget.spent() + next_seconds
        return not costs_the_rest and spent < _TUNING_SHARE * (self._budget.limits.seconds or 0.0)

    def _tune(self, trial: _Trial) -> None:
        """Try the free settings one after the other, then those that need a fit while time is left for them."""
        for path, values in trial.candidate.free.items():
            for value in values:
                if trial.fitted is None or not self._may_tune(0.0):
                    return
                learner = changed(trial.learner, path, value)
                self._keep_better(trial, learner, refocused(trial.fitted, learner))
        for path, values in trial.candidate.dear.items():
            for value in values:
                if not self._may_tune(4 * trial.fit_seconds):
                    return
                learner = changed(trial.learner, path, value)
                self._keep_better(trial, learner, self._fit(learner, self.task.train))

    def _keep_better(self, trial: _Trial, learner: Learner, fitted: Fitted) -> None:
        cases = self._quality(trial, fitted)
        # Of many settings tried on few cases one is always ahead by chance.
        if exceeds_chance(cases - trial.cases, _LEAST_ERRORS):
            trial.learner, trial.fitted, trial.cases = learner, fitted, cases


def _mean(quality: NDArray[np.float64]) -> float:
    return float(quality.mean()) if len(quality) else 0.0


def _names_candidates(trial: _Trial) -> bool:
    """Popularity is a feature of every candidate already; what only it names crowds out the rest."""
    return not isinstance(trial.learner, Popular)
