"""One neighbour list chosen among methods: each is fitted within a budget, tuned, and weighed against the others."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from zhanggui.kernel.steps import OnStep, between, quiet
from zhanggui.recommend.engines.content import Document
from zhanggui.recommend.engines.covisitation import Neighbours
from zhanggui.recommend.engines.evaluation.intervals import exceeds_chance
from zhanggui.recommend.engines.evaluation.tasks import Task
from zhanggui.recommend.engines.interactions import Interactions
from zhanggui.recommend.engines.learners.base import Fitted
from zhanggui.recommend.engines.learners.blending import gather, learn_weights
from zhanggui.recommend.engines.learners.candidates import refocused
from zhanggui.recommend.engines.learners.lists import FittedLists
from zhanggui.recommend.types.learning import TriedMethod

from .cutting import extent, neighbours_of, summed
from .methods import PLAIN, Method, hindrance, learner_of

K = 20
USUAL = "usual"
_SCORES_A_SECOND = 4e7
"""Scores of pairs of products that cutting a learner to lists looks at, where it gives no lists itself."""
_LEAST_ERRORS = 0.5
"""Standard errors of a gain that another setting has to show."""
_LEAST_SHARE = 0.05
_FITS = 2
"""On the past of the last sessions, and on everything."""
_SHARE_OF_A_NETWORK = 1 / 3
"""Of all seconds, that both fits of one network may take."""
_LEAST_EPOCHS = 3
"""Below these a network has hardly begun."""
_MOST_EPOCHS = 200


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

    def epochs(self, cost_of: Callable[[int], float], most: int) -> int:
        """How many epochs a network may learn, from the size of behaviour alone; 0 where they would hardly begin.

        `cost_of` tells the seconds of so many epochs. So a card that names them learns the same again.
        """
        begin, epoch = cost_of(0), cost_of(1) - cost_of(0)
        count = int((self.seconds * _SHARE_OF_A_NETWORK / _FITS - begin) / epoch) if epoch > 0 else 0
        return min(most, count) if count >= _LEAST_EPOCHS else 0


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


@dataclass(slots=True, kw_only=True)
class Trying:
    """Chooses the lists of one graph: each method is attempted, then all are weighed.

    Args:
        graph: its name.
        task: see `cases_of`; its training part is what is learned from.
        usual: the lists that a shop has without a choice.
        purse: what may be spent.
        seed: where a method needs chance.
        k: length of a list.
        documents: the words of every product by its number; empty for none.
        on_step: hears the steps of every fit; what it raises ends the trying.
    """

    graph: str
    task: Task
    usual: Neighbours
    purse: Purse
    seed: int
    k: int
    documents: Sequence[Document] = ()
    on_step: OnStep = quiet
    _trials: list[_Trial] = field(init=False)

    def __post_init__(self) -> None:
        usual = self.usual
        self._trials = [_Trial(method=USUAL, near=usual, scale=extent(usual), cases=self._quality(usual))]

    def attempt(self, method: Method) -> None:
        """Fit a method and tune it, as far as the purse allows."""
        trial = _Trial(method=method.name, reason=hindrance(method, self.task.train, self.documents))
        self._trials.append(trial)
        began = self.purse.clock()
        first = self._first_settings(trial, method)
        fitted = None if trial.reason else self._fit(trial, first, method)
        for path, values in method.tries.items():
            for value in values:
                if trial.near is not None:
                    fitted = None  # what is fitted may be large, and the next one is made beside it
                    self._fit(trial, {**trial.settings, path: value}, method)
        for path, values in method.free.items():
            for value in values:
                if fitted is not None:
                    self._cut_anew(trial, fitted, {**trial.settings, path: value})
        trial.seconds = self.purse.clock() - began
        self.purse.promised += trial.fit_seconds

    def choose(self) -> tuple[Neighbours, tuple[TriedMethod, ...]]:
        """The lists that rank best what was taken next, and all that was tried; the usual ones where nothing gains."""
        trials, first = self._trials, self._trials[0]
        self._weigh([trial for trial in trials if trial.near is not None])
        parts = [
            (trial.near, trial.weight / trial.scale) for trial in trials if trial.near is not None and trial.weight
        ]
        is_usual = first.weight == 1.0
        chosen = self.usual if is_usual else summed([(near, weight * first.scale) for near, weight in parts], self.k)
        return chosen, tuple(self._line(trial) for trial in trials)

    def _first_settings(self, trial: _Trial, method: Method) -> dict[str, float]:
        """The usual ones; of a network, with as many epochs as the purse has for it."""
        if trial.reason or not method.epochs:
            return {}
        train = self.task.train

        def seconds(count: int) -> float:
            return learner_of(method.name, {method.epochs: count}).cost(train).seconds

        count = self.purse.epochs(seconds, _MOST_EPOCHS)
        if not count:
            told = f"{_FITS * seconds(_LEAST_EPOCHS):.0f} s of the {_SHARE_OF_A_NETWORK * self.purse.seconds:.0f} s"
            trial.reason = f"would take about {told} that one network may"
        return {method.epochs: float(count)}

    def _fit(self, trial: _Trial, settings: dict[str, float], method: Method) -> Fitted | None:
        """Fit a method with other settings, and keep its lists where they rank better by more than chance."""
        learner = learner_of(trial.method, settings, self.documents)
        cost, began = learner.cost(self.task.train), self.purse.clock()
        guessed = cost.seconds + (0.0 if method.gives_lists else self._cut_seconds)
        refusal = self.purse.refusal(guessed if trial.near is None else trial.fit_seconds, cost.bytes)
        if refusal:
            trial.reason = trial.reason or refusal
            return None
        try:
            fitted = learner.fit(self.task.train, rng=np.random.default_rng(self.seed), on_step=self.on_step)
            near = neighbours_of(fitted, self.task.size, self.k, self.on_step)
        except (ValueError, MemoryError, RuntimeError, ImportError, np.linalg.LinAlgError) as error:
            trial.reason = trial.reason or f"could not be fitted: {error}"
            return None
        spent = self.purse.clock() - began
        if self._keep(trial, settings, near):
            trial.fit_seconds = spent
        return fitted

    def _cut_anew(self, trial: _Trial, fitted: Fitted, settings: dict[str, float]) -> None:
        """Lists of the same fit with another setting of the cut, kept likewise."""
        if not self.purse.refusal(self._cut_seconds, 0):
            other = refocused(fitted, learner_of(trial.method, settings))
            self._keep(trial, settings, neighbours_of(other, self.task.size, self.k, self.on_step))

    @property
    def _cut_seconds(self) -> float:
        return self.task.size**2 / _SCORES_A_SECOND

    def _keep(self, trial: _Trial, settings: dict[str, float], near: Neighbours) -> bool:
        cases = self._quality(near)
        if trial.near is not None and not exceeds_chance(cases - trial.cases, _LEAST_ERRORS):
            return False
        trial.settings, trial.near, trial.cases, trial.scale = settings, near, cases, extent(near)
        return True

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
    tried: Sequence[TriedMethod],
    usual: Callable[[OnStep], Neighbours],
    events: Interactions,
    k: int,
    seed: int,
    documents: Sequence[Document] = (),
    on_step: OnStep = quiet,
) -> Neighbours:
    """The lists of a graph as a card says: `usual` makes those that a shop has without a choice.

    `on_step` hears the steps of every fit as its share of all, and may end it by what it raises.
    """
    used = [one for one in tried if one.weight > 0]
    if all(one.method == USUAL for one in used):
        return usual(on_step)
    wanted = next(one.scale for one in tried if one.method == USUAL)
    made = []
    for n, one in enumerate(used):
        share = between(on_step, 100 * n // len(used), 100 * (n + 1) // len(used))
        made.append(usual(share) if one.method == USUAL else _fitted_lists(one, events, k, seed, documents, share))
    return summed([(near, wanted * one.weight / extent(near)) for near, one in zip(made, used, strict=True)], k)


def _fitted_lists(
    one: TriedMethod, events: Interactions, k: int, seed: int, documents: Sequence[Document], on_step: OnStep
) -> Neighbours:
    learner = learner_of(one.method, one.settings, documents)
    fitted = learner.fit(events, rng=np.random.default_rng(seed), on_step=between(on_step, 0, 60))
    return neighbours_of(fitted, events.size, k, between(on_step, 60, 100))


def _asking(near: Neighbours) -> FittedLists:
    return FittedLists.of(near, PLAIN)
