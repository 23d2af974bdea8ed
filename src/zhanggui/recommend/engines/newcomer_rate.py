"""What the words of a product that nobody took yet are worth, rehearsed: known products are hidden on purpose.

Where content and behaviour are both known, content says little that behaviour has not said; a line through such
products would tell too little of those that have words alone. So a fifth of the known products is looked at as if it
had come only now: no list of behaviour, no count and no purchase speaks for it. The rate is the one under which what
people took next, hidden products among it, is likeliest. It is learned with the blend; serving takes no longer.

Source: Volkovs, Yu and Poutanen, "DropoutNet: Addressing Cold Start in Recommender Systems", NIPS 2017.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from .blend import ALIKE, CONTENT, FEATURES, NEWNESS
from .choosing import Replay, worths_of
from .interactions import Floats

HIDDEN = 0.2
RATES = (0.2, 0.35, 0.5, 0.75, 1.0, 1.4, 2.0, 2.8, 4.0, 5.6, 8.0)
LEAST_TAKEN = 50
"""Hidden products that were taken, below which nothing can be rehearsed."""
NEW = 0.6
"""Newness of a product that came a week ago: what it has on average while it is new."""


def rehearsed_rate(replays: Sequence[Replay], blend: Floats, rng: np.random.Generator, size: int) -> float | None:
    """The rate at which content stands for behaviour; None where too few hidden products were taken.

    Args:
        replays: occasions, with models that know all products.
        blend: (15,) weights.
        rng: chooses which products are hidden.
        size: largest product number + 1.
    """
    is_hidden = rng.random(size) < HIDDEN
    likelihood, taken = np.zeros(len(RATES)), 0
    for one in replays:
        worth = worths_of(one, np.isin(one.candidates.ids, one.taken))
        hidden = is_hidden[one.candidates.ids]
        if not hidden.any() or not worth.any():
            continue
        taken += int((worth[hidden] > 0).sum())
        for n, scores in enumerate(_scores(one.candidates.features, hidden, blend)):
            scores -= scores.max()
            likelihood[n] += float(worth @ (scores - np.log(np.exp(scores).sum()))) / float(worth.sum())
    return RATES[int(likelihood.argmax())] if taken >= LEAST_TAKEN else None


def _scores(features: Floats, hidden: NDArray[np.bool_], blend: Floats) -> Iterator[NDArray[np.float64]]:
    """(n,) of all candidates, at each of `RATES`."""
    known = (features @ blend).astype(np.float64)
    seen_as = unknown(features[hidden])
    told, content = (seen_as @ blend).astype(np.float64), seen_as[:, CONTENT].astype(np.float64)
    for rate in RATES:
        scores = known.copy()
        scores[hidden] = told + float(blend[ALIKE]) * rate * content
        yield scores


def unknown(features: Floats) -> Floats:
    """(n, 15) the same products as if nobody had met them: their words, and that they are new."""
    seen_as = np.zeros((len(features), len(FEATURES)), dtype=np.float32)
    seen_as[:, CONTENT], seen_as[:, NEWNESS] = features[:, CONTENT], NEW
    return seen_as
