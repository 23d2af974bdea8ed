"""What nobody took yet, rehearsed: products are hidden on purpose, so that a second stage learns what words are worth.

On validation everybody took something that others took before, so a second stage would learn that what nobody took is
never wanted. Here as large a share of the known products is hidden as is unknown in truth: no model of behaviour says
anything of them, no count knows them, no history holds them. What is learned then is true of the others too.

Source: Volkovs, Yu and Poutanen, "DropoutNet: Addressing Cold Start in Recommender Systems", NIPS 2017.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from zhanggui.recommend.engines.evaluation.tasks import Task
from zhanggui.recommend.engines.interactions import Floats, Interactions

from .base import Fitted, Learner
from .content import Content
from .ranking import FittedRanking

LEAST_SHARE = 0.02
"""Below so small a share of unknown products nothing is rehearsed."""
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """A model as it would be had some products come only now.

    Attributes:
        part: the model.
        silent: (size,) products of which it says nothing.
        hidden: (size,) products that no history holds.
    """

    part: Fitted
    silent: Flags
    hidden: Flags

    def score(self, histories: Interactions, people: int) -> Floats:
        """See `Fitted`."""
        scores = self.part.score(histories.where(~self.hidden[histories.product]), people)
        scores[:, self.silent] = 0.0
        return scores


def rehearse(
    ranking: FittedRanking, task: Task, learners: Sequence[Learner], rng: np.random.Generator
) -> tuple[FittedRanking, Task] | None:
    """The ranking and its cases as if products that have words had come only now; None where hardly any is unknown.

    Args:
        ranking: before weights are learned.
        task: whose cases they are learned from.
        learners: (parts,) of which each part is the fit; `content` speaks by words, and so of what nobody took.
        rng: chooses which are hidden.
    """
    told = [learner.documents for learner in learners if isinstance(learner, Content)]
    if not told:
        return None
    worded = np.array([len(words) > 0 for words in told[0]], dtype=np.bool_)
    is_known = ranking.popularity > 0
    unknown, known = worded & ~is_known, np.flatnonzero(worded & is_known)
    share = float(unknown.sum()) / max(1, int(worded.sum()))
    if share < LEAST_SHARE:
        return None
    hidden = np.zeros(task.size, dtype=np.bool_)
    hidden[rng.choice(known, int(share * len(known)), replace=False)] = True
    parts = tuple(
        Rehearsed(part=part, silent=unknown if isinstance(learner, Content) else unknown | hidden, hidden=hidden)
        for part, learner in zip(ranking.parts, learners, strict=True)
    )
    counts = replace(
        ranking,
        parts=parts,
        popularity=np.where(hidden, np.float32(0), ranking.popularity),
        lately=np.where(hidden[:, None], np.float32(0), ranking.lately),
    )
    histories = task.histories.where(~hidden[task.histories.product])
    return counts, replace(task, histories=histories)
