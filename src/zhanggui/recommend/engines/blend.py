"""The weights of the blend: which signal counts how much, learned from what people took next."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .interactions import Floats, Ints

FEATURES = (
    "alike",  # summed weights from the history, by who had both
    "together",  # from the last sessions, by what went with it or came after
    "content",  # by words, category, brand and keywords
    "trending",  # sales of the last days
    "rising",  # of the last weeks
    "popular",  # of the last months
    "newness",  # fades over a month
    "bought",  # whether the shopper bought it before; the columns below are 0 otherwise
    "bought_often",
    "bought_count",
    "bought_lately",
    "repeat_rate",
    "due",  # time since the last purchase over the shopper's own interval
    "bought_just_now",
    "alike_trending",
)
ALIKE, TOGETHER, CONTENT, TRENDING, RISING, POPULAR, NEWNESS = range(7)
BOUGHT, BOUGHT_OFTEN, BOUGHT_COUNT, BOUGHT_LATELY, REPEAT_RATE, DUE, BOUGHT_JUST_NOW, ALIKE_TRENDING = range(7, 15)
"""Columns of `FEATURES`; the compiled loops can only take numbers. A test holds both against each other."""
FACTORS = ("alike", "together", "content", "trend", "newness", "bought", "margin", "long_term")
"""What reasons speak of; the first three rest on single events, the last two are what the merchant adds."""
GIVEN = 2
"""How many of them the merchant adds."""
FACTOR_OF = np.array([0, 1, 2, 3, 3, 3, 4, 5, 5, 5, 5, 5, 5, 5, 0])
"""(15,) the factor that each feature belongs to."""
SCALES = np.array([200.0, 200.0, 20.0], dtype=np.float32)
"""Inner scale of the logarithm of the first three features; fixed, so that explanations do not depend on a request."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """Candidates of many occasions, and which were taken.

    Attributes:
        features: (n, 15) rows as in `FEATURES`.
        occasion: (n,) ascending numbers from 0.
        taken: (n,) what it counts for that the candidate was taken next, 0 where it was not.
        weight: (n,) as how many candidates each counts; None: all as one.
    """

    features: Floats
    occasion: Ints
    taken: Floats
    weight: Floats | None = None


def fit_blend(choices: Choices, *, ridge: float = 1e-4) -> Floats:
    """Weights (15,) under which what was taken is likeliest among the candidates of its occasion.

    The listwise softmax: each occasion counts as its weightiest taking, and its takings share the weight. Without a
    taking anywhere the answer is a plain prior.
    """
    from scipy.optimize import minimize

    starts = np.searchsorted(choices.occasion, np.unique(choices.occasion))
    per_occasion = np.add.reduceat(choices.taken, starts) if len(starts) else np.zeros(0, dtype=np.float32)
    if not np.any(per_occasion > 0):
        width = choices.features.shape[1]
        return prior_blend() if width == len(FEATURES) else np.zeros(width, dtype=np.float32)
    lengths = np.diff(np.append(starts, len(choices.occasion)))
    most = np.maximum.reduceat(choices.taken, starts)
    most /= most[per_occasion > 0].mean()
    counts = np.repeat(most, lengths)
    shares = counts * choices.taken / np.repeat(np.where(per_occasion > 0, per_occasion, 1.0), lengths)
    middle, spread = choices.features.mean(axis=0, dtype=np.float64), choices.features.std(axis=0, dtype=np.float64)
    # What is the same for all candidates says nothing; over a spread that is only rounding it would drown the rest.
    spread[spread <= 1e-5 * (1.0 + np.abs(middle))] = np.inf
    rows = ((choices.features - middle) / spread).astype(np.float32)
    copies = np.float32(0) if choices.weight is None else np.log(choices.weight)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = rows @ weights.astype(np.float32) + copies
        scores -= np.repeat(np.maximum.reduceat(scores, starts), lengths)
        likelihood = np.exp(scores)
        likelihood /= np.repeat(np.add.reduceat(likelihood, starts), lengths)
        fit = -float(np.sum(shares * np.log(likelihood + 1e-12))) / len(starts)
        slope = rows.T @ (counts * likelihood - shares) / len(starts)
        return fit + ridge * float(weights @ weights), slope.astype(np.float64) + 2 * ridge * weights

    answer = minimize(loss, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B", options={"maxiter": 120})
    weights: Floats = (answer.x / spread).astype(np.float32)
    return weights


def prior_blend() -> Floats:
    """Weights for a shop with too little behaviour to learn from.

    What the shopper looked at speaks louder than what sold: with a handful of sales a trend is chance.
    """
    named = {"alike": 1.0, "together": 0.5, "content": 2.0, "trending": 0.3, "rising": 0.3, "popular": 0.3}
    return np.array([named.get(feature, 0.0) for feature in FEATURES], dtype=np.float32)
