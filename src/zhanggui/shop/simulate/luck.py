"""The luck of the simulated world, in one place, so that two worlds can be given the same."""

from __future__ import annotations

import numpy as np

from .stock import Floats, Longs

Key = Longs | int


class Luck:
    """Draws one after the other: whatever happens once more or less moves all that is drawn after it.

    Every draw names what it decides and whom, when and what it befalls. That is nothing to this class; one that is
    derived from it may make the draw of those names, so that two worlds share what befalls the same.
    """

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng

    def even(self, what: str, *whom: Key) -> Floats:
        """Uniform in [0, 1), in the shape to which the keys broadcast."""
        del what
        return self._rng.random(np.broadcast_shapes(*(np.shape(key) for key in whom)))

    def counts(self, rate: Floats, what: str, *whom: Key) -> Longs:
        """(n,) Poisson counts of these rates."""
        del what, whom
        return self._rng.poisson(rate)

    def around(self, spread: float, what: str, *whom: Key) -> Floats:
        """Normal around 0 with this standard deviation, in the shape to which the keys broadcast."""
        del what
        return self._rng.normal(0, spread, np.broadcast_shapes(*(np.shape(key) for key in whom)))

    def below(self, most: int, what: str, *whom: Key) -> Longs:
        """Whole numbers in [0, most), in the shape to which the keys broadcast."""
        del what
        return self._rng.integers(0, most, np.broadcast_shapes(*(np.shape(key) for key in whom)))
