"""The pure parts of recipes, against answers worked by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.kernel.clock import DAY_MS, HOUR_MS
from zhanggui.recommend.engines.complements import fit_complements, no_complements
from zhanggui.recommend.engines.covisitation import Neighbours
from zhanggui.recommend.engines.first_stage import no_neighbours
from zhanggui.recommend.engines.hour_counts import HourCounts, rising
from zhanggui.recommend.engines.intent import FULL, LEAST, bearable, intent
from zhanggui.recommend.engines.interactions import Interactions
from zhanggui.recommend.engines.repeat_timing import dueness, usual_intervals

POT, GREEN, OOLONG, CUP = 1, 2, 3, 4
SIZE = 5


def events(*rows: tuple[int, int, float, bool]) -> Interactions:
    """(person, product, day, whether bought)."""
    person, product, day, bought = zip(*rows, strict=True)
    return Interactions.of(
        person=np.array(person, dtype=np.int64),
        product=np.array(product),
        at_ms=(np.array(day) * DAY_MS).astype(np.int64),
        strength=np.where(bought, 1.0, 0.3),
        is_purchase=np.array(bought),
        size=SIZE,
    )


def baskets(*products: tuple[int, ...]) -> list[tuple[int, int, float, bool]]:
    return [(person, product, 1.0, True) for person, basket in enumerate(products, start=1) for product in basket]


def content(*pairs: tuple[int, int, float]) -> Neighbours:
    ids, weights = np.zeros((SIZE, 2), dtype=np.int32), np.zeros((SIZE, 2), dtype=np.float32)
    for a, b, cosine in pairs:
        for one, other in ((a, b), (b, a)):
            place = int(np.count_nonzero(ids[one]))
            ids[one, place], weights[one, place] = other, cosine
    return Neighbours(ids=ids, weights=weights)


def test_a_pair_counts_its_people_once_and_weighs_by_its_buyers() -> None:
    bought = events(*baskets((POT, GREEN), (POT, GREEN), (POT, GREEN, CUP), (OOLONG,)))

    found = fit_complements(bought, no_neighbours(SIZE))

    assert found.buyers.tolist() == [0, 3, 3, 1, 1]
    assert found.ids[POT].tolist()[:2] == [GREEN, 0]  # one person with the cup is chance
    assert found.people[POT, 0] == 3
    assert found.weights[POT, 0] == pytest.approx(3 / 8)


def test_what_reads_alike_is_no_complement_however_often_it_is_bought_along() -> None:
    bought = events(*baskets((GREEN, OOLONG), (GREEN, OOLONG), (GREEN, OOLONG), (GREEN, POT), (GREEN, POT)))

    found = fit_complements(bought, content((GREEN, OOLONG, 0.8), (GREEN, POT, 0.25)))

    assert found.ids[GREEN].tolist()[:2] == [POT, 0]
    assert found.weights[GREEN, 0] == pytest.approx(2 / math.sqrt((5 + 5) * (2 + 5)) * 0.75)


def test_what_is_looked_at_together_more_than_bought_together_is_an_alternative() -> None:
    looked = [(person, product, 2.0, False) for person in range(10, 30) for product in (GREEN, OOLONG)]
    bought = baskets((GREEN, OOLONG), (GREEN, OOLONG), (GREEN, POT), (GREEN, POT), (CUP,), (CUP,), (CUP,))

    found = fit_complements(events(*bought, *looked), no_neighbours(SIZE))

    # Together: bought 2/√(9·7), looked 20/√(25·25): a third of what they are looked at, below the half.
    assert found.ids[GREEN].tolist()[:2] == [POT, 0]


def test_without_purchases_nothing_goes_with_anything() -> None:
    found, none = fit_complements(events((1, POT, 1.0, False)), no_neighbours(SIZE)), no_complements(SIZE)

    assert not found.ids.any()
    assert none.ids.shape == (SIZE, 1)


def test_dueness_is_one_when_the_own_interval_is_over_and_says_how_often() -> None:
    bought = np.array([0, 10, 20, 20.2]) * DAY_MS

    judged = dueness(bought.astype(np.int64), int(30.2 * DAY_MS), usual_days=10.0, repeat_rate=0.5)

    assert (judged.times, judged.due) == (3, pytest.approx(1.0, abs=1e-3))
    assert judged.interval_days == pytest.approx(10.0, rel=0.01)
    assert judged.chance == pytest.approx((2 + 2 * 0.5) / (2 + 2))


def test_a_single_purchase_leans_on_what_others_do() -> None:
    once = np.array([0], dtype=np.int64)

    early, due, late = (dueness(once, days * DAY_MS, usual_days=40.0, repeat_rate=0.2) for days in (4, 40, 400))

    assert due.interval_days == pytest.approx(40.0)
    assert due.chance == pytest.approx(0.2)
    assert early.due < 0.01 < 0.99 < due.due
    assert late.due == pytest.approx(early.due)


def test_usual_intervals_are_leaned_on_the_shop_s_own() -> None:
    rows = [(1, POT, day, True) for day in (0.0, 8.0, 16.0)] + [(2, GREEN, day, True) for day in (0.0, 32.0)]

    days = usual_intervals(events(*rows))

    mean = (math.log(8) * 2 + math.log(32)) / 3
    assert days[CUP] == pytest.approx(math.exp(mean), rel=1e-4)
    assert days[POT] == pytest.approx(math.exp((2 * math.log(8) + 2 * mean) / 4), rel=1e-4)
    assert not usual_intervals(events((1, POT, 0.0, True))).any()


SESSIONS = st.lists(st.tuples(st.floats(-1, 1), st.integers(0, 60 * 60_000)), max_size=12)


@given(SESSIONS, st.floats(0, 1), st.integers(0, 10**9))
def test_one_act_more_never_lowers_intent(acts: list[tuple[float, int]], strength: float, ago: int) -> None:
    moments = np.cumsum([0, *(gap for _, gap in acts)])
    at_ms = 10**10 - moments
    strengths = np.array([0.1, *(one for one, _ in acts)], dtype=np.float32)
    now = int(10**10 + ago)

    before = intent(strengths, at_ms, now)
    more = intent(np.append(np.float32(strength), strengths), np.append(at_ms[0], at_ms), now)

    assert 0 <= before <= more <= 1


@given(SESSIONS, st.integers(0, 10**9), st.integers(0, 10**9))
def test_the_same_session_longer_ago_never_means_more(acts: list[tuple[float, int]], ago: int, later: int) -> None:
    at_ms = 10**10 - np.cumsum([0, *(gap for _, gap in acts)])
    strengths = np.array([0.3, *(one for one, _ in acts)], dtype=np.float32)

    assert intent(strengths, at_ms, 10**10 + ago + later) <= intent(strengths, at_ms, 10**10 + ago)


@given(st.integers(1, 200), st.floats(0, 1), st.floats(0, 1))
def test_more_intent_never_bears_a_shorter_list(k: int, one: float, other: float) -> None:
    low, high = sorted((one, other))

    assert 0 <= bearable(k, low) <= bearable(k, high) <= k


def test_a_list_is_empty_below_the_least_intent_and_whole_from_the_full_one() -> None:
    assert [bearable(10, score) for score in (0.0, LEAST - 0.01, LEAST, 0.3, FULL, 1.0)] == [0, 0, 1, 5, 10, 10]


def test_windows_count_whole_hours_and_forget_what_is_too_old() -> None:
    counts = HourCounts(48)
    at = np.array([100, 99, 77, 76, 51, 200]) * HOUR_MS + 5
    counts.add(np.array([1, 1, 1, 1, 1, 0]), np.array([1, 0.5, 1, 1, 1, 1], dtype=np.float32), at)

    now = 100 * HOUR_MS + 30 * 60_000
    assert counts.within(now, 24, 3)[1].tolist() == [2.5, 3]
    assert counts.within(now, 24, 3, skipped=24)[1].tolist() == [1, 1]
    assert counts.within(now, 1, 3)[1].tolist() == [1, 1]
    assert counts.within(now, 48, 3, skipped=48)[1].tolist() == [0, 0]


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 30)), max_size=200))
def test_many_pieces_of_an_hour_are_one_sum(rows: list[tuple[int, int]]) -> None:
    counts = HourCounts(100)
    for product, hour in rows:
        counts.add(np.array([product]), np.ones(1, dtype=np.float32), np.array([hour * HOUR_MS]))

    sums = counts.within(30 * HOUR_MS, 31, 4)

    assert sums[:, 1].tolist() == [sum(product == n and n > 0 for product, _ in rows) for n in range(4)]


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(0, 20)), max_size=40), st.integers(1, 20))
def test_a_window_that_follows_events_is_the_window_counted_anew(rows: list[tuple[int, int]], hours: int) -> None:
    following, anew = HourCounts(100), HourCounts(100)
    now = 20 * HOUR_MS
    for product, hour in rows:
        following.within(now, hours, 6)
        for counts in (following, anew):
            counts.add(np.array([product]), np.full(1, 0.5, dtype=np.float32), np.array([hour * HOUR_MS]))

    assert following.within(now, hours, 6).tolist() == anew.within(now, hours, 6).tolist()


def test_what_rises_leads_what_only_sells_much() -> None:
    scores = rising(np.array([100.0, 12, 2]), np.array([100.0, 3, 0]))

    assert scores.tolist() == pytest.approx([9.95, 6.0, 2.0], abs=0.01)
