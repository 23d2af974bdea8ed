"""Who decides what is shown and what it costs: the port for closed loops, and the simulated shop's own house policy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from .shelves import goods
from .stock import Floats, Longs, Stock

if TYPE_CHECKING:
    from .days import DayLog

HOME = -1
"""The shelf of a list that answers no search."""
_ROWS_AT_ONCE = 2048
# Chances go with the root of sales: with sales themselves, the best sellers of the first week stay alone for ever.
_TEMPERATURE = 2.0
_NEVER = 1e30  # a mean time that no race waits for


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Lists wanted on one day; all arrays of length n, products and persons by row number."""

    day: int
    persons: Longs
    shelves: Longs  # HOME, or the shelf that was searched for
    at_ms: Longs
    length: int
    is_sellable: npt.NDArray[np.bool_]  # (products,): launched and in stock this morning


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The lists served, best first; −1 where there was nothing more to show."""

    products: Longs  # (n, length)
    propensities: Floats  # (n, length): chance that this product stood there, given those above it


class Policy(Protocol):
    """What a closed loop judges. Implementations see what a shop sees, and never the truth."""

    def prices_minor(self, day: int) -> Longs:
        """(products,) prices asked on that day."""

    def rank(self, ask: Ask, rng: np.random.Generator) -> Shown:
        """One list for each row of `ask`."""

    def learn(self, log: DayLog) -> None:
        """See what the day brought."""


class HousePolicy:
    """What a shop does before it has us: best sellers with some luck, and the searched shelf by sales.

    Lists are drawn without replacement in proportion to exp(score / temperature), so that every propensity is exact and
    positive: Plackett-Luce, by a race of exponentials (Efraimidis and Spirakis, doi:10.1016/j.ipl.2005.11.003).
    """

    def __init__(self, stock: Stock) -> None:
        self._stock = stock
        self._sales = np.zeros(len(stock.products))
        shelves = np.arange(len(goods().shelf))[:, None] == stock.shelf
        self._belongs = np.vstack([shelves, np.ones(len(stock.products), np.bool_)])  # the last row is HOME's

    def prices_minor(self, day: int) -> Longs:
        """The prices of the week."""
        week: Longs = self._stock.weekly_minor[min(day // 7, len(self._stock.weekly_minor) - 1)]
        return week

    def rank(self, ask: Ask, rng: np.random.Generator) -> Shown:
        """Draw each list among what can be sold, on the searched shelf if there is one."""
        weight = np.exp((np.log1p(self._sales) + (self._stock.launch_day > 0) * 0.5) / _TEMPERATURE)
        fits = self._belongs & ask.is_sellable
        handicap = np.where(fits, 1 / weight, _NEVER).astype(np.float32)
        urn = fits @ weight
        products = np.full((len(ask.persons), ask.length), -1, np.int64)
        propensities = np.zeros(products.shape)
        width = min(ask.length, len(weight))
        for start in range(0, len(products), _ROWS_AT_ONCE):
            shelves = ask.shelves[start : start + _ROWS_AT_ONCE]
            chosen = _first_in_race(handicap[shelves], width, rng)
            is_real = fits[shelves[:, None], chosen]
            own = np.where(is_real, weight[chosen], 0)
            # What stands above is no longer in the urn.
            left = urn[shelves][:, None] - np.cumsum(own, axis=1) + own
            rows = slice(start, start + len(shelves))
            products[rows, :width] = np.where(is_real, chosen, -1)
            propensities[rows, :width] = np.clip(np.divide(own, left, out=np.zeros_like(own), where=is_real), 0, 1)
        return Shown(products=products, propensities=propensities)

    def learn(self, log: DayLog) -> None:
        """Count what was sold; yesterday counts more than last week."""
        bought = log.purchases
        self._sales *= 0.95
        self._sales += np.bincount(bought.product, bought.quantity, len(self._sales))


def _first_in_race(handicap: npt.NDArray[np.float32], width: int, rng: np.random.Generator) -> Longs:
    """(n, width) column numbers of the fastest of each row, where times are exponential with these means."""
    times = rng.standard_exponential(handicap.shape, dtype=np.float32) * handicap
    head = np.argpartition(times, width - 1, axis=1)[:, :width]
    order = np.argsort(np.take_along_axis(times, head, axis=1), axis=1)
    return np.take_along_axis(head, order, axis=1)
