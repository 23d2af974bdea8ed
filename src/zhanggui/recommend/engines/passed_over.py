"""What people saw in lists again and again and never took up: a soft negative where a blend is learned.

A candidate that somebody merely did not take next says little, for most were never looked at. One that they saw in
lists some times within a week and left alone says more, so it counts as several such candidates. It never counts
against a product as a dismissal does, and it acts on the weights alone: nothing of a person is kept.

Source: Hu, Koren and Volinsky, "Collaborative Filtering for Implicit Feedback Datasets", ICDM 2008 (confidence by how
often something was seen).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from zhanggui.kernel.clock import DAY_MS
from zhanggui.kernel.steps import OnStep, quiet

from .blend import Choices, fit_blend
from .choosing import Replay, choices_of, recall_at
from .evaluation.intervals import exceeds_chance
from .interactions import Floats, Ints

WINDOW_MS = 7 * DAY_MS
LEAST_SEEN = 3
"""Times seen from which on it says something; the shops' rule of frequency rests products likewise."""
SHARE = 1.0
"""A product seen n times counts as 1 + this × log(n) candidates that were not taken."""
LATER, ERRORS, K = 0.25, 0.5, 20


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenInLists:
    """What was seen in lists, (n,) each, in any order."""

    person: Ints
    product: Ints
    at_ms: Ints

    def ordered(self) -> SeenInLists:
        """By person, then time."""
        order = np.lexsort((self.at_ms, self.person))
        return SeenInLists(person=self.person[order], product=self.product[order], at_ms=self.at_ms[order])

    def weights(self, one: Replay) -> Floats:
        """(candidates,) as how many each counts where it was not taken; of rows that are `ordered`."""
        start, end = np.searchsorted(self.person, [one.person, one.person + 1])
        at_ms, now_ms = self.at_ms[start:end], one.history.now_ms
        rows = slice(
            start + int(np.searchsorted(at_ms, now_ms - WINDOW_MS)), start + int(np.searchsorted(at_ms, now_ms))
        )
        products, times = np.unique(self.product[rows], return_counts=True)
        is_left = (times >= LEAST_SEEN) & ~np.isin(products, one.past.products) & ~np.isin(products, one.taken)
        weight = np.ones(len(one.candidates.ids), dtype=np.float32)
        if is_left.any():
            held = dict(zip(products[is_left].tolist(), times[is_left].tolist(), strict=True))
            for row in np.flatnonzero(np.isin(one.candidates.ids, products[is_left])).tolist():
                weight[row] += SHARE * np.log(held[int(one.candidates.ids[row])])
        return weight


def learned_blend(
    replays: Sequence[Replay],
    seen: SeenInLists,
    rng: np.random.Generator,
    *,
    most: int,
    on_step: OnStep = quiet,
) -> tuple[Floats, Choices, Gain | None]:
    """Weights of the blend, what they were learned from, and what being passed over gained; None where nobody was seen.

    Soft negatives are taken in where a blend of the earlier occasions that knows of them finds more on the later ones,
    by half a standard error. `on_step` hears of each fit that is begun.
    """
    choices = choices_of(replays, most=most, rng=rng)
    on_step(1, 4)
    ordered = seen.ordered()
    weights = [ordered.weights(one) for one in replays]
    if not any(bool((weight > 1).any()) for weight in weights):
        return fit_blend(choices), choices, None
    border = int(len(replays) * (1 - LATER))
    earlier, later = replays[:border], replays[border:]
    seed = int(rng.integers(2**31))
    found = []
    for done, part in enumerate((None, weights[:border])):
        on_step(2 + done, 4)
        blend = fit_blend(_weighed(earlier, part, most, seed))
        found.append(recall_at(blend, later, K).astype(np.float64))
    on_step(4, 4)
    plain, soft = found
    is_used = exceeds_chance(soft - plain, ERRORS)
    gain = Gain(plain=float(plain.mean()), soft=float(soft.mean()), is_used=is_used)
    return fit_blend(_weighed(replays, weights, most, seed) if is_used else choices), choices, gain


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """Recall@20 on the later occasions without and with soft negatives, and whether these are taken in."""

    plain: float
    soft: float
    is_used: bool

    @property
    def figures(self) -> dict[str, float]:
        """As a card keeps them."""
        return {
            "recall@20_later": self.plain,
            "recall@20_later_passed_over": self.soft,
            "passed_over_counts": float(self.is_used),
        }


def _weighed(replays: Sequence[Replay], weights: Sequence[Floats] | None, most: int, seed: int) -> Choices:
    """Choices with what each counts as, from one draw for both."""
    made = choices_of(replays, most=most, rng=np.random.default_rng(seed), weights=weights)
    return made if weights is not None else replace(made, weight=None)
