"""Live and bulk are one: however a log is cut into folds, the same profile comes out."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.audience.profiles.logs import NOW_MS, SHANGHAI, UNHURRIED, a_shelf, an_act, logs

from zhanggui.audience.engines.profile.folding import Act, fold
from zhanggui.audience.engines.profile.merging import merged
from zhanggui.audience.engines.profile.portrait import Beside, portrait
from zhanggui.audience.engines.profile.state import KEPT_THINGS, MOST_ORDERS, MOST_THINGS, State, pack, unpack
from zhanggui.kernel.clock import DAY_MS

SHELF = a_shelf(*((f"茶{n}", f"类{n % 5}", f"牌{n % 3}") for n in range(200)))
BESIDE = Beside(good_of=SHELF, local_hour=SHANGHAI, now_ms=NOW_MS)


@settings(max_examples=40, suppress_health_check=UNHURRIED)
@given(st.data())
def test_any_cutting_of_a_log_into_folds_gives_the_same_profile(data: st.DataObject) -> None:
    log = data.draw(logs())
    cuts = sorted(data.draw(st.lists(st.integers(0, len(log)), max_size=6)))
    whole = fold(State(), log, SHANGHAI)

    state = State()
    for first, last in zip([0, *cuts], [*cuts, len(log)], strict=True):
        state = fold(unpack(pack(state)), log[first:last], SHANGHAI)

    assert pack(state) == pack(whole)
    assert portrait(state, BESIDE) == portrait(whole, BESIDE)


@settings(max_examples=15, suppress_health_check=UNHURRIED)
@given(logs(), st.integers(0, 60))
def test_events_that_were_seen_count_no_second_time(log: list[Act], again: int) -> None:
    once = fold(State(), log, SHANGHAI)

    twice = fold(unpack(pack(once)), log[:again], SHANGHAI)

    assert pack(twice) == pack(once)


@settings(max_examples=15, suppress_health_check=UNHURRIED)
@given(logs(products=400, most=90))
def test_a_state_stays_small_whatever_is_done(log: list[Act]) -> None:
    state = fold(State(), log * 3, SHANGHAI)

    assert len(state.things) <= MOST_THINGS
    assert len(state.marks) <= MOST_ORDERS
    assert len(pack(state)) < 16_384


def test_the_thing_that_says_least_gives_way() -> None:
    log = [an_act(n, product=n, at_ms=NOW_MS + n * DAY_MS) for n in range(1, MOST_THINGS + 1)]
    log.append(an_act(MOST_THINGS + 1, product=MOST_THINGS, at_ms=NOW_MS))
    log.append(an_act(MOST_THINGS + 2, product=MOST_THINGS + 1, at_ms=NOW_MS + 99 * DAY_MS))

    state = fold(State(), log, SHANGHAI)

    assert {thing.product for thing in state.things} == {*range(MOST_THINGS - KEPT_THINGS + 1, MOST_THINGS + 2)}


def test_lines_at_one_moment_are_one_order_and_a_cancelled_line_counts_no_more() -> None:
    bought = [
        an_act(1, "purchase", 1, NOW_MS - DAY_MS, quantity=2, value_minor=300),
        an_act(2, "purchase", 2, NOW_MS - DAY_MS, quantity=1, value_minor=500),
        an_act(3, "purchase", 1, NOW_MS, quantity=1, value_minor=150),
    ]

    state = fold(State(), bought, SHANGHAI)

    assert (state.orders, state.lines, state.units, state.spent_minor) == (2, 3, 4, 950)
    assert [(mark.lines, mark.first_lines, mark.products) for mark in state.marks] == [(2, 2, [1, 2]), (1, 0, [1])]

    cancelled = an_act(4, "refund", 1, NOW_MS + 1, quantity=1, value_minor=150, derived_from="order")
    returned = an_act(5, "refund", 2, NOW_MS + 2, quantity=1, value_minor=500, derived_from="return")
    state = fold(state, [cancelled, returned], SHANGHAI)

    assert (state.orders, state.spent_minor, state.returned_units) == (1, 300, 1)
    assert state.last_order_ms == NOW_MS - DAY_MS


def test_a_search_that_gives_something_sensitive_away_is_not_remembered() -> None:
    log = [an_act(1, "search", 0, context={"query": "降压药"}), an_act(2, "search", 0, context={"query": "龙井"})]

    state = fold(State(), log, SHANGHAI)

    assert [one.words for one in state.searches] == ["龙井"]
    assert "降压".encode() not in pack(state)


def test_a_subject_is_what_its_numbers_say_together() -> None:
    own = fold(State(), [an_act(1, "purchase", 1, quantity=1, value_minor=100)], SHANGHAI)
    visitor = fold(State(), [an_act(2, product=1), an_act(3, product=2)], SHANGHAI)

    whole = merged([own, visitor])

    assert (whole.seq, whole.orders, sum(whole.counts)) == (3, 1, 3)
    assert {thing.product: (thing.views, thing.bought) for thing in whole.things} == {1: (1, 1), 2: (1, 0)}
    assert merged([own]) is own
    assert merged([]) == State()


def test_a_dismissal_that_was_taken_back_leaves_what_the_rest_said() -> None:
    before = [an_act(1, "view_item", 1), an_act(2, "add_to_cart", 2)]
    dismissed = [an_act(3, "dismiss", 1, NOW_MS - DAY_MS), an_act(4, "dismiss", 1), an_act(5, "dismiss", 2)]
    seen = fold(State(), before, SHANGHAI)

    state = fold(fold(State(), before + dismissed, SHANGHAI), [an_act(6, "undismiss", 1)], SHANGHAI)

    first, second = state.things
    assert (first.weight, first.dismissed) == (pytest.approx(seen.things[0].weight), 0)
    assert (second.weight < 0, second.dismissed) == (True, 1)
    assert [one.key for one in portrait(state, BESIDE).avoided if one.level == "product"] == ["product:p2"]
    again = fold(state, [an_act(7, "undismiss", 1), an_act(8, "dismiss", 1)], SHANGHAI)
    assert (again.things[0].weight < 0, again.things[0].dismissed) == (True, 1)
