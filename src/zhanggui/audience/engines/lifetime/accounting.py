"""Why BG/NBD and Gamma-Gamma say what they say: exact shares in the distance from the shop's typical customer.

A prediction is a function of four figures of a customer: how often they came back, how long ago they bought, since when
they are a customer, what an order is worth. Each figure gets its Shapley value: the mean of what it changes when it is
taken from the customer instead of from the typical one, over all orders in which the figures can be exchanged. Over
four figures that is a sum of sixteen predictions, nothing is drawn, and the four shares add up to the distance.

Source: Shapley, "A value for n-person games", 1953; Lundberg and Lee, NeurIPS 2017 (for predictions).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from math import factorial

import numpy as np

from .histories import Doubles, Histories, Spending

FIGURES = ("frequency", "idle", "age", "order_value")
Foretell = Callable[[Spending], Doubles]


@dataclass(frozen=True, slots=True, kw_only=True)
class Typical:
    """The shop's typical customer: the middle of each figure; `idle` and `age` in days."""

    frequency: float
    idle: float
    age: float
    order_value: float


def typical_of(spending: Spending) -> Typical:
    """Medians of at least one customer."""
    past = spending.histories
    return Typical(
        frequency=float(np.median(past.frequency)),
        idle=float(np.median(past.age - past.recency)),
        age=float(np.median(past.age)),
        order_value=float(np.median(spending.mean_value)),
    )


def account(foretell: Foretell, one: Spending, typical: Typical) -> dict[str, float]:
    """By figure its share in what is foretold of one customer, less what is foretold of the typical one.

    Args:
        foretell: gives (n,) predictions.
        one: a single row.
        typical: beside whom.
    """
    own, usual = figures_of(one), np.array([getattr(typical, name) for name in FIGURES])
    taken = np.array(list(product((False, True), repeat=len(FIGURES))))
    told = foretell(_customers(np.where(taken, own, usual)))
    shares = {}
    for place, name in enumerate(FIGURES):
        size = taken.sum(axis=1) - taken[:, place]
        weight = np.array([factorial(n) * factorial(len(FIGURES) - 1 - n) for n in size.tolist()])
        signed = np.where(taken[:, place], told, -told) * weight
        shares[name] = float(signed.sum() / factorial(len(FIGURES)))
    return shares


def figures_of(one: Spending) -> Doubles:
    """(4,) of a single row, as `FIGURES`."""
    past = one.histories
    return np.array([past.frequency[0], past.age[0] - past.recency[0], past.age[0], one.mean_value[0]])


def _customers(rows: Doubles) -> Spending:
    """Customers of such figures. Who never came back has bought at their beginning, however long ago the other did."""
    frequency, idle, age, value = rows.T
    recency = np.where(frequency > 0, np.clip(age - idle, 0.0, age), 0.0)
    histories = Histories(frequency=frequency, recency=recency, age=age)
    return Spending(persons=np.arange(len(rows)), histories=histories, mean_value=value)
