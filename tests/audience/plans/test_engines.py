"""Plans per tier, the pure part: who stood where, what came of it, who is left alone, what it should bring."""

from __future__ import annotations

from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.audience.engines.plans.arms import drawn
from zhanggui.audience.engines.plans.expecting import expected, reachable
from zhanggui.audience.engines.plans.judging import gain
from zhanggui.audience.engines.plans.one_price import own_prices
from zhanggui.audience.engines.plans.past import Acts, goods_taken, past_case, stood_in
from zhanggui.audience.engines.plans.planning import best_channel, is_worth_planning, terms_of
from zhanggui.audience.engines.plans.tiers import RULES
from zhanggui.audience.engines.segments.rules import parse
from zhanggui.audience.types.plans import ArmResult, PastCase, PlanChannel, PlanResult, Seen
from zhanggui.kernel.clock import DAY_MS

RUN = "01J00000000000000000000000"
NOW = datetime(2026, 5, 1, tzinfo=UTC)


def acts(*rows: tuple[int, int, int, int, bool]) -> Acts:
    """(person, day, product, value, whether it was bought)."""
    table = np.array(rows, dtype=np.int64).reshape(-1, 5)
    return Acts(
        person=table[:, 0],
        at_ms=table[:, 1] * DAY_MS,
        product=table[:, 2],
        value_minor=table[:, 3],
        is_purchase=table[:, 4].astype(bool),
    )


SHOP = acts(
    (1, 95, 7, 100, True),  # bought once, five days before
    *((2, day, 7, 100, True) for day in (60, 70, 80, 90)),  # regular
    (3, 98, 7, 0, False),  # looked, did not buy
    (4, 5, 7, 100, True),  # silent for long
    (5, 50, 7, 0, False),  # looked too long ago
    (1, 110, 8, 300, True),
    (1, 112, 9, 200, True),
    (3, 120, 8, 50, True),
    (4, 140, 8, 900, True),  # too late to count
)


@pytest.mark.parametrize(("tier", "people"), [("acquire", {1}), ("retain", {2}), ("convert", {3}), ("win_back", {4})])
def test_who_stood_in_a_tier_is_told_by_what_they_had_done_before(tier: str, people: set[int]) -> None:
    assert stood_in(SHOP, tier, 100 * DAY_MS) == people  # type: ignore[arg-type]


def test_a_past_case_counts_buyers_and_what_they_spent_within_the_days() -> None:
    case = past_case(SHOP, {1, 3, 4}, 100 * DAY_MS, 130 * DAY_MS)

    assert case == PastCase(days=30, people=3, buyers=2, value_minor=550)


def test_goods_are_those_that_enough_people_took_most_buyers_first() -> None:
    since, until = 100 * DAY_MS, 150 * DAY_MS

    assert goods_taken(SHOP, {1, 3, 4}, since, until, floor=1) == [8, 9]
    assert goods_taken(SHOP, {1, 3, 4}, since, until, floor=2) == [8]
    assert goods_taken(SHOP, {1, 3, 4}, since, until, floor=1, but={8}) == [9]
    assert goods_taken(SHOP, set(), since, until, floor=1) == []


@pytest.mark.parametrize("rule", RULES.values())
def test_the_rule_of_every_tier_can_be_understood(rule: str) -> None:
    parse(rule)


@given(st.integers(1, 2**40))
def test_a_draw_stays_the_same_within_a_run_and_lies_below_one(person: int) -> None:
    assert drawn(RUN, person) == drawn(RUN, person)
    assert 0 <= drawn(RUN, person) < 1


def test_draws_are_spread_evenly_and_another_run_draws_anew() -> None:
    one = np.array([drawn(RUN, person) for person in range(10_000)])
    other = np.array([drawn(RUN[:-1] + "1", person) for person in range(10_000)])

    assert 0.18 < (one < 0.2).mean() < 0.22
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.05


