"""How a day may end, from how earlier days went on from the same time of day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

LEAST_DAYS = 10
LEAST_ORDERS = 10
LOW, MIDDLE, HIGH = 0.1, 0.5, 0.9


@dataclass(frozen=True, slots=True)
class Outlook:
    """Sales cumulated at moments still to come: (k,) each; eight days in ten end between `low` and `high`.

    `days` is how many earlier days it rests on.
    """

    low: Floats
    middle: Floats
    high: Floats
    days: int


def outlook(so_far: int, orders_so_far: int, earlier: Floats, earlier_so_far: Floats) -> Outlook | None:
    """The rest of a day.

    Sales so far are scaled by how much each earlier day still grew from this time of day: the median of those
    growths, and their 10% and 90% quantiles.

    Args:
        so_far: sales of the day until now, minor units.
        orders_so_far: the orders behind them.
        earlier: (d, k) sales of earlier days, cumulated at the moments to come.
        earlier_so_far: (d,) their sales at this time of day.

    Returns:
        None with fewer than 10 orders so far, or fewer than 10 earlier days that had sold anything by this time.
    """
    began = earlier_so_far > 0
    if orders_so_far < LEAST_ORDERS or int(began.sum()) < LEAST_DAYS:
        return None
    growth = earlier[began] / earlier_so_far[began, None]
    low, middle, high = np.quantile(growth, (LOW, MIDDLE, HIGH), axis=0) * so_far
    return Outlook(low, middle, high, int(began.sum()))
