from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.shop.engines.causes import LEAST_OF_PART, conversion_causes, order_causes, sales_causes, visitor_causes
from zhanggui.shop.engines.outlook import outlook
from zhanggui.shop.engines.takings import Takings, product_of_two, shares, together

NO_CATEGORIES = np.zeros(20, dtype=np.int64)
LINES = st.lists(
    st.tuples(
        st.integers(0, 999),  # when the order was placed
        st.integers(0, 2),  # its channel
        st.booleans(),  # whether its buyer is new
        st.lists(st.tuples(st.integers(1, 9), st.integers(-500, 90_000)), min_size=1, max_size=4),
    ),
    max_size=25,
)


def takings(orders: list[tuple[int, int, bool, list[tuple[int, int]]]], returned: tuple[int, ...] = ()) -> Takings:
    """Takings from (moment, channel, is new, [(product, value)])."""
    ordered = sorted(orders, key=lambda order: order[0])
    lines = [(row, product, value) for row, order in enumerate(ordered) for product, value in order[3]]

    def longs(values: list[int]) -> np.ndarray:
        return np.array(values, dtype=np.int64)

    return Takings(
        at_ms=longs([order[0] for order in ordered]),
        value=longs([sum(value for _, value in order[3]) for order in ordered]),
        channel=longs([order[1] for order in ordered]),
        is_new=longs([int(order[2]) for order in ordered]),
        line_order=longs([line[0] for line in lines]),
        line_product=longs([line[1] for line in lines]),
        line_value=longs([line[2] for line in lines]),
        back_ms=longs(list(range(len(returned)))),
        back_value=longs(list(returned)),
    )


@given(LINES, LINES)
def test_the_shares_of_every_trait_add_up_to_the_difference(now: list, before: list) -> None:
    spans = takings(now), takings(before)
    categories = np.arange(20, dtype=np.int64) % 3

    for trait in ("product", "category", "channel", "buyer"):
        cut = shares(*spans, trait, categories=categories)

        assert sum(share.delta for share in cut) == spans[0].sales - spans[1].sales
        assert [abs(share.delta) for share in cut] == sorted((abs(share.delta) for share in cut), reverse=True)


@given(LINES, LINES)
def test_orders_and_their_worth_add_up_to_the_difference_of_sales(now: list, before: list) -> None:
    spans = takings(now), takings(before)

    causes = {cause.kind: cause for cause in sales_causes(*spans, NO_CATEGORIES)}

    assert causes["orders"].delta + causes["basket"].delta == spans[0].sales - spans[1].sales
    assert (causes["orders"].now, causes["orders"].before) == (len(now), len(before))


@given(LINES, st.integers(0, 1000))
def test_a_part_and_its_rest_are_the_whole(orders: list, cut: int) -> None:
    whole = takings(orders)

    early = whole.until(cut)

    assert early.sales == sum(int(v) for at, v in zip(whole.at_ms, whole.value, strict=True) if at < cut)
    assert early.sales == int(whole.cumulated(np.array([cut]))[0])
    assert early.line_value.sum() == early.sales


def test_spans_put_together_keep_their_lines() -> None:
    spans = [takings([(1, 0, True, [(1, 100), (2, 50)])]), takings([]), takings([(9, 1, False, [(1, 70)])])]

    whole = together(spans)

    assert (len(whole), whole.sales) == (2, 220)
    assert [(s.key, s.now, s.orders_now) for s in shares(whole, takings([]), "product")] == [(1, 170, 2), (2, 50, 1)]


def test_an_order_counts_once_for_a_product_that_stands_in_two_of_its_lines() -> None:
    span = takings([(1, 0, True, [(1, 100), (1, 50)])])

    assert [(s.now, s.orders_now) for s in shares(span, takings([]), "product")] == [(150, 1)]


def test_a_part_that_rests_on_too_few_orders_is_not_named() -> None:
    now = takings([(n, 0, False, [(1, 100)]) for n in range(LEAST_OF_PART)] + [(9, 0, False, [(2, 99_999)])])

    named = [cause.key for cause in sales_causes(now, takings([]), NO_CATEGORIES) if cause.kind == "product"]

    assert named == [1]


def test_what_all_orders_share_is_not_named_as_a_cause() -> None:
    now = takings([(n, 0, False, [(1, 100)]) for n in range(9)])

    assert {cause.kind for cause in order_causes(now, takings([]), NO_CATEGORIES)} == set()


def test_returns_are_told_beside_the_sales_that_they_do_not_lower() -> None:
    now = takings([(1, 0, False, [(1, 1000)])], returned=(300,))

    causes = {cause.kind: cause.delta for cause in sales_causes(now, takings([]), NO_CATEGORIES)}

    assert causes["returns"] == 300
    assert now.sales == 1000


def test_visitors_split_into_those_who_are_new_and_those_who_came_again() -> None:
    assert [(c.kind, c.delta) for c in visitor_causes((100, 30), (90, 40))] == [("newcomers", -10), ("regulars", 20)]


@given(*(st.integers(1, 10_000) for _ in range(4)))
def test_orders_and_visitors_add_up_to_the_difference_of_conversion(o: int, p: int, v: int, w: int) -> None:
    causes = conversion_causes((o, p), (v, w))

    assert sum(c.delta for c in causes) == pytest.approx(1_000_000 * (o / v - p / w), abs=2)


def test_the_effects_of_two_factors_are_the_difference_of_their_product() -> None:
    first, second = product_of_two((12, 130.0), (10, 125.0))

    assert first == pytest.approx(2 * 127.5)
    assert first + second == pytest.approx(12 * 130.0 - 10 * 125.0)


def test_a_day_is_expected_to_go_on_as_earlier_days_did() -> None:
    earlier = np.array([[100.0, 150.0, 200.0]] * 12)

    may_be = outlook(1_000, 20, earlier, earlier[:, 0])

    assert may_be is not None
    assert may_be.days == 12
    assert may_be.middle.tolist() == [1_000, 1_500, 2_000]
    assert may_be.low.tolist() == may_be.high.tolist() == may_be.middle.tolist()


@pytest.mark.parametrize(("orders", "days"), [(9, 28), (50, 9)])
def test_too_little_is_no_outlook(orders: int, days: int) -> None:
    earlier = np.full((days, 2), 100.0)

    assert outlook(1_000, orders, earlier, earlier[:, 0]) is None


def test_days_that_had_sold_nothing_by_then_say_nothing() -> None:
    earlier = np.array([[0.0, 900.0]] * 20 + [[10.0, 20.0]] * 10)

    may_be = outlook(100, 20, earlier, earlier[:, 0])

    assert may_be is not None
    assert (may_be.days, may_be.high[-1]) == (10, 200)
