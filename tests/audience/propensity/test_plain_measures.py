"""Next categories, and how groups answer to offers."""

from __future__ import annotations

import dataclasses
import typing

import numpy as np
import pytest

from zhanggui.audience.engines.propensity import offer_groups
from zhanggui.audience.engines.propensity.next_category import (
    NextCategory,
    Purchases,
    cases_of,
    count,
    judge_next,
    learn_next,
)
from zhanggui.audience.engines.propensity.offer_groups import CONDITIONS, GroupAnswer, Lines, group_answers, is_reduced


def habits(people: int, seed: int) -> Purchases:
    """Each person has a category that they mostly keep to; after category 2 everybody takes 3."""
    rng = np.random.default_rng(seed)
    rows = []
    for person in range(people):
        own, last = int(rng.integers(3)), 0
        for day in range(0, 120, 10):
            last = 3 if last == 2 else own if rng.random() < 0.8 else int(rng.integers(4))
            rows.append((person, day, last))
    person, day, category = np.array(rows).T
    return Purchases(person=person, day=day, category=category)


def test_next_categories_are_foretold_better_than_what_everybody_buys() -> None:
    learned = learn_next(habits(150, 1), 4, 119, 30)
    assert learned is not None
    others = habits(150, 2)

    seen = judge_next(learned, cases_of(others, learned, 89))

    assert seen.right > seen.right_everybody + 0.2
    assert seen.log_loss < seen.log_loss_everybody - 0.2


def test_chances_of_next_categories_sum_to_one_for_newcomers_too() -> None:
    model = count(habits(20, 3), 4, np.array([1.0, 0.5, 0.5]))
    nothing = np.zeros(0, dtype=np.int64)

    for category, day in ((nothing, nothing), (np.array([1, 2]), np.array([5, 9]))):
        assert model.chances(category, day, 30).sum() == pytest.approx(1)
    assert model.chances(nothing, nothing, 30).argmax() == model.everybody.argmax()


def test_nobody_to_learn_from_gives_no_model() -> None:
    nothing = np.zeros(0, dtype=np.int64)

    assert learn_next(Purchases(person=nothing, day=nothing, category=nothing), 3, 100, 30) is None


def answering() -> Lines:
    """Forty regulars who take product 1 at any price, forty who take it again only when it is reduced."""
    rows = []
    for person in range(80):
        for time in range(6):
            is_patient = person >= 40 and time > 0
            price = 80.0 if (is_patient or (person + time) % 3 == 0) else 100.0
            away = 40 if person >= 40 else 5
            rows.append((person, time * away, 1, price))
    person, day, product, value = np.array(rows).T
    return Lines(
        person=person.astype(np.int64), day=day.astype(np.int64), product=product.astype(np.int64), unit_value=value
    )


def test_a_group_is_compared_with_all_buyers_of_the_same_products() -> None:
    lines = answering()
    reduced = Lines(
        person=lines.person,
        day=lines.day,
        product=lines.product,
        unit_value=np.where(lines.unit_value < 100, 60, 100.0),
    )
    answers = {one.condition: one for one in group_answers(dataclasses.replace(reduced))}

    assert set(answers) <= set(CONDITIONS)
    assert all(one.people >= 20 and one.low <= one.ratio <= one.high for one in answers.values())


def test_fewer_than_twenty_people_are_not_told() -> None:
    lines = answering()
    few = lines.person < 19

    assert group_answers(Lines(**{name: getattr(lines, name)[few] for name in Lines.__slots__})) == []


def test_reduced_is_clearly_below_the_usual_price() -> None:
    product, value = np.array([1, 1, 1, 2, 2]), np.array([100.0, 98.0, 90.0, 10.0, 10.0])

    assert is_reduced(product, value).tolist() == [False, False, True, False, False]


def test_what_is_told_of_offers_names_no_person_and_no_price() -> None:
    assert {field.name for field in dataclasses.fields(GroupAnswer)} == {
        "condition", "people", "lines", "ratio", "low", "high",
    }  # fmt: skip
    told = typing.get_type_hints(group_answers)["return"]
    assert told == list[GroupAnswer]
    public = [
        value
        for name, value in vars(offer_groups).items()
        if callable(value) and name in {"group_answers", "is_reduced"}
    ]
    assert all("int" not in str(typing.get_type_hints(one)["return"]) for one in public)


def test_next_categories_are_judged_by_the_first_the_first_three_and_their_chances() -> None:
    everybody = np.array([0.4, 0.3, 0.2, 0.1])
    model = NextCategory(after=np.tile(everybody, (4, 1)), everybody=everybody, weights=np.array([0.0, 0.0, 1.0]))
    views = np.log(np.tile(everybody[:, None], (1, 3)))

    seen = judge_next(model, [(views, 0), (views, 2), (views, 3), (views, 1)])

    assert (seen.right, seen.right_3) == (0.25, 0.75)
    assert (seen.right_everybody, seen.right_3_everybody) == (0.25, 0.75)
    assert seen.ece == pytest.approx(0.4 - 0.25)  # each says 0.4 of category 0, which came once in four
    assert [(one.people, one.came) for one in seen.bins] == [(4, 0.25)]
