from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from zhanggui.trust.engines.brief import FAIR_SHARE, Candidate, choose

CANDIDATES = st.lists(
    st.builds(
        Candidate,
        id=st.uuids().map(str),
        room=st.sampled_from(["pricing", "supply", "marketing"]),
        worth=st.floats(0, 1e9),
        ends=st.floats(0, 1e9),
    ),
    unique_by=lambda one: one.id,
    max_size=12,
)


def ids(chosen: list[Candidate]) -> list[str]:
    return [one.id for one in chosen]


def test_the_worthiest_come_first() -> None:
    offered = [Candidate("a", "pricing", 5), Candidate("b", "supply", 9), Candidate("c", "live", 7)]

    assert ids(choose(offered, 2)) == ["b", "c"]


def test_a_second_place_for_a_room_must_be_worth_twice_anothers_first() -> None:
    offered = [Candidate("a", "pricing", 100), Candidate("b", "pricing", 90), Candidate("c", "supply", 46)]

    assert ids(choose(offered, 2)) == ["a", "c"]
    assert ids(choose([*offered[:2], Candidate("d", "supply", 44)], 2)) == ["a", "b"]


def test_places_that_a_room_has_already_count() -> None:
    offered = [Candidate("a", "pricing", 100), Candidate("b", "supply", 60)]

    assert ids(choose(offered, 1, {"pricing": 1})) == ["b"]


def test_of_equal_ones_that_which_runs_out_first_wins() -> None:
    offered = [Candidate("a", "pricing", 0), Candidate("b", "supply", 0, ends=5)]

    assert ids(choose(offered, 2)) == ["b", "a"]


def test_a_room_takes_no_third_place_while_another_still_asks() -> None:
    rich = [Candidate(f"a{n}", "audience", 1e6 - n) for n in range(5)]
    poor = [Candidate("b", "pricing", 1), Candidate("c", "supply", 0)]

    assert ids(choose([*rich, *poor], 5, fair_share=FAIR_SHARE)) == ["a0", "a1", "b", "c", "a2"]
    assert ids(choose([*rich, *poor], 1, {"audience": 2}, FAIR_SHARE)) == ["b"]
    assert ids(choose(rich, 5, fair_share=FAIR_SHARE)) == [one.id for one in rich]


@given(CANDIDATES, st.integers(0, 5))
def test_whoever_asks_has_a_place_before_another_has_three(offered: list[Candidate], places: int) -> None:
    chosen = choose(offered, places, fair_share=FAIR_SHARE)

    has = Counter(one.room for one in chosen)
    asked = Counter(one.room for one in offered)
    if max(has.values(), default=0) > FAIR_SHARE:
        assert all(has[room] >= min(count, FAIR_SHARE) for room, count in asked.items())


@given(CANDIDATES, st.integers(0, 8))
def test_places_are_filled_once_each_whatever_the_order_of_the_offers(offered: list[Candidate], places: int) -> None:
    chosen = choose(offered, places)

    assert len(chosen) == min(places, len(offered))
    assert len(set(ids(chosen))) == len(chosen)
    assert choose(offered[::-1], places) == chosen
    assert not chosen or chosen[0].worth == max(one.worth for one in offered)
