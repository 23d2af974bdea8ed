"""Earned labels: counts by hand, the tail against brute force, and a bound on false ones that holds by chance."""

from __future__ import annotations

from math import comb
from typing import get_args

import numpy as np
import pytest

from zhanggui.recommend.engines.labels.counting import Counts, Lines, count_labels, orders_of
from zhanggui.recommend.engines.labels.earning import adjusted, earned, upper_tail
from zhanggui.recommend.types.labels import LabelCode
from zhanggui.recommend.words.labels import MEANINGS, NAMES


def lines(*rows: tuple[int, int, int, int, int, int, int]) -> Lines:
    """Rows of person, product, order, day, hour, weekday, quantity."""
    columns = np.array(rows, dtype=np.int64).T
    names = ("person", "product", "order", "day", "hour", "weekday", "quantity")
    return Lines(**dict(zip(names, columns, strict=True)))


def test_the_counts_are_those_of_a_hand() -> None:
    held = lines(
        (7, 1, 0, 10, 6, 6, 1),  # Saturday at dawn, with product 2 beside it
        (7, 2, 0, 10, 6, 6, 3),
        (7, 1, 1, 12, 23, 1, 1),  # the same person again, late on a Monday
        (8, 1, 2, 12, 1, 7, 2),  # somebody else, Sunday night, two pieces
    )

    found = count_labels(held, 3)

    assert orders_of(held, 3).tolist() == [0, 3, 1]
    hits = {code: found[code].hits.astype(int).tolist()[1:] for code in found}
    assert hits == {
        "dawn": [1, 1],
        "night": [2, 0],
        "weekend": [2, 1],
        "several": [1, 1],
        "together": [1, 1],
        "again": [1, 0],
    }
    assert found["again"].of.astype(int).tolist()[1:] == [2, 1]
    assert found["dawn"].worth[1] == pytest.approx(3**2 / (2**2 + 1**2))


def test_what_is_counted_is_what_has_a_name_and_a_meaning() -> None:
    counted = count_labels(lines((1, 1, 0, 0, 12, 1, 1)), 2)

    assert set(counted) == set(NAMES) == set(MEANINGS) == set(get_args(LabelCode))


def test_the_tail_is_the_binomials() -> None:
    counts = Counts(hits=np.array([0, 9, 1.0]), of=np.array([0, 12, 28.0]), worth=np.array([0, 12, 28.0]))

    tail = upper_tail(counts, np.array([1]))[0]

    assert tail == pytest.approx(sum(comb(12, n) * 0.25**n * 0.75 ** (12 - n) for n in range(9, 13)))


def test_the_bound_on_false_ones_is_benjamini_and_hochbergs() -> None:
    assert adjusted(np.array([0.03, 0.5, 0.01, 0.02])).tolist() == pytest.approx([0.04, 0.5, 0.04, 0.04])


def test_one_eager_buyer_earns_a_product_nothing() -> None:
    eager = [(1, 1, n, n, 6, 1, 1) for n in range(40)]
    others = [(n, 2, 40 + n, n, 12, 1, 1) for n in range(2, 400)]
    shared = [(n + 500, 3, 500 + n, n, 6 if n < 30 else 12, 1, 1) for n in range(40)]
    held = lines(*eager, *others, *shared)

    found = earned(count_labels(held, 4), orders_of(held, 4))

    assert [(one.code, one.product, one.hits, one.orders) for one in found] == [("dawn", 3, 30, 40)]


def test_fewer_than_thirty_orders_earn_nothing() -> None:
    few = [(n, 1, n, n, 6, 1, 1) for n in range(29)]
    held = lines(*few, *((n, 2, n, n, 12, 1, 1) for n in range(29, 400)))

    assert earned(count_labels(held, 3), orders_of(held, 3)) == []


def test_where_all_products_are_alike_hardly_ever_one_earns_a_label() -> None:
    wrong = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        n = 60 * 50
        held = Lines(
            person=np.arange(n),
            product=np.repeat(np.arange(1, 61), 50),
            order=np.arange(n),
            day=np.arange(n),
            hour=rng.integers(0, 24, n),
            weekday=rng.integers(1, 8, n),
            quantity=rng.integers(1, 4, n),
        )
        wrong += bool(earned(count_labels(held, 61), orders_of(held, 61)))

    assert wrong <= 5
