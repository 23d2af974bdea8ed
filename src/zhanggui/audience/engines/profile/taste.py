"""A taste as a vector: the mean of the vectors of what somebody likes, weighted by how much.

The usual item vectors are made of a product's own words: each word is hashed to a place and a sign in `WIDTH` places
(Weinberger et al., "Feature hashing for large scale multitask learning", ICML 2009). Words that say somebody's sex and
products that may not speak are left out; nothing of a person goes in but what they did.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import numpy.typing as npt

from zhanggui.audience.engines.denied import Shield, is_gendered
from zhanggui.kernel.ids import hash64

from .interests import LEAST, Liked

Floats = npt.NDArray[np.float32]
WIDTH = 64


def word_vector(tokens: Iterable[str], width: int = WIDTH) -> Floats:
    """(width,) of length 1; zeros where no word is left."""
    vector = np.zeros(width, dtype=np.float32)
    for word in tokens:
        if not is_gendered(word):
            hashed = hash64(word)
            vector[hashed % width] += 1.0 if (hashed >> 32) & 1 else -1.0
    length = float(np.linalg.norm(vector))
    return vector / np.float32(length) if length else vector


def taste(among: Sequence[Liked], vector_of: Callable[[int], Floats | None]) -> tuple[float, ...]:
    """The mean direction of what is liked; empty where nothing is, or where its products have no vector."""
    whole: Floats | None = None
    for one in among:
        if one.good.shield is not Shield.OPEN or one.weight <= LEAST:
            continue
        vector = vector_of(one.thing.product)
        if vector is not None:
            said = np.float32(math.sqrt(one.weight)) * vector  # one favourite must not be the whole taste
            whole = said if whole is None else whole + said
    length = 0.0 if whole is None else float(np.linalg.norm(whole))
    return () if whole is None or not length else tuple(round(float(value), 5) for value in whole / np.float32(length))
