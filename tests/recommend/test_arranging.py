"""Arranging: hand-worked lists, a plain reference, and what holds for every list."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from zhanggui.recommend.engines.arranging import Arranged, Cap, Lift, Order, Pin, Quota, Ranked, arrange, replay
from zhanggui.recommend.engines.arranging_kernels import unmet

VARIETY, TASTE, REST, PIN, PROMOTE, CAP, BOOST, BURY = range(8)


def a_ranked(values: list[float], category: list[int] | None = None) -> Ranked:
    n = len(values)
    return Ranked(
        ids=np.arange(1, n + 1, dtype=np.int32),
        values=np.array(values, dtype=np.float32),
        category=np.array(category or [0] * n, dtype=np.int32),
    )


def arranged(ranked: Ranked, order: Order, k: int) -> Arranged:
    slot = np.zeros(len(ranked.ids) + 1, dtype=np.int32)
    found = arrange(ranked, order, k, slot)
    assert not slot.any()
    return found


def flags(*rows: int, n: int) -> np.ndarray:
    return np.isin(np.arange(n), rows)


def test_without_wishes_the_ranked_list_stays() -> None:
    found = arranged(a_ranked([5, 4, 3]), Order(), 2)

    assert (found.rows.tolist(), found.moves.tolist()) == ([0, 1], [])


def test_a_pin_stands_at_its_place_and_is_named() -> None:
    found = arranged(a_ranked([5, 4, 3, 2]), Order(pins=[Pin(3, 1, PIN)]), 3)

    assert (found.rows.tolist(), found.moves.tolist()) == ([0, 3, 1], [[3, 1, PIN]])


def test_what_a_pin_keeps_for_later_lets_others_pass_in_its_name() -> None:
    found = arranged(a_ranked([5, 4, 3]), Order(pins=[Pin(0, 2, PIN)]), 3)

    assert (found.rows.tolist(), found.moves.tolist()) == ([1, 2, 0], [[1, 0, PIN], [2, 1, PIN]])


def test_a_pin_beyond_a_short_list_comes_at_its_end() -> None:
    found = arranged(a_ranked([5, 4]), Order(pins=[Pin(0, 4, PIN)]), 5)

    assert found.rows.tolist() == [1, 0]


def test_promotions_have_their_share_of_every_prefix() -> None:
    order = Order(quotas=[Quota(flags(4, 5, n=6), 0.5, PROMOTE)])

    found = arranged(a_ranked([6, 5, 4, 3, 2, 1]), order, 4)

    assert (found.rows.tolist(), found.moves.tolist()) == ([0, 4, 1, 5], [[4, 1, PROMOTE], [5, 3, PROMOTE]])


def test_a_cap_is_strict_even_if_the_list_is_shorter() -> None:
    order = Order(caps=[Cap(np.array([7, 7, 7, -1], dtype=np.int32), 1, CAP)])

    found = arranged(a_ranked([5, 4, 3, 2]), order, 4)

    assert (found.rows.tolist(), found.moves.tolist()) == ([0, 3], [[3, 1, CAP]])


def test_a_boost_of_the_whole_spread_lifts_the_worst_to_the_best() -> None:
    order = Order(lifts=[Lift(flags(2, n=3), 1.01, BOOST)])

    found = arranged(a_ranked([5, 4, 1]), order, 3)

    assert (found.rows.tolist(), found.moves.tolist()) == ([2, 0, 1], [[2, 0, BOOST]])


def test_what_is_buried_sinks_and_is_passed_in_the_name_of_its_rule() -> None:
    order = Order(lifts=[Lift(flags(0, n=3), -0.5, BURY)])

    found = arranged(a_ranked([5, 4, 1]), order, 3)

    assert (found.rows.tolist(), found.moves.tolist()) == ([1, 0, 2], [[1, 0, BURY]])


def test_what_rests_comes_only_when_nothing_else_is_left() -> None:
    order = Order(resting=(flags(0, 1, n=3), REST))

    found = arranged(a_ranked([5, 4, 1]), order, 3)

    assert (found.rows.tolist(), found.moves.tolist()) == ([2, 0, 1], [[2, 0, REST]])


def test_variety_takes_the_other_category_first_where_the_loss_is_smaller() -> None:
    # Spread 2; half of it times a likeness of 0.5 costs 0.5: the second tea falls from 4.9 to 4.4, below 4.5.
    found = arranged(a_ranked([5, 4.9, 4.5, 3], [1, 1, 2, 3]), Order(variety=(0.5, VARIETY)), 4)

    assert (found.rows.tolist(), found.moves.tolist()) == ([0, 2, 1, 3], [[2, 1, VARIETY]])


def test_likeness_of_words_counts_beyond_the_category() -> None:
    ranked, slot = a_ranked([5, 4.9, 4.5]), np.zeros(4, dtype=np.int32)
    ids, weights = np.zeros((4, 1), dtype=np.int32), np.zeros((4, 1), dtype=np.float32)
    ids[1, 0], weights[1, 0] = 2, 1.0

    found = arrange(ranked, Order(variety=(1.0, VARIETY)), 3, slot, (ids, weights))

    assert (found.rows.tolist(), found.moves.tolist()) == ([0, 2, 1], [[2, 1, VARIETY]])


def test_calibration_shows_the_categories_as_the_shopper_likes_them() -> None:
    # Three quarters tea, one quarter snacks: of four places one is a snack, though all the teas rank higher.
    values = [5.0, 4.99, 4.98, 4.97, 4.96, 4.0]
    order = Order(calibration=(2.0, TASTE), taste={1: 0.75, 2: 0.25})

    found = arranged(a_ranked(values, [1, 1, 1, 1, 1, 2]), order, 4)

    assert sorted(found.rows.tolist()) == [0, 1, 2, 5]
    assert set(found.moves[:, 2].tolist()) == {TASTE}


@st.composite
def wishes(draw: st.DrawFn) -> tuple[Ranked, Order, int]:
    n = draw(st.integers(1, 9))
    values = sorted(draw(st.lists(st.integers(0, 40), min_size=n, max_size=n)), reverse=True)
    ranked = a_ranked([float(value) for value in values], draw(st.lists(st.integers(0, 3), min_size=n, max_size=n)))

    def marked() -> np.ndarray:
        return np.array(draw(st.lists(st.booleans(), min_size=n, max_size=n)), dtype=np.bool_)

    numbers = st.integers(0, n - 1)
    pins = [Pin(draw(numbers), draw(st.integers(0, 6)), PIN) for _ in range(draw(st.integers(0, 2)))]
    quotas = [Quota(marked(), draw(st.sampled_from([0.2, 0.34, 0.5])), PROMOTE) for _ in range(draw(st.integers(0, 2)))]
    groups = np.array(draw(st.lists(st.integers(-1, 2), min_size=n, max_size=n)), dtype=np.int32)
    caps = [Cap(groups, draw(st.integers(0, 3)), CAP)] if draw(st.booleans()) else []
    lifts = [Lift(marked(), draw(st.sampled_from([0.25, 1.0, -0.5])), BOOST) for _ in range(draw(st.integers(0, 2)))]
    order = Order(
        pins=pins,
        quotas=quotas,
        caps=caps,
        lifts=lifts,
        resting=(marked(), REST) if draw(st.booleans()) else None,
        variety=(draw(st.sampled_from([0.0, 0.5])), VARIETY),
        calibration=(draw(st.sampled_from([0.0, 0.5])), TASTE),
        taste={1: 0.5, 2: 0.25},
    )
    return ranked, order, draw(st.integers(1, 10))


class Reference:
    """The same, said as plainly as it can be: each place is filled by looking at everything anew."""

    def __init__(self, ranked: Ranked, order: Order, k: int) -> None:
        self.ranked, self.order, self.n = ranked, order, len(ranked.ids)
        self.k = min(k, self.n)
        self.spread = max(float(ranked.values.max() - ranked.values.min()), 1e-3)
        self.kind = ranked.category.tolist()
        self.rows: list[int] = []
        self.pins: dict[int, int] = {}
        for pin in order.pins:
            place = min(pin.place, self.n - 1)
            if pin.place < k and place not in self.pins and pin.row not in self.pins.values():
                self.pins[place] = pin.row

    def list(self) -> list[int]:
        while len(self.rows) < self.k and (choice := self.choice()) is not None:
            self.rows.append(choice)
        return self.rows

    def choice(self) -> int | None:
        pinned = self.pins.get(len(self.rows))
        if pinned is not None and pinned not in self.rows:
            return pinned
        best = self.best(range(self.n))
        for quota in self.order.quotas:
            has = sum(bool(quota.counted[row]) for row in self.rows)
            is_due = math.floor((len(self.rows) + 1) * quota.share + 1e-6) > has
            instead = self.best(row for row in range(self.n) if quota.counted[row])
            if is_due and instead is not None and (best is None or not quota.counted[best]):
                return instead
        waiting = sorted(row for row in self.pins.values() if row not in self.rows)
        return best if best is not None else next(iter(waiting), None)

    def best(self, among: Iterable[int]) -> int | None:
        resting = self.order.resting[0] if self.order.resting else np.zeros(self.n)
        kept = {row for place, row in self.pins.items() if place < self.k}
        free = [row for row in among if row not in kept and row not in self.rows and not self.is_full(row)]
        return min(free, key=lambda row: (resting[row], -self.worth(row), row), default=None)

    def is_full(self, row: int) -> bool:
        return any(
            cap.group[row] >= 0 and sum(cap.group[one] == cap.group[row] for one in self.rows) >= cap.most
            for cap in self.order.caps
        )

    def worth(self, row: int) -> float:
        value = float(self.ranked.values[row])
        value += sum(lift.share * self.spread for lift in self.order.lifts if lift.counted[row])
        kind = self.kind[row]
        if any(self.kind[one] == kind > 0 for one in self.rows):
            value -= self.order.variety[0] * self.spread * 0.5
        taste = self.order.taste.get(kind, 0.0) if kind else 0.0
        if taste:
            shown = sum(self.kind[one] == kind for one in self.rows)
            step, floor = 0.99 / self.k, 0.01 * taste
            gain = np.float32(taste * math.log((step * (shown + 1) + floor) / (step * shown + floor)))
            value += self.order.calibration[0] * self.spread * float(gain)
        return value


@settings(max_examples=150, deadline=None)
@given(wishes())
def test_the_list_is_that_of_the_plain_reference(wish: tuple[Ranked, Order, int]) -> None:
    ranked, order, k = wish

    assert arranged(ranked, order, k).rows.tolist() == Reference(ranked, order, k).list()


@settings(max_examples=100, deadline=None)
@given(wishes())
def test_the_named_moves_make_the_arranged_list_of_the_ranked_one(wish: tuple[Ranked, Order, int]) -> None:
    ranked, order, k = wish

    found = arranged(ranked, order, k)

    assert replay(len(ranked.ids), found.moves, len(found.rows)) == found.rows.tolist()
    assert all(start > end and rule >= 0 for start, end, rule in found.moves.tolist())


@settings(max_examples=100, deadline=None)
@given(wishes())
def test_caps_hold_and_nothing_comes_twice(wish: tuple[Ranked, Order, int]) -> None:
    ranked, order, k = wish

    rows = arranged(ranked, order, k).rows.tolist()

    pinned = {pin.row for pin in order.pins}
    assert len(set(rows)) == len(rows) <= k
    for cap in order.caps:
        for group in {int(cap.group[row]) for row in rows} - {-1}:
            free = [row for row in rows if cap.group[row] == group and row not in pinned]
            assert len(free) <= cap.most


def test_what_somebody_never_met_is_young_or_of_another_category_and_none_of_their_own() -> None:
    category = np.array([0, 1, 1, 1, 2, 0, 2, 1], dtype=np.int32)
    created_ms = np.array([0, 10, 10, 99, 10, 10, 99])
    ids = np.arange(1, 8, dtype=np.int32)

    found = unmet(ids, np.array([1, 6]), category, created_ms, 50)

    # 2 is old and of a known category, 4 of the one that 6 is of, 5 of none, and 7 beyond what is told of ages.
    assert ids[found].tolist() == [3, 5, 7]
    assert unmet(ids, np.zeros(0, dtype=np.int64), category, created_ms, 50).sum() == 7