def test_a_gain_has_the_interval_of_the_source() -> None:
    # Newcombe 1998, table II, case (a), method 10: 56/70 against 48/80.
    found = gain(70, 56, 80, 48)

    assert found == pytest.approx((0.2, 0.0524, 0.3339), abs=1e-4)
    with pytest.raises(ValueError, match="both arms"):
        gain(0, 0, 80, 48)


def a_result(reached: int, held: int) -> PlanResult:
    """Of a hundred in each arm so many bought."""
    arms = {"reached": ArmResult(people=100, buyers=reached), "held": ArmResult(people=100, buyers=held)}
    return PlanResult(run=RUN, tier="win_back", at=NOW, channel="sms", **arms)


def test_without_a_judged_run_the_gain_is_assumed_and_may_be_nothing() -> None:
    past = PastCase(days=30, people=100, buyers=20, value_minor=200_000)

    found = expected(past, [], 1_000, 5)

    assert found is not None
    # 20 of 100 bought (80 %: up to 25.6 %), 100.00 each; nothing, 5 % or 15 % of these more, less 1,000 messages.
    assert (found.low_minor, found.likely_minor, found.high_minor) == (-5_000, 95_000, 378_890)
    assert not found.is_measured


def test_a_judged_run_replaces_the_assumption_also_where_it_brought_less() -> None:
    past = PastCase(days=30, people=100, buyers=20, value_minor=200_000)
    unjudged = PlanResult(run=RUN, tier="win_back", at=NOW, channel="sms")

    found = expected(past, [unjudged, a_result(12, 15)], 1_000, 0)

    assert found is not None
    assert found.low_minor < found.likely_minor == -300_000 < 0 < found.high_minor
    assert found.is_measured


def test_a_past_of_few_people_or_few_buyers_says_nothing() -> None:
    assert expected(None, [], 1_000, 0) is None
    assert expected(PastCase(days=30, people=29, buyers=15, value_minor=1), [], 1_000, 0) is None
    assert expected(PastCase(days=30, people=90, buyers=9, value_minor=1), [], 1_000, 0) is None


def test_the_budget_bounds_how_many_are_reached() -> None:
    assert reachable(1_000, 0.2, 5, 2_000) == 400
    assert reachable(1_000, 0.2, 5, 10_000) == 800
    assert reachable(1_000, 0.2, 0, 0) == 800


@pytest.mark.parametrize(
    "words", ["回来吧，给您专享价", "全场 8 折", "领优惠券", "20% OFF today", "a coupon for you", "您的专属优惠"]
)
def test_words_that_promise_a_price_of_ones_own_are_found(words: str) -> None:
    assert own_prices(words)


@pytest.mark.parametrize(
    "words", ["新茶到了，欢迎回来看看", "折扇上新", "New teas have come in", "我们把它折叠好寄给你"]
)
def test_words_without_a_price_are_free_of_that(words: str) -> None:
    assert own_prices(words) == []


def seen(**reach: int) -> Seen:
    held: dict[PlanChannel, int] = {name: reach.get(name, 0) for name in ("app", "wechat", "sms", "email")}  # type: ignore[misc]
    return Seen(tier="win_back", rule=RULES["win_back"], at=NOW, reach=held, floor=10, goods=("longjing",))


def test_the_channel_is_the_one_that_reaches_most_and_then_the_cheapest() -> None:
    assert best_channel(seen(sms=30, email=20)) == "sms"
    assert best_channel(seen(sms=30, email=30)) == "email"
    assert not is_worth_planning(seen(email=19))
    assert is_worth_planning(seen(email=20))


def test_a_plan_for_few_holds_half_back_and_its_budget_covers_the_rest() -> None:
    few, many = terms_of(seen(sms=40), "新茶到了", "CNY"), terms_of(seen(sms=1_000), "新茶到了", "CNY")

    assert (few.held_back, few.budget_minor) == (0.5, 100)
    assert (many.held_back, many.budget_minor, many.within_days) == (0.2, 4_000, 45)
