"""`auto`: tries what fits a budget, blends what helped on validation, and says why.

Validation is the protocol of the task inside its training part. Where no task is given, behaviour in order is asked
for everybody's last event, and behaviour without order for a fifth of everybody's products.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from zhanggui.recommend.engines.evaluation.protocols import given_test, leave_one_out
from zhanggui.recommend.engines.evaluation.tasks import Task, is_ordered
from zhanggui.recommend.engines.interactions import Floats, Interactions

from .base import Cost, Limits, OnStep
from .blending import FittedBlend
from .budget import Budget
from .candidates import Candidate, candidates_for
from .ranking import FittedRanking
from .trials import Trials, Tried

DEFAULT_SECONDS = 20 * 60.0
DEFAULT_BYTES = 6_000_000_000
_HELD_SHARE = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What `auto` did.

    Attributes:
        tried: every candidate, in the order in which they were tried.
        quality: NDCG@k of the blend on validation.
        k: of `quality`.
        cases: of validation.
        protocol: by which validation was cut.
        seconds: all in all.
        reason: in words.
    """

    tried: tuple[Tried, ...]
    quality: float
    k: int
    cases: int
    protocol: str
    seconds: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedAuto:
    """A blend, or a ranking of what its parts name, with its card."""

    blend: FittedBlend | FittedRanking
    card: Card

    def score(self, histories: Interactions, people: int) -> Floats:
        """See `Fitted`."""
        return self.blend.score(histories, people)


@dataclass(frozen=True, slots=True, kw_only=True)
class Auto:
    """Chooses and blends within a budget.

    Attributes:
        task: whose protocol validation follows; None where nobody asks a question yet.
        limits: CPU seconds and bytes that a fit may take.
        k: length of list that is made best.
        favour_unseen: what a product that nobody took yet gains over what its words are worth, a logarithm of odds.
        candidates: what may be tried, the most promising first; empty for those that suit the behaviour.
        clock: CPU seconds of this process from any moment on.
    """

    task: Task | None = None
    limits: Limits = field(default_factory=Limits)
    k: int = 20
    favour_unseen: float = 0.0
    candidates: tuple[Candidate, ...] = ()
    clock: Callable[[], float] = time.process_time

    @property
    def name(self) -> str:
        """`auto`."""
        return "auto"

    def cost(self, train: Interactions) -> Cost:
        """At most the budget; less where little is to be learned."""
        tried = self.candidates or candidates_for(train)
        costs = [candidate.learner.cost(train) for candidate in tried]
        limits = self._limits()
        seconds = min(limits.seconds or DEFAULT_SECONDS, sum(3 * one.seconds for one in costs))
        return Cost(seconds=seconds, bytes=limits.bytes or DEFAULT_BYTES)

    def fit(self, train: Interactions, *, rng: np.random.Generator, on_step: OnStep) -> FittedAuto:
        """Try, blend and learn again from everything."""
        budget = Budget(limits=self._limits(), clock=self.clock)
        inner = self._validation(train, rng)
        learn_again = len(inner.train) != len(train)
        trials = Trials(task=inner, k=self.k, budget=budget, rng=rng, fits=2 if learn_again else 1)
        candidates = self.candidates or candidates_for(train)
        for done, candidate in enumerate(candidates):
            trials.attempt(candidate)
            on_step(done + 1, len(candidates) + 1)
        quality = trials.weigh()
        blend = trials.blend(train if learn_again else None)
        if isinstance(blend, FittedRanking):
            blend = replace(blend, lift=self.favour_unseen)
        on_step(len(candidates) + 1, len(candidates) + 1)
        card = Card(
            tried=tuple(trials.lines()),
            quality=quality,
            k=self.k,
            cases=trials.task.people,
            protocol=inner.kind,
            seconds=budget.spent(),
            reason=trials.why(),
        )
        return FittedAuto(blend=blend, card=card)

    def _limits(self) -> Limits:
        return Limits(
            seconds=DEFAULT_SECONDS if self.limits.seconds is None else self.limits.seconds,
            bytes=DEFAULT_BYTES if self.limits.bytes is None else self.limits.bytes,
        )

    def _validation(self, train: Interactions, rng: np.random.Generator) -> Task:
        if self.task is not None and self.task.train is train:
            return self.task.validation(rng)
        keep_seen = self.task.keep_seen if self.task is not None else is_ordered(train)
        if is_ordered(train) and bool(np.any(train.strength > 0)):
            return leave_one_out(train, keep_seen=keep_seen)
        held = rng.random(len(train)) < _HELD_SHARE
        return given_test(train.where(~held), train.where(held), keep_seen=keep_seen)
