"""From a model's scores to the figures of its row."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from zhanggui.kernel.steps import OnStep
from zhanggui.recommend.engines.evaluation.groups import Group, by_history, by_warmth, wanted_by
from zhanggui.recommend.engines.evaluation.intervals import Sample, resample
from zhanggui.recommend.engines.evaluation.list_intervals import list_intervals
from zhanggui.recommend.engines.evaluation.metrics import MEASURES, Marks, Score, judge
from zhanggui.recommend.engines.evaluation.tasks import Task
from zhanggui.recommend.engines.evaluation.variety import people_vectors, variety
from zhanggui.recommend.engines.interactions import Ints

from .asking import Asked
from .attributes import Attributes
from .results import Figure, GroupFigure, ListFigure


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """Everything that is the same for all models of one evaluation.

    Attributes:
        task: what is asked.
        ks: lengths of list, ascending.
        seed: of ties in lists and of intervals; the same draws for every model.
        wanted_by: (size,) people who wanted a product in training.
        trained: how many people there were.
        vectors: by which products are alike.
    """

    task: Task
    ks: tuple[int, ...]
    seed: int
    wanted_by: Ints
    trained: int
    vectors: Any

    @classmethod
    def of(cls, asked: Asked, ks: Sequence[int], *, seed: int, attributes: Attributes | None) -> Judging:
        """Count what all rows need."""
        counts, people = wanted_by(asked.task)
        vectors = people_vectors(asked.task.train) if attributes is None else attributes.vectors()
        lengths = tuple(sorted(set(ks)))
        return cls(task=asked.task, ks=lengths, seed=seed, wanted_by=counts, trained=people, vectors=vectors)

    def judge(self, score: Score, on_step: OnStep) -> Marks:
        """Rank all products for all cases."""
        return judge(self.task, score, ks=self.ks, rng=np.random.default_rng(self.seed), on_step=on_step)

    def sample(self, marks: Marks) -> Sample:
        """Means and their resampled means; columns as `names`."""
        return resample(marks.values.reshape(len(marks.values), -1), self.task.owners, seed=self.seed)

    def names(self) -> list[str]:
        """`hit@10`, …"""
        return [f"{measure}@{k}" for k in self.ks for measure in MEASURES]

    def figures(self, sample: Sample) -> dict[str, Figure]:
        """Every measure at every length, with its interval."""
        estimates = {name: sample.estimate(column) for column, name in enumerate(self.names())}
        if not self.has_several:
            return {name: Figure(value=one.value, low=None, high=None) for name, one in estimates.items()}
        return {name: Figure(value=one.value, low=one.low, high=one.high) for name, one in estimates.items()}

    @property
    def has_several(self) -> bool:
        """Whether more than one person or session is asked; of one, nothing can be told about others."""
        return len(self.task.owners) > 0 and bool(self.task.owners[0] != self.task.owners[-1])

    def lists(self, marks: Marks) -> dict[str, ListFigure | None]:
        """What the lists are like, right or wrong; None where a figure means nothing."""
        found: dict[str, ListFigure | None] = {}
        told: dict[str, Any] = {"wanted_by": self.wanted_by, "people": self.trained, "vectors": self.vectors}
        for k in self.ks:
            tops = marks.tops[:, :k]
            seen = variety(tops, **told)
            between = list_intervals(tops, self.task.owners, seed=self.seed, **told)
            for name in ("coverage", "gini", "novelty", "diversity"):
                value, (low, high) = float(getattr(seen, name)), between.get(name, (None, None))
                figure = ListFigure(value=value, low=low, high=high)
                found[f"{name}@{k}"] = None if math.isnan(value) else figure
        return found

    def by_history(self, marks: Marks) -> list[GroupFigure]:
        """Recall at the largest k by what is known of a person."""
        return _told(by_history(self.task, marks.of("recall", self.ks[-1]), seed=self.seed))

    def by_warmth(self, marks: Marks) -> list[GroupFigure]:
        """Targets found at the largest k by what is known of a product."""
        return _told(by_warmth(self.task, marks.found[:, -1], self.wanted_by, seed=self.seed))


def _told(groups: Sequence[Group]) -> list[GroupFigure]:
    return [
        GroupFigure(group=one.label, count=one.count, value=one.value, low=one.low, high=one.high) for one in groups
    ]
