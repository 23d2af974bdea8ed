"""A part of what is learned from, held out to tell when to stop: one event of some people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhanggui.recommend.engines.evaluation.tasks import rows_of
from zhanggui.recommend.engines.interactions import Floats, Interactions

_MOST_PEOPLE = 1000
_LARGEST_SHARE = 0.1
_LEAST_EVENTS = 3
_BATCH = 256

Score = Callable[[Interactions, int], Floats]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """People without their held event.

    Attributes:
        histories: people numbered from 0.
        targets: (people,) the product of each one's held event.
    """

    histories: Interactions
    targets: NDArray[np.int32]

    def quality(self, score: Score) -> float:
        """Mean over people of 1 / log2(1 + rank) of the target among products not in the history; 0 for nobody.

        All ranks count, so that few people tell small gains.
        """
        gains = [np.zeros(0)]
        bounds = np.searchsorted(self.histories.person, np.arange(0, len(self.targets) + _BATCH, _BATCH))
        for n, first in enumerate(range(0, len(self.targets), _BATCH)):
            targets = self.targets[first : first + _BATCH]
            asked = rows_of(self.histories, slice(int(bounds[n]), int(bounds[n + 1])), first)
            scores = score(asked, len(targets))
            its = scores[np.arange(len(targets)), targets]
            scores[asked.person, asked.product] = -np.inf
            scores[:, 0] = -np.inf
            gains.append(1 / np.log2(2 + (scores > its[:, None]).sum(axis=1)))
        everyone = np.concatenate(gains)
        return float(everyone.mean()) if len(everyone) else 0.0


def hold_out(train: Interactions, rng: np.random.Generator) -> tuple[Interactions, Held]:
    """What is left to learn from, and some people's last event (any event of their last moment) without repeats.

    Dismissals are in neither: networks learn from what was wanted.
    """
    wanted = train.where(train.strength > 0)
    starts = wanted.person_starts()
    long = np.flatnonzero(np.diff(starts) >= _LEAST_EVENTS)
    count = min(_MOST_PEOPLE, int(_LARGEST_SHARE * (len(starts) - 1)), len(long))
    asked = np.sort(rng.choice(long, size=count, replace=False)) if count else long[:0]
    person = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
    last_moment = wanted.at_ms[starts[1:] - 1][person] == wanted.at_ms
    chance = np.where(last_moment, rng.random(len(wanted)), -1.0)
    order = np.lexsort((chance, person))
    rows = order[starts[asked + 1] - 1]
    is_held = np.zeros(len(wanted), dtype=bool)
    is_held[rows] = True
    number = np.full(len(starts) - 1, -1, dtype=np.int64)
    number[asked] = np.arange(len(asked))
    of_asked = (number[person] >= 0) & ~is_held
    again = of_asked.copy()
    targets = wanted.product[rows]
    again[of_asked] = wanted.product[of_asked] == targets[number[person[of_asked]]]
    histories = wanted.where(of_asked & ~again)
    numbered = rows_of(histories, slice(None), 0)
    numbered.person[:] = number[person[of_asked & ~again]]
    return wanted.where(~is_held), Held(histories=numbered, targets=targets)
