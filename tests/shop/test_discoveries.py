"""What first looks find, worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.shop.engines.discoveries import UNKNOWN, Pair, Sales, Shelf, idle, lapsed, pairs, runs_out


def some_sales(*rows: tuple[int, int, int, int, int], today: int = 100) -> Sales:
    """Rows of (day, basket, person, product, quantity); each piece is worth 1,000."""
    columns = np.array(rows, dtype=np.int64).reshape(-1, 5).T
    return Sales(
        day=columns[0],
        basket=columns[1],
        person=columns[2],
        product=columns[3],
        quantity=columns[4],
        value_minor=columns[4] * 1000,
        today=today,
    )


def a_shelf(*rows: tuple[int, int, int]) -> Shelf:
    """Rows of (available, price, cost) of products 1, 2, …"""
    columns = np.array([(UNKNOWN, UNKNOWN, UNKNOWN), *rows], dtype=np.int64).T
    return Shelf(available=columns[0], price_minor=columns[1], cost_minor=columns[2])


def test_a_stock_that_ends_within_the_week_is_named_with_what_it_costs() -> None:
    sales = some_sales(*((day, day, 1, 1, 2) for day in range(73, 101)))  # two a day for four weeks

    (found,) = runs_out(sales, a_shelf((4, 2000, 1500)))

    assert (found.product, found.available, found.per_day, found.days_left) == (1, 4, 2.0, 2.0)
    assert found.lost_minor == 5 * 2 * 500  # five missing days of two pieces with a margin of 500


def test_a_stock_that_lasts_is_not_named_and_unknown_costs_say_no_money() -> None:
    sales = some_sales(*((day, day, 1, 1 + day % 2, 2) for day in range(73, 101)))

    found = runs_out(sales, a_shelf((700, 2000, 1500), (1, 2000, UNKNOWN)))

    assert [(one.product, one.lost_minor) for one in found] == [(2, None)]


def test_what_sold_and_no_longer_does_is_idle_with_the_money_in_it() -> None:
    sales = some_sales((10, 1, 1, 1, 6), (95, 2, 1, 2, 6), (20, 3, 1, 3, 6))

    found = idle(sales, a_shelf((3, 900, 400), (3, 900, 400), (0, 900, 400)))

    assert [(one.product, one.idle_days, one.available, one.tied_minor) for one in found] == [(1, 90, 3, 1200)]


def test_two_products_that_go_together_lead_before_two_that_only_sell_well() -> None:
    rows = []
    for basket in range(100):
        rows += [(50, basket, 0, 1, 1)] if basket % 2 == 0 else []  # best sellers that meet by chance
        rows += [(50, basket, 0, 2, 1)] if basket % 4 < 2 else []
        rows += [(50, basket, 0, 3, 1), (50, basket, 0, 4, 1)] if basket < 10 else []

    found = pairs(some_sales(*rows))

    assert found[0] == Pair(first=3, second=4, together=10, of_first=10, of_second=10, lift=7.7)  # of 77 baskets
    assert (1, 2) not in [(one.first, one.second) for one in found]


def test_a_regular_who_stays_away_for_long_has_lapsed() -> None:
    weekly = [(day, day, 1, 1, 1) for day in range(1, 50, 7)]  # until day 50, then 50 days of silence
    still_here = [(day, 1000 + day, 2, 1, 1) for day in range(30, 100, 10)]
    twice_only = [(1, 2001, 3, 1, 1), (8, 2002, 3, 1, 1)]

    found = lapsed(some_sales(*weekly, *still_here, *twice_only))

    assert found is not None
    assert (found.people, found.orders, found.most_valued) == (1, 7, (1,))
    assert found.yearly_minor == round(7000 * 365 / (42 + 7) / 1)


def test_an_empty_shop_has_nothing_to_tell() -> None:
    nothing = some_sales()

    assert runs_out(nothing, a_shelf((1, 1, 1))) == []
    assert idle(nothing, a_shelf((1, 1, 1))) == []
    assert pairs(nothing) == []
    assert lapsed(nothing) is None


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(1, 5)), max_size=120))
def test_pairs_are_counted_as_one_would_by_hand(lines: list[tuple[int, int]]) -> None:
    baskets: dict[int, set[int]] = {}
    for basket, product in lines:
        baskets.setdefault(basket, set()).add(product)

    for pair in pairs(some_sales(*((1, basket, 0, product, 1) for basket, product in lines))):
        assert pair.together == sum({pair.first, pair.second} <= held for held in baskets.values())
        assert pair.of_first == sum(pair.first in held for held in baskets.values())
        assert pair.lift == pytest.approx(pair.together * len(baskets) / (pair.of_first * pair.of_second))
        assert pair.lift > 1
