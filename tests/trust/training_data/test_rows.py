"""Rows that look like manipulation are found, and what honest shoppers do is not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhanggui.kernel.clock import DAY_MS, HOUR_MS
from zhanggui.kernel.datasheets import TrainingData
from zhanggui.trust.engines.training_data.rows import bombing, bursts, duplicates, future, most_of, one_source, outliers
from zhanggui.trust.engines.training_data.words import forbidden

Row = tuple[int, int, int, float]


def rows(*parts: list[Row]) -> TrainingData:
    """Rows of (person, product, at_ms, strength), sorted as a training has them."""
    held = sorted(row for part in parts for row in part)
    person, product, at_ms, strength = (np.array(column) for column in zip(*held, strict=True)) if held else [[]] * 4
    by_time = np.lexsort((product, at_ms, person)) if held else np.zeros(0, dtype=np.int64)
    columns = [np.asarray(column, dtype=np.int64)[by_time] for column in (person, product, at_ms)]
    return TrainingData(
        kind="recommend",
        person=columns[0],
        product=columns[1],
        at_ms=columns[2],
        strength=np.asarray(strength, dtype=np.float32)[by_time],
        texts={},
        names={n: f"p{n}" for n in range(50)},
    )


def honest(people: int = 200, seed: int = 3) -> list[Row]:
    """People who look at ten products each, over sixty days."""
    rng = np.random.default_rng(seed)
    return [
        (who, int(rng.integers(1, 40)), int(rng.integers(0, 60 * DAY_MS)), 0.3)
        for who in range(1, people + 1)
        for _ in range(10)
    ]


def test_nothing_is_found_of_honest_shoppers() -> None:
    data = rows(honest())

    for look in (one_source, bursts, outliers, bombing, duplicates):
        assert not look(data).any()
    assert not future(data, 60 * DAY_MS).any()


def test_one_person_who_says_most_of_a_product_is_found() -> None:
    data = rows(honest(), [(7, 45, n * HOUR_MS, 0.3) for n in range(150)])

    found = one_source(data)

    assert int(found.sum()) == 150
    assert most_of(data, found) == ("p45",)


def test_a_fan_among_many_is_no_manipulation() -> None:
    many = [(who, 45, who * HOUR_MS, 0.3) for who in range(1, 201)]
    assert not one_source(rows(many, [(7, 45, n * DAY_MS, 0.3) for n in range(150)])).any()


def test_very_few_who_say_very_much_within_an_hour_are_found() -> None:
    attack = [(300 + n % 3, 44, 5 * HOUR_MS + n, 0.7) for n in range(240)]
    data = rows(honest(), attack)

    assert int(bursts(data).sum()) == 240
    assert set(data.product[bursts(data)]) == {44}


def test_an_hour_in_which_many_look_at_one_product_is_a_good_campaign() -> None:
    assert not bursts(rows([(who, 44, 5 * HOUR_MS + who, 0.3) for who in range(1, 400)])).any()


def test_a_day_of_one_person_that_lies_far_above_all_others_is_found() -> None:
    crawler = [(900, n % 40 + 1, 20 * DAY_MS + n * 1_000, 0.1) for n in range(600)]
    same_person_another_day = [(900, 3, 22 * DAY_MS, 0.3)]
    data = rows(honest(), crawler, same_person_another_day)

    found = outliers(data)

    assert int(found.sum()) == 600
    assert set(data.person[found]) == {900}


def test_where_every_day_is_long_none_is_too_long() -> None:
    wholesale = [(who, n % 40 + 1, who * DAY_MS + n, 0.3) for who in range(1, 12) for n in range(400 + 40 * who)]

    assert not outliers(rows(wholesale)).any()


def test_newcomers_who_come_on_one_day_to_speak_against_one_product_are_found() -> None:
    bombers = [(1_000 + n, 43, 30 * DAY_MS + n, -1.0) for n in range(40)]
    grumblers = [(n, 42, 30 * DAY_MS + n, -1.0) for n in range(1, 41)]
    data = rows(honest(), [(n, 1, 0, 0.3) for n in range(1, 41)], bombers, grumblers)

    found = bombing(data)

    assert int(found.sum()) == 40
    assert set(data.product[found]) == {43}


def test_what_is_said_twice_and_what_comes_from_the_future_is_counted() -> None:
    data = rows([(1, 2, 5, 0.3), (1, 2, 5, 0.3), (1, 3, 5, 0.3), (2, 2, 5, 0.3), (2, 2, 9, 0.3)])

    assert duplicates(data).tolist() == [False, True, False, False, False]
    assert future(data, 8).tolist() == [False, False, False, False, True]


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4), st.integers(0, DAY_MS), st.sampled_from((-1.0, 0.3)))))
def test_few_rows_are_never_manipulation(few: list[Row]) -> None:
    data = rows(few[:25])
    for look in (one_source, bursts, outliers, bombing):
        assert len(look(data)) == len(data.person)
        assert not look(data).any()


@pytest.mark.parametrize(
    ("text", "is_forbidden"),
    [
        ("仿真枪 玩具", True),
        ("出售假币", True),
        ("枪灰色连衣裙", False),
        ("明前龙井茶", False),
        ("Ghost Gun kit", True),
    ],
)
def test_goods_that_may_not_be_sold_are_told_by_their_words(text: str, is_forbidden: bool) -> None:
    assert forbidden({"p": text}) == (("p",) if is_forbidden else ())
