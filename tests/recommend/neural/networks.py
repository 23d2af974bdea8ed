"""Small behaviour that networks can learn in a second."""

from __future__ import annotations

import numpy as np
from tests.recommend.evaluations import quiet, sequences

from zhanggui.recommend.engines.evaluation.metrics import judge
from zhanggui.recommend.engines.evaluation.tasks import Task
from zhanggui.recommend.engines.interactions import Interactions
from zhanggui.recommend.engines.learners.base import Fitted, Learner

NEEDS_TORCH = "the extra `neural` is not installed: make setup-neural"


def fitted(learner: Learner, log: Interactions, *, seed: int = 0) -> Fitted:
    return learner.fit(log, rng=np.random.default_rng(seed), on_step=quiet)


def ndcg(task: Task, model: Fitted) -> float:
    marks = judge(task, model.score, ks=(5,), rng=np.random.default_rng(0), on_step=quiet)
    return float(marks.of("ndcg", 5).mean())


def a_round(people: int, *, products: int = 20, length: int = 7, seed: int = 0) -> Interactions:
    """Everybody goes on by one or two round a circle of products: what comes next follows from what was last."""
    rng = np.random.default_rng(seed)
    steps = np.cumsum(rng.integers(1, 3, (people, length)), axis=1) + rng.integers(products, size=(people, 1))
    return sequences(*(1 + steps % products).tolist(), size=products + 1)
