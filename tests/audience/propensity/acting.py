"""Builders of what people did."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from zhanggui.audience.engines.propensity.acts import Act, Acts

Row = tuple[int, int, Act, int, float]


def acts_of(*rows: Row) -> Acts:
    """(person, day, act, product, value) each."""
    columns: Sequence[Sequence[float]] = list(zip(*rows, strict=True)) if rows else [[]] * 5
    person, day, act, product, value = columns
    return Acts(
        person=np.array(person, dtype=np.int64),
        day=np.array(day, dtype=np.int64),
        act=np.array(act, dtype=np.int8),
        product=np.array(product, dtype=np.int64),
        value=np.array(value, dtype=np.float64),
    )


def a_shop(customers: int, days: int, seed: int = 0) -> Acts:
    """Customers who buy at rates of their own and leave some day; each purchase is looked at the day before."""
    rng = np.random.default_rng(seed)
    rate, start = rng.gamma(0.9, 1 / 14, customers), rng.integers(0, days // 2, customers)
    leaves = rng.geometric(0.06, customers)
    rows: list[Row] = []
    for person in range(1, customers + 1):
        day = float(start[person - 1])
        for _ in range(leaves[person - 1]):
            if day >= days:
                break
            product = int(rng.integers(1, 9))
            rows.append((person, int(day), Act.PURCHASE, product, float(rng.integers(1000, 9000))))
            rows.append((person, max(int(day) - 1, 0), Act.BROWSE, product, 0.0))
            day += 1 + rng.exponential(1 / rate[person - 1])
    return acts_of(*rows)
