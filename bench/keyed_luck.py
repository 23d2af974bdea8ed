"""Luck that is made of what it befalls, so that two arms of a closed loop share it.

A draw is a hash of the seed, of what is decided, and of whom, when and what it befalls. However far two arms have
parted, whoever sees the same product in the same visit looks, clicks and buys by the same dice.
"""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np
import numpy.typing as npt

from zhanggui.shop.simulate import Ask, Luck
from zhanggui.shop.simulate.luck import Key
from zhanggui.shop.simulate.stock import Floats, Longs

Words = npt.NDArray[np.uint64]
_STRIDE, _FIRST, _SECOND = (np.uint64(n) for n in (0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB))


class KeyedLuck(Luck):
    """The same names, the same luck."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def even(self, what: str, *whom: Key) -> Floats:
        """Uniform in (0, 1)."""
        mixed = np.array(self._seed, dtype=np.uint64)
        for key in (zlib.crc32(what.encode()), *whom):
            mixed = _mixed(mixed + np.asarray(key).astype(np.uint64))
        return ((mixed >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53

    def counts(self, rate: Floats, what: str, *whom: Key) -> Longs:
        """Poisson counts, the larger the rate under the same luck."""
        from scipy.stats import poisson

        return np.asarray(poisson.ppf(self.even(what, *whom), rate), dtype=np.int64)

    def around(self, spread: float, what: str, *whom: Key) -> Floats:
        """Normal around 0."""
        from scipy.special import ndtri

        return np.asarray(spread * ndtri(self.even(what, *whom)), dtype=np.float64)

    def below(self, most: int, what: str, *whom: Key) -> Longs:
        """Whole numbers in [0, most)."""
        return (most * self.even(what, *whom)).astype(np.int64)


class KeyedRaces:
    """In place of a generator where the house policy races products for a day's lists: row by row by who asked when."""

    def __init__(self, luck: KeyedLuck, ask: Ask) -> None:
        self._luck, self._ask, self._done = luck, ask, 0

    def standard_exponential(self, shape: tuple[int, int], dtype: type[np.float32]) -> npt.NDArray[np.float32]:
        """(rows, products) times of the next rows of the ask."""
        rows = slice(self._done, self._done + shape[0])
        self._done += shape[0]
        who, when = self._ask.persons[rows, None], self._ask.at_ms[rows, None]
        return (-np.log(self._luck.even("race", who, when, np.arange(shape[1])))).astype(dtype)


def _mixed(words: Any) -> Words:
    """Stafford's variant 13 of the finalizer of MurmurHash3 (SplitMix64; Steele, Lea and Flood, OOPSLA 2014)."""
    with np.errstate(over="ignore"):
        words = words + _STRIDE
        words = (words ^ (words >> np.uint64(30))) * _FIRST
        words = (words ^ (words >> np.uint64(27))) * _SECOND
    mixed: Words = words ^ (words >> np.uint64(31))
    return mixed
