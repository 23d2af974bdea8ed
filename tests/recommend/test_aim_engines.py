"""The arithmetic behind aims: what products are worth, how narrow lists are, and what teaches a blend."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from zhanggui.recommend.engines.aims.exposure import bits, bubbles_of, spread_of
from zhanggui.recommend.engines.aims.merits import BOUND, comeback_rates, utility
from zhanggui.recommend.engines.blend import FEATURES, Choices, fit_blend
from zhanggui.recommend.engines.interactions import Interactions

DAY_MS = 86_400_000


def purchases(rows: list[tuple[int, int, int]], size: int = 4) -> Interactions:
    """(person, day, product)."""
    person, day, product = (np.array(column, dtype=np.int64) for column in zip(*rows, strict=True))
    ones = np.ones(len(rows))
    return Interactions.of(
        person=person, product=product, at_ms=day * DAY_MS, strength=ones, is_purchase=ones > 0, size=size
    )


@given(arrays(np.float64, st.integers(1, 30), elements=st.floats(-1e6, 1e6) | st.just(np.nan)))
def test_worth_is_bounded_grows_with_itself_and_is_nothing_where_unknown(worth: np.ndarray) -> None:
    found = utility(worth)

    known = ~np.isnan(worth)
    assert (np.abs(found) <= BOUND + 1e-6).all()
    assert (found[~known] == 0).all()
    order = np.argsort(worth[known])
    assert (np.diff(found[known][order]) >= -1e-6).all()


def test_twice_the_middle_margin_counts_as_twice_the_chance() -> None:
    found = utility(np.array([np.nan, 100.0, 200.0, 50.0]))

    assert found.tolist() == pytest.approx([0.0, 0.0, np.log(2), -np.log(2)])


def test_buyers_who_come_back_make_a_product_worth_more() -> None:
    loyal = [(person, day, product) for person in range(8) for day, product in ((0, 1), (20, 3), (40, 3))]
    once = [(person, 0, 2) for person in range(10, 18)]

    rates = comeback_rates(purchases([*loyal, *once]))

    assert rates[1] > rates[2] > 0


def test_products_of_one_basket_are_one_order() -> None:
    rates = comeback_rates(purchases([(1, 0, 1), (1, 0, 2), (2, 30, 3)]))

    assert rates.tolist() == [0.0] * 4


def test_a_person_who_saw_one_category_only_is_in_a_bubble_and_one_who_saw_all_alike_is_not() -> None:
    person = np.array([1, 1, 1, 1, 2, 2, 2, 2, 3])
    category = np.array([1, 1, 1, 1, 1, 2, 3, 4, 0], dtype=np.int32)

    assert bubbles_of(person, category, kinds=4).tolist() == [1.0, 0.0]


@given(arrays(np.int64, st.integers(1, 12), elements=st.integers(0, 50)))
def test_entropy_lies_between_nothing_and_that_of_equal_shares(counts: np.ndarray) -> None:
    assert 0 <= bits(counts) <= np.log2(len(counts)) + 1e-9


def test_the_jackknife_of_a_mean_is_its_standard_error() -> None:
    values = np.random.default_rng(7).normal(size=40)
    left_out = (values.sum() - values) / 39

    assert spread_of(left_out) == pytest.approx(values.std(ddof=1) / np.sqrt(40))


def test_a_weightier_taking_pulls_the_blend_its_way() -> None:
    """Two candidates an occasion: the first has `alike`, the second `content`; half of the time each is taken."""
    features = np.zeros((80, len(FEATURES)), dtype=np.float32)
    features[0::2, 0], features[1::2, 2] = 1.0, 1.0
    occasion = np.repeat(np.arange(40), 2)
    taken = np.zeros(80, dtype=np.float32)
    taken[0:40:2], taken[41::2] = 1.0, 3.0

    plain = fit_blend(Choices(features=features, occasion=occasion, taken=(taken > 0).astype(np.float32)))
    weighed = fit_blend(Choices(features=features, occasion=occasion, taken=taken))

    assert plain[2] - plain[0] == pytest.approx(0.0, abs=1e-2)
    assert weighed[2] - weighed[0] > 0.5
