from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.shop.engines.causes import LEAST_OF_PART, conversion_causes, order_causes, sales_causes, visitor_causes
from zhanggui.shop.engines.outlook import outlook
from zhanggui.shop.engines.takings import Takings
from zhanggui.shop.engines.tallies import TRAITS, Cut, Share, Sums, Trait, cut, product_of_two, summed, together

CATEGORIES = np.arange(20, dtype=np.int64) % 3
Orders = list[tuple[int, int, bool, list[tuple[int, int]]]]
LINES = st.lists(
    st.tuples(
        st.integers(0, 999),  # when the order was placed
        st.integers(0, 2),  # its channel
        st.booleans(),  # whether its buyer is new
        st.lists(st.tuples(st.integers(1, 9), st.integers(-500, 90_000)), min_size=1, max_size=4),
    ),
    max_size=25,
)


def takings(orders: Orders, returned: tuple[int, ...] = ()) -> Takings:
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


def sums(orders: Orders, returned: tuple[int, ...] = ()) -> Sums:
    return summed(takings(orders, returned), CATEGORIES)


def cuts(now: Sums, before: Sums) -> dict[Trait, Cut]:
    return {trait: cut(now, before, trait) for trait in TRAITS}


def by_hand(orders: Orders, trait: Trait) -> dict[int, tuple[int, int]]:
    """Sum and number of orders of each value, one order and one line after the other."""
    found: dict[int, tuple[int, set[int]]] = {}
    for place, (_, channel, is_new, lines) in enumerate(orders):
        for product, value in lines:
            keys = {"product": product, "category": int(CATEGORIES[product]), "channel": channel, "buyer": int(is_new)}
            total, seen = found.get(keys[trait], (0, set()))
            found[keys[trait]] = (total + value, seen | {place})
    return {key: (total, len(seen)) for key, (total, seen) in found.items()}


@given(LINES, LINES, st.integers(0, 25))
def test_two_spans_cut_by_a_trait_are_what_counting_by_hand_gives(now: list, before: list, place: int) -> None:
    whole = together([sums(now[:place]), sums(now[place:])])  # days of a span, in whatever way they are parted

    for trait in TRAITS:
        counted, earlier = by_hand(now, trait), by_hand(before, trait)
        expected = [
            Share(
                key,
                counted.get(key, (0, 0))[0],
                earlier.get(key, (0, 0))[0],
                *(d.get(key, (0, 0))[1] for d in (counted, earlier)),
            )
            for key in sorted(counted.keys() | earlier.keys())
        ]

        assert list(cut(whole, sums(before), trait)) == expected
        assert sum(share.delta for share in expected) == whole.sales - sums(before).sales


@given(LINES, LINES)
def test_orders_and_their_worth_add_up_to_the_difference_of_sales(now: list, before: list) -> None:
    spans = sums(now), sums(before)

    causes = {cause.kind: cause for cause in sales_causes(*spans, cuts(*spans))}

    assert causes["orders"].delta + causes["basket"].delta == spans[0].sales - spans[1].sales
    assert (causes["orders"].now, causes["orders"].before) == (len(now), len(before))


@given(LINES, LINES)
def test_the_products_named_are_those_that_moved_most(now: list, before: list) -> None:
    spans = sums(now), sums(before)
    cut_by_product = list(cut(*spans, "product"))
    large = [one for one in cut_by_product if one.delta and one.orders_now + one.orders_before >= LEAST_OF_PART]
    expected = sorted(large, key=lambda one: (-abs(one.delta), one.key))[:2] if len(cut_by_product) > 1 else []

    named = [cause for cause in sales_causes(*spans, cuts(*spans)) if cause.kind == "product"]

    assert [(cause.key, cause.delta) for cause in named] == [(one.key, one.delta) for one in expected]


@given(LINES, st.integers(0, 1000))
def test_a_part_and_its_rest_are_the_whole(orders: list, moment: int) -> None:
    whole = takings(orders)

    early = whole.first(*whole.places(moment))

    assert int(early.value.sum()) == sum(int(v) for at, v in zip(whole.at_ms, whole.value, strict=True) if at < moment)
    assert int(early.value.sum()) == int(whole.cumulated(np.array([moment]))[0])
    assert early.line_value.sum() == early.value.sum()


def test_an_order_counts_once_for_a_product_that_stands_in_two_of_its_lines() -> None:
    now = sums([(1, 0, True, [(1, 100), (1, 50)])])

    assert [(s.now, s.orders_now) for s in cut(now, sums([]), "product")] == [(150, 1)]


def test_a_part_that_rests_on_too_few_orders_is_not_named() -> None:
    now = sums([(n, 0, False, [(1, 100)]) for n in range(LEAST_OF_PART)] + [(9, 0, False, [(2, 99_999)])])

    named = [cause.key for cause in sales_causes(now, sums([]), cuts(now, sums([]))) if cause.kind == "product"]

    assert named == [1]


def test_what_all_orders_share_is_not_named_as_a_cause() -> None:
    now = sums([(n, 0, False, [(1, 100)]) for n in range(9)])

    assert order_causes(cuts(now, sums([]))) == []


def test_returns_are_told_beside_the_sales_that_they_do_not_lower() -> None:
    now = sums([(1, 0, False, [(1, 1000)])], returned=(300,))

    causes = {cause.kind: cause.delta for cause in sales_causes(now, sums([]), cuts(now, sums([])))}

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
