"""What an analyst reads of the shop's figures tells no single order."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from zhanggui.shop.engines.coarse_figures import CROWD, coarse
from zhanggui.shop.types.figures import Curve, Figure, Overview, Part, Slice, Why

DAY = datetime(2026, 3, 2, tzinfo=UTC)
amounts = st.lists(st.integers(100, 500_000), min_size=1, max_size=60)


def an_overview(paid: list[int]) -> Overview:
    """A day of orders, one an hour, all of one channel; the dearest is of a category of its own."""
    total, dear = sum(paid), max(paid)
    why = Why(
        delta=total, now=len(paid), before=0, is_enough=True, parts=(Part(kind="product", delta=dear, now=1, before=0),)
    )
    cumulated = tuple(sum(paid[: n + 1]) for n in range(len(paid)))
    nothing = Figure(now=None, before=None)
    return Overview(
        range_days=1, first_day=date(2026, 3, 2), day=date(2026, 3, 2), is_today=True,
        before_first_day=date(2026, 2, 23), before_day=date(2026, 2, 23), until=DAY, currency="CNY",
        sales=Figure(now=total, before=0, why=why), orders=Figure(now=len(paid), before=0, why=why),
        visitors=nothing, conversion=nothing, returns=1, returned_minor=paid[0], other_money=0, unpaid=0,
        curve=Curve(moments=tuple(DAY + timedelta(hours=n) for n in range(len(paid))), now=cumulated, before=()),
        categories=(Slice(name="dear", now=dear, before=0, orders_now=1, orders_before=0),),
        channels=(Slice(name="web", now=total, before=0, orders_now=len(paid), orders_before=0),),
        visitors_until=None,
    )  # fmt: skip


@given(amounts)
def test_every_amount_is_a_multiple_of_what_a_crowd_of_orders_comes_to(paid: list[int]) -> None:
    told = coarse(an_overview(paid))
    mean = sum(paid) / len(paid)
    points = (0, *told.curve.now)
    shown = [*points, int(told.sales.now or 0), *(one.now for one in told.channels)]

    steps = {value for value in shown if value}
    assert all(value >= CROWD * mean for value in steps)
    assert all(after - before == 0 or after - before >= CROWD * mean for before, after in pairwise(points))
    assert told.sales.now is not None
    assert told.sales.now <= sum(paid)


@given(amounts)
def test_what_few_orders_stand_behind_is_not_told_and_no_cause_names_a_product(paid: list[int]) -> None:
    told = coarse(an_overview(paid))

    assert told.categories == ()
    assert (told.returns, told.returned_minor) == (1, 0)
    assert told.orders.now == len(paid)
    assert [figure.why for figure in (told.sales, told.orders, told.visitors, told.conversion)] == [None] * 4
    assert [one.name for one in told.channels] == (["web"] if len(paid) >= CROWD else [])


def test_a_shop_without_sales_stays_as_it_is() -> None:
    empty = an_overview([100])
    nothing = Figure(now=0, before=0)

    assert coarse(Overview(**{name: getattr(empty, name) for name in Overview.__struct_fields__})).curve.now == (0,)
    assert nothing.change is None
