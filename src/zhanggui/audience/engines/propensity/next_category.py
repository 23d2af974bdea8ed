"""Which category somebody buys from next: a conditional logit over three plain views of their own past and the shop's.

The three: the person's own categories, newer purchases counting more; what others bought after the category bought
last; what everybody buys. Their weights are learned on later purchases than the counts were made of.

Source: McFadden, "Conditional logit analysis of qualitative choice behavior", 1974.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from zhanggui.audience.engines.lifetime.histories import Doubles, Ints

from .judging import Bin, calibration_error, reliability

HALF_LIFE_DAYS = 60.0
FLOOR = 0.002
"""Share that every category has in every view: what was never seen is not impossible."""
FEW = 3
VIEWS = ("own", "after", "everybody")


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchases:
    """Arrays of one length, by person and day: who bought from which category (dense numbers from 0) on which day."""

    person: Ints
    day: Ints
    category: Ints

    def until(self, day: int) -> Purchases:
        """What was bought by the end of a day."""
        kept = self.day <= day
        return Purchases(person=self.person[kept], day=self.day[kept], category=self.category[kept])


@dataclass(frozen=True, slots=True, kw_only=True)
class NextCategory:
    """Counts of the shop, no person among them, and the weights of `VIEWS`.

    Attributes:
        after: (categories, categories) shares of what is bought next, by what was bought last.
        everybody: (categories,) shares.
        weights: (3,)
    """

    after: Doubles
    everybody: Doubles
    weights: Doubles

    def chances(self, category: Ints, day: Ints, now_day: int) -> Doubles:
        """(categories,) of one person's next purchase, from their purchases (n,) in order; they sum to 1."""
        return softmax(self.views(category, day, now_day) @ self.weights)

    def views(self, category: Ints, day: Ints, now_day: int) -> Doubles:
        """(categories, 3) logarithms of shares."""
        size = len(self.everybody)
        newness = 0.5 ** ((now_day - day) / HALF_LIFE_DAYS)
        counted = np.bincount(category, weights=newness, minlength=size).astype(np.float64)
        own = counted / counted.sum() if counted.sum() else self.everybody
        after = self.after[category[-1]] if len(category) else self.everybody
        shares = np.stack([own, after, self.everybody], axis=1)
        logs: Doubles = np.log((shares + FLOOR) / (1 + FLOOR * size))
        return logs


@dataclass(frozen=True, slots=True, kw_only=True)
class NextFigures:
    """How the next categories were foretold on people left out, beside what everybody buys.

    Attributes:
        right, right_3: how often the likeliest, and one of the three likeliest, was the next.
        ece: calibration error of the chance of the likeliest.
        bins: of that chance against its being the next.
    """

    people: int
    right: float
    right_everybody: float
    right_3: float
    right_3_everybody: float
    log_loss: float
    log_loss_everybody: float
    ece: float
    bins: tuple[Bin, ...]


def learn_next(purchases: Purchases, size: int, until_day: int, window_days: int) -> NextCategory | None:
    """Counts until the window before `until_day`, weights from the first purchases inside it; None without any."""
    past = purchases.until(until_day - window_days)
    model = count(past, size, np.array([1.0, 0.3, 0.3]))
    cases = cases_of(purchases.until(until_day), model, until_day - window_days)
    if not cases:
        return None
    return count(purchases.until(until_day), size, _weights(cases))


def count(purchases: Purchases, size: int, weights: Doubles) -> NextCategory:
    """The shop's counts, with weights that are known."""
    everybody = np.bincount(purchases.category, minlength=size).astype(np.float64)
    everybody = (everybody + 1) / (everybody.sum() + size)
    follows = np.zeros((size, size))
    same = purchases.person[1:] == purchases.person[:-1]
    np.add.at(follows, (purchases.category[:-1][same], purchases.category[1:][same]), 1.0)
    # Ten purchases like everybody's stand before what followed: one case is not yet a habit.
    after = (follows + 10 * everybody) / (follows.sum(axis=1, keepdims=True) + 10)
    return NextCategory(after=after, everybody=everybody, weights=weights)


def cases_of(purchases: Purchases, model: NextCategory, after_day: int) -> list[tuple[Doubles, int]]:
    """The views of each person before a day, and the category of their first purchase after it."""
    starts = np.flatnonzero(np.diff(purchases.person, prepend=-1) != 0).tolist()
    cases = []
    for begin, end in pairwise([*starts, len(purchases.person)]):
        border = begin + int(np.searchsorted(purchases.day[begin:end], after_day, side="right"))
        if begin < border < end:
            own = slice(begin, border)
            views = model.views(purchases.category[own], purchases.day[own], after_day)
            cases.append((views, int(purchases.category[border])))
    return cases


def judge_next(model: NextCategory, cases: list[tuple[Doubles, int]]) -> NextFigures:
    """Figures of at least one case."""
    chances = np.array([softmax(views @ model.weights) for views, _ in cases])
    taken, rows = np.array([case[1] for case in cases]), np.arange(len(cases))
    order, usual = np.argsort(-chances, axis=1, kind="stable"), np.argsort(-model.everybody, kind="stable")
    hits = order[:, 0] == taken
    bins = reliability(chances.max(axis=1), hits)
    return NextFigures(
        people=len(cases),
        right=float(np.mean(hits)),
        right_everybody=float(np.mean(taken == usual[0])),
        right_3=float(np.mean((order[:, :FEW] == taken[:, None]).any(axis=1))),
        right_3_everybody=float(np.mean(np.isin(taken, usual[:FEW]))),
        log_loss=float(-np.log(chances[rows, taken]).mean()),
        log_loss_everybody=float(-np.log(model.everybody[taken]).mean()),
        ece=calibration_error(bins),
        bins=bins,
    )


def softmax(scores: NDArray[np.float64]) -> Doubles:
    """(n,) shares of the exponents."""
    exponents = np.exp(scores - scores.max())
    shares: Doubles = exponents / exponents.sum()
    return shares


def _weights(cases: list[tuple[Doubles, int]]) -> Doubles:
    """Those that make what was taken likeliest, with a small ridge around 0."""
    from scipy.optimize import minimize

    views, taken = np.stack([case[0] for case in cases]), np.array([case[1] for case in cases])
    rows = np.arange(len(taken))

    def loss(weights: Doubles) -> tuple[float, Doubles]:
        scores = views @ weights
        scores -= scores.max(axis=1, keepdims=True)
        shares = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
        slope = np.einsum("nc,ncv->v", shares, views) - views[rows, taken].sum(axis=0)
        value = -float(np.log(shares[rows, taken]).sum())
        return (value + 0.5 * float(weights @ weights)) / len(taken), (slope + weights) / len(taken)

    found = minimize(loss, np.array([0.5, 0.3, 0.3]), jac=True, method="L-BFGS-B", bounds=[(0.0, 5.0)] * len(VIEWS))
    weights: Doubles = np.asarray(found.x, dtype=np.float64)
    return weights
