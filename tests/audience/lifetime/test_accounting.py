"""Reasons of BG/NBD: exact shares, held against hand-worked ones and against all orders of exchanging."""

from __future__ import annotations

import functools
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhanggui.audience.engines.lifetime.accounting import FIGURES, Typical, account, typical_of
from zhanggui.audience.engines.lifetime.bg_nbd import BgNbd
from zhanggui.audience.engines.lifetime.histories import Doubles, Histories, Spending

CDNOW = BgNbd(r=0.243, alpha=4.414 * 7, a=0.793, b=2.426)
TYPICAL = Typical(frequency=1.0, idle=60.0, age=200.0, order_value=20.0)


def a_customer(frequency: float, idle: float, age: float, value: float) -> Spending:
    recency = np.array([max(age - idle, 0.0) if frequency else 0.0])
    past = Histories(frequency=np.array([frequency]), recency=recency, age=np.array([age]))
    return Spending(persons=np.array([1]), histories=past, mean_value=np.array([value]))


def test_shares_of_a_sum_are_its_parts() -> None:
    def told(at: Spending) -> Doubles:
        return 3 * at.histories.frequency + 0.5 * at.histories.age + at.mean_value

    shares = account(told, a_customer(4, 10, 240, 50), TYPICAL)

    assert shares == pytest.approx({"frequency": 9.0, "idle": 0.0, "age": 20.0, "order_value": 30.0})


def test_a_product_is_shared_by_hand() -> None:
    # frequency 4 beside 1, value 50 beside 20: 200 - 20 = 180; first frequency 60 or 150, first value 30 or 120
    shares = account(lambda at: at.histories.frequency * at.mean_value, a_customer(4, 60, 200, 50), TYPICAL)

    assert shares == pytest.approx({"frequency": 105.0, "idle": 0.0, "age": 0.0, "order_value": 75.0})


@settings(max_examples=20)
@given(frequency=st.integers(0, 20), idle=st.integers(0, 400), more=st.integers(0, 400), value=st.floats(1.0, 500.0))
def test_shares_are_those_of_all_orders_of_exchanging_and_add_up(
    frequency: int, idle: int, more: int, value: float
) -> None:
    age = float(idle + more)  # who never came back has bought at their beginning
    own = {"frequency": float(frequency), "idle": float(idle) if frequency else age, "age": age, "order_value": value}

    def told(at: Spending) -> Doubles:
        return CDNOW.expected(at.histories, 90.0)

    @functools.cache
    def of(*taken: str) -> float:
        figures = usual | {name: own[name] for name in taken}
        one = a_customer(figures["frequency"], figures["idle"], figures["age"], figures["order_value"])
        return float(told(one)[0])

    usual = {name: getattr(TYPICAL, name) for name in FIGURES}
    walked = dict.fromkeys(FIGURES, 0.0)
    for order in permutations(FIGURES):
        for place, name in enumerate(order):
            before, after = sorted(order[:place]), sorted(order[: place + 1])
            walked[name] += (of(*after) - of(*before)) / 24

    shares = account(told, a_customer(frequency, idle, idle + more, value), TYPICAL)

    assert shares == pytest.approx(walked, abs=1e-9)
    assert sum(shares.values()) == pytest.approx(of(*sorted(FIGURES)) - of(), abs=1e-9)


def test_the_typical_customer_is_the_middle_of_each_figure() -> None:
    past = Histories(
        frequency=np.array([0.0, 2.0, 5.0]), recency=np.array([0.0, 30.0, 90.0]), age=np.array([50.0, 40.0, 100.0])
    )
    spending = Spending(persons=np.arange(3), histories=past, mean_value=np.array([10.0, 30.0, 20.0]))

    assert typical_of(spending) == Typical(frequency=2.0, idle=10.0, age=50.0, order_value=20.0)
