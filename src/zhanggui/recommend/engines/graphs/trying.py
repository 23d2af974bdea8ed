"""One neighbour list chosen among methods: each is fitted within a budget, tuned, and weighed against the others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from zhanggui.recommend.engines.covisitation import Neighbours
from zhanggui.recommend.engines.evaluation.intervals import exceeds_chance
from zhanggui.recommend.engines.evaluation.tasks import Task
from zhanggui.recommend.engines.interactions import Interactions
from zhanggui.recommend.engines.learners.blending import gather, learn_weights
from zhanggui.recommend.engines.learners.lists import FittedLists
from zhanggui.recommend.types.learning import TriedMethod

from .cutting import extent, neighbours_of, summed
from .methods import PLAIN, Method, learner_of

K = 20
USUAL = "usual"
_SCORES_A_SECOND = 4e7
"""Scores that cutting a learner to lists looks at."""
_LEAST_ERRORS = 0.5
"""Standard errors of a gain that another setting has to show."""
_LEAST_SHARE = 0.05
_FITS = 2
"""On the past of the last sessions, and on everything."""


@dataclass(slots=True, kw_only=True)
class Purse:
    """Seconds of the processor and bytes that choosing may take.

    Attributes:
        seconds: for all fits, those on everything included.
        bytes: of one fit at its peak.
        clock: seconds of the processor from any moment on.
    """

    seconds: float
    bytes: int
    clock: Callable[[], float]
    promised: float = 0.0
    began: float = field(init=False)

    def __post_init__(self) -> None:
        self.began = self.clock()

    def refusal(self, seconds: float, bytes_: int) -> str:
        """Why a fit may not be made; empty where it may. What was made has to be made once more in the end."""
        if bytes_ > self.bytes:
            return f"would take {bytes_ / 2**20:.0f} MiB; memory_mb allows {self.bytes / 2**20:.0f}"
        left = self.seconds - self.promised - (self.clock() - self.began)
        if _FITS * seconds > left:
            return f"would take about {_FITS * seconds:.0f} s of the {max(0.0, left):.0f} s that are left"
        return ""


@dataclass(slots=True, kw_only=True)
class _Trial:
    method: str
    settings: dict[str, float] = field(default_factory=dict)
    near: Neighbours | None = None
    cases: NDArray[np.float64] = field(default_factory=lambda: np.zeros(0))
    seconds: float = 0.0
    fit_seconds: float = 0.0
    weight: float = 0.0
    scale: float = 1.0
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trying:
    """Chooses the lists of one graph.

    Args:
        graph: its name.
        task: see `cases_of`; its training part is what is learned from.
        purse: what may be spent.
        seed: where a method needs chance.
        k: length of a list.
    """

    graph: str
    task: Task
    purse: Purse
    seed: int
    k: int

    def choose(self, usual: Neighbours, methods: Sequence[Method]) -> tuple[Neighbours, tuple[TriedMethod, ...]]:
        """The lists that rank best what was taken next, and all that was tried; the usual ones where nothing gains."""
        first = _Trial(method=USUAL, near=usual, scale=extent(usual), cases=self._quality(usual))
        trials = [first, *(self._tried(method) for method in methods)]
        self._weigh([trial for trial in trials if trial.near is not None])
        parts = [
            (trial.near, trial.weight / trial.scale) for trial in trials if trial.near is not None and trial.weight
        ]
        is_usual = first.weight == 1.0
        chosen = usual if is_usual else summed([(near, weight * first.scale) for near, weight in parts], self.k)
        return chosen, tuple(self._line(trial) for trial in trials)

    def _tried(self, method: Method) -> _Trial:
        trial = _Trial(method=method.name)
        began = self.purse.clock()
        self._attempt(trial, {})
        for path, values in method.tries.items():
            for value in values:
                if trial.near is not None:
                    self._attempt(trial, {**trial.settings, path: value})
        trial.seconds = self.purse.clock() - began
        self.purse.promised += trial.fit_seconds
        return trial

    def _attempt(self, trial: _Trial, settings: dict[str, float]) -> None:
        """Fit a method with other settings, and keep them where they rank better by more than chance."""
        learner = learner_of(trial.method, settings)
        cost, began = learner.cost(self.task.train), self.purse.clock()
        guessed = cost.seconds + self.task.size**2 / _SCORES_A_SECOND
        refusal = self.purse.refusal(guessed if trial.near is None else trial.fit_seconds, cost.bytes)
        if refusal:
            trial.reason = trial.reason or refusal
            return
        try:
            near = fit_lists(trial.method, settings, self.task.train, self.k, self.seed)
        except (ValueError, MemoryError, np.linalg.LinAlgError) as error:
            trial.reason = trial.reason or f"could not be fitted: {error}"
            return
        spent, cases = self.purse.clock() - began, self._quality(near)
        if trial.near is None or exceeds_chance(cases - trial.cases, _LEAST_ERRORS):
            trial.settings, trial.near, trial.cases, trial.scale = settings, near, cases, extent(near)
            trial.fit_seconds = spent

    def _quality(self, near: Neighbours) -> NDArray[np.float64]:
        return gather([_asking(near)], self.task, depth=K).quality(np.ones(1), K)

    def _weigh(self, trials: list[_Trial]) -> None:
        """Weights of a sum; all to the usual lists where the sum is not better by more than chance."""
        panel = gather([_asking(trial.near) for trial in trials if trial.near is not None], self.task)
        scales = np.array([trial.scale for trial in trials])
        weights = learn_weights(panel, scales, k=K)
        weights[weights < _LEAST_SHARE * weights.max()] = 0.0
        weights /= weights.sum()
        gain = panel.quality(weights / scales, K) - panel.quality(np.eye(len(trials))[0] / scales, K)
        if not exceeds_chance(gain, 1.0):
            weights = np.eye(len(trials))[0]
        for trial, weight in zip(trials, weights, strict=True):
            trial.weight = float(weight)
            trial.reason = trial.reason or ("adds to the lists" if weight > 0 else "gains nothing beside the others")

    def _line(self, trial: _Trial) -> TriedMethod:
        return TriedMethod(
            graph=self.graph,
            method=trial.method,
            settings=trial.settings,
            quality=float(trial.cases.mean()) if trial.near is not None else None,
            weight=trial.weight,
            scale=trial.scale,
            seconds=round(trial.seconds, 2),
            reason=trial.reason,
        )


def learned_lists(
    tried: Sequence[TriedMethod], usual: Callable[[], Neighbours], events: Interactions, k: int, seed: int
) -> Neighbours:
    """The lists of a graph as a card says: `usual` makes those that a shop has without a choice."""
    used = [one for one in tried if one.weight > 0]
    if all(one.method == USUAL for one in used):
        return usual()
    wanted = next(one.scale for one in tried if one.method == USUAL)
    made = [usual() if one.method == USUAL else fit_lists(one.method, one.settings, events, k, seed) for one in used]
    return summed([(near, wanted * one.weight / extent(near)) for near, one in zip(made, used, strict=True)], k)


def fit_lists(method: str, settings: Mapping[str, float], events: Interactions, k: int, seed: int) -> Neighbours:
    """Fit a method and cut what it knows to lists of k."""
    learner, rng = learner_of(method, settings), np.random.default_rng(seed)
    return neighbours_of(learner.fit(events, rng=rng, on_step=lambda _done, _of: None), events.size, k)


def _asking(near: Neighbours) -> FittedLists:
    return FittedLists.of(near, PLAIN)
