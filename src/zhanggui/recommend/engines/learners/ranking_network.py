"""A small network that orders candidates: a linear part, and beside it a hidden layer for what only holds together.

How much a model may be believed depends on the length of the history, on how popular a product is, on what the other
models say. A weighted sum cannot say that; one hidden layer can. It learns by the listwise softmax (Adam; Kingma and
Ba 2015, arXiv:1412.6980), beginning at the linear weights, so that it starts as good as they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from zhanggui.recommend.engines.interactions import Floats

from .blending import Panel

HIDDEN = 32
_EPOCHS = 15
_BATCH = 256
_PACE = 3e-3
_RIDGE = 1e-4
_FURTHEST = np.float32(5.0)
"""Standard deviations beyond which a feature says no more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Weights of features.

    Attributes:
        linear: (features,) of raw features.
        middle: (features,) taken from a feature before the hidden layer sees it.
        spread: (features,) that it is divided by.
        inner: (features, hidden); without hidden units the network is linear.
        bias: (hidden,).
        outer: (hidden,).
    """

    linear: Floats
    middle: Floats
    spread: Floats
    inner: Floats
    bias: Floats
    outer: Floats

    @classmethod
    def flat(cls, weights: Floats) -> Network:
        """A weighted sum."""
        width, none = len(weights), np.zeros(0, dtype=np.float32)
        zeros, ones = np.zeros(width, dtype=np.float32), np.ones(width, dtype=np.float32)
        inner = np.zeros((width, 0), dtype=np.float32)
        return cls(linear=weights, middle=zeros, spread=ones, inner=inner, bias=none, outer=none)

    def score(self, features: Floats) -> Floats:
        """(n,) scores of (n, features) candidates."""
        scores: Floats = features @ self.linear
        if len(self.outer):
            scores += _rectified(self.standardised(features) @ self.inner + self.bias) @ self.outer
        return scores

    def standardised(self, features: Floats) -> Floats:
        """(n, features) as the hidden layer sees them."""
        seen: Floats = np.clip((features - self.middle) / self.spread, -_FURTHEST, _FURTHEST)
        return seen


def learn_network(panel: Panel, cases: NDArray[np.bool_], flat: Network, rng: np.random.Generator) -> Network:
    """Learn a network from some cases of a panel, beginning at linear weights."""
    lengths = np.diff(panel.starts)
    rows = np.repeat(cases, lengths)
    features = panel.scores[rows]
    shown = lengths[cases]
    starts = np.concatenate([[0], np.cumsum(shown)]).astype(np.int64)
    taken = panel.taken[rows].astype(np.float32)
    found = np.bincount(np.repeat(np.arange(len(shown)), shown), weights=taken, minlength=len(shown))
    total: Floats = np.repeat(np.maximum(found, 1.0), shown).astype(np.float32)
    spread = features.std(axis=0, dtype=np.float64).astype(np.float32)
    spread[spread <= 1e-5] = np.inf
    width = features.shape[1]
    begun = Network(
        linear=flat.linear.copy(),
        middle=features.mean(axis=0, dtype=np.float64).astype(np.float32),
        spread=spread,
        inner=(rng.normal(0, width**-0.5, (width, HIDDEN))).astype(np.float32),
        bias=np.zeros(HIDDEN, dtype=np.float32),
        outer=np.zeros(HIDDEN, dtype=np.float32),
    )
    seen = begun.standardised(features)
    base = features @ begun.linear
    told = _Lesson(seen=seen, base=base, shares=taken / total, starts=starts, useful=np.flatnonzero(found > 0))
    return told.teach(begun, rng)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lesson:
    """What a network learns from: standardised features, scores to begin with, shares of what was taken."""

    seen: Floats
    base: Floats
    shares: Floats
    starts: NDArray[np.int64]
    useful: NDArray[np.int64]

    def teach(self, network: Network, rng: np.random.Generator) -> Network:
        more = np.zeros(self.seen.shape[1], dtype=np.float32)  # change of the linear part, of standardised features
        weights = [network.inner.copy(), network.bias.copy(), network.outer.copy(), more]
        steps = _Adam(weights=weights)
        in_all = max(1, _EPOCHS * -(-len(self.useful) // _BATCH))
        done = 0
        for _ in range(_EPOCHS):
            order = rng.permutation(self.useful)
            for first in range(0, len(order), _BATCH):
                done += 1
                steps.step(self._slopes(weights, order[first : first + _BATCH]), pace=_PACE * (1 - done / (in_all + 1)))
        inner, bias, outer, more = weights
        # The change of the linear part belongs to clipped features, so it joins the hidden layer as a pair of units.
        pair = np.stack([more, -more], axis=1)
        return Network(
            linear=network.linear,
            middle=network.middle,
            spread=network.spread,
            inner=np.concatenate([inner, pair], axis=1),
            bias=np.concatenate([bias, np.zeros(2, dtype=np.float32)]),
            outer=np.concatenate([outer, np.array([1, -1], dtype=np.float32)]),
        )

    def _slopes(self, weights: Sequence[Floats], cases: NDArray[np.int64]) -> list[Floats]:
        inner, bias, outer, more = weights
        lengths = self.starts[cases + 1] - self.starts[cases]
        begins = np.cumsum(lengths) - lengths
        rows = np.arange(lengths.sum()) + np.repeat(self.starts[cases] - begins, lengths)
        seen = self.seen[rows]
        hidden = _rectified(seen @ inner + bias)
        scores = self.base[rows] + hidden @ outer + seen @ more
        likely = np.exp(scores - np.repeat(np.maximum.reduceat(scores, begins), lengths))
        likely /= np.repeat(np.add.reduceat(likely, begins), lengths)
        wrong = (likely - self.shares[rows]) / np.float32(len(cases))
        back = wrong[:, None] * outer * (hidden > 0)
        return [
            seen.T @ back + _RIDGE * inner,
            back.sum(axis=0),
            hidden.T @ wrong + _RIDGE * outer,
            seen.T @ wrong + _RIDGE * more,
        ]


@dataclass(slots=True, kw_only=True)
class _Adam:
    weights: list[Floats]
    means: list[Floats] = field(default_factory=list)
    squares: list[Floats] = field(default_factory=list)
    done: int = 0

    def step(self, slopes: Sequence[Floats], *, pace: float) -> None:
        """Change the weights in place."""
        if not self.means:
            self.means = [np.zeros_like(one) for one in self.weights]
            self.squares = [np.zeros_like(one) for one in self.weights]
        self.done += 1
        steadied, squared = 1 - 0.9**self.done, 1 - 0.999**self.done
        for weight, mean, square, slope in zip(self.weights, self.means, self.squares, slopes, strict=True):
            mean += np.float32(0.1) * (slope - mean)
            square += np.float32(0.001) * (slope * slope - square)
            weight -= np.float32(pace / steadied) * mean / (np.sqrt(square / np.float32(squared)) + np.float32(1e-8))


def _rectified(values: Floats) -> Floats:
    return np.maximum(values, np.float32(0.0))
