"""Each protocol on tables small enough to cut by hand, and laws that hold for all of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.recommend.evaluations import DAY_MS, a_log, sequences

from zhanggui.recommend.engines.evaluation.audit import audit_log, audit_task
from zhanggui.recommend.engines.evaluation.protocols import (
    every_prefix,
    given_test,
    last_basket,
    leave_one_out,
    moment_of,
    sessions,
    temporal,
)
from zhanggui.recommend.engines.evaluation.tasks import Task, is_ordered
from zhanggui.recommend.engines.interactions import Interactions
from zhanggui.recommend.service.evaluating.logs import in_time, same_session


def rng() -> np.random.Generator:
    return np.random.default_rng(0)


def by_person(events: Interactions) -> dict[int, list[int]]:
    people: dict[int, list[int]] = {}
    for person, product in zip(events.person.tolist(), events.product.tolist(), strict=True):
        people.setdefault(person, []).append(product)
    return people


def cases(task: Task) -> dict[int, tuple[list[int], list[int]]]:
    """(history, targets) by owner; for tasks with a case an owner."""
    known = by_person(task.histories)
    return {
        int(owner): (
            known.get(case, []),
            task.target_products[task.target_starts[case] : task.target_starts[case + 1]].tolist(),
        )
        for case, owner in enumerate(task.owners)
    }


def test_leave_one_out_trains_on_neither_of_the_last_two() -> None:
    task = leave_one_out(sequences([1, 2, 3, 4], [5, 6], [7]))

    assert by_person(task.train) == {0: [1, 2], 1: [5], 2: [7]}
    assert cases(task) == {0: ([1, 2, 3], [4]), 1: ([5], [6])}


def test_validation_of_leave_one_out_asks_for_the_event_before_the_last() -> None:
    validation = leave_one_out(sequences([1, 2, 3, 4], [5, 6], [7])).validation(rng())

    assert by_person(validation.train) == {0: [1, 2], 1: [5], 2: [7]}
    assert cases(validation) == {0: ([1, 2], [3])}


def test_a_dismissal_is_never_asked_for_and_stays_in_the_history() -> None:
    log = a_log([(0, 1, 0), (0, 2, 1), (0, 9, 2), (0, 3, 3), (0, 8, 4)], strengths=[1, 1, -1, 1, -1])

    assert cases(leave_one_out(log)) == {0: ([1, 2, 9], [3])}


def test_last_basket_asks_for_all_of_the_last_session() -> None:
    log = a_log([(0, 1, 0), (0, 2, 0), (0, 3, 5), (0, 4, 5), (0, 3, 5), (1, 7, 0), (1, 8, 0)])

    task = last_basket(log)

    assert by_person(task.train) == {0: [1, 2], 1: [7, 8]}
    assert cases(task) == {0: ([1, 2], [3, 4])}


def test_products_seen_before_are_not_asked_for_where_they_are_removed() -> None:
    log = a_log([(0, 1, 0), (0, 1, 5), (0, 2, 5), (1, 1, 0), (1, 1, 5)])

    task = last_basket(log, keep_seen=False)

    assert cases(task) == {0: ([1], [2])}
    assert task.repeats == 2


def test_temporal_learns_from_nothing_after_the_cut_and_asks_no_newcomer() -> None:
    log = a_log([(0, 1, 0), (0, 2, 9), (0, 3, 9.5), (1, 4, 9), (2, 5, 1)])

    task = temporal(log, cut_ms=5 * DAY_MS)

    assert by_person(task.train) == {0: [1], 2: [5]}
    assert cases(task) == {0: ([1], [2, 3])}


def test_validation_of_temporal_holds_back_the_last_share_of_training() -> None:
    log = sequences(list(range(1, 11)), list(range(1, 11)))
    task = temporal(log, cut_ms=moment_of(log, 0.2))

    validation = task.validation(rng())

    assert task.train.at_ms.max() == 7 * DAY_MS
    assert validation.train.at_ms.max() == 5 * DAY_MS
    assert cases(validation)[0][1] == [7, 8]


def test_given_test_ranks_what_is_not_in_training() -> None:
    train, test = sequences([1, 2], [3]), a_log([(0, 4, 0), (0, 2, 0), (1, 5, 0), (9, 1, 0)])

    task = given_test(train, test)

    assert cases(task) == {0: ([1, 2], [4]), 1: ([3], [5])}
    assert (task.keep_seen, task.repeats) == (False, 1)


def test_validation_of_given_test_holds_back_as_large_a_share_as_the_test() -> None:
    train = replace(sequences(*[range(1, 9)] * 5), at_ms=np.zeros(40, dtype=np.int64))
    task = given_test(train, a_log([(n, 10 + m, 0) for n in range(5) for m in range(2)]))

    validation = task.validation(rng())

    assert not is_ordered(train)
    assert [len(targets) for _, targets in cases(validation).values()] == [2] * 5
    assert [len(known) for known, _ in cases(validation).values()] == [6] * 5


def test_sessions_are_asked_after_every_event_and_the_last_are_held() -> None:
    task = sessions(sequences([1, 2], [3, 4, 5]), held=0.5)

    assert by_person(task.train) == {0: [1, 2]}
    assert by_person(task.histories) == {0: [3], 1: [3, 4]}
    assert (task.target_products.tolist(), task.owners.tolist(), task.keys.tolist()) == ([4, 5], [1, 1], [0, 1])


def test_prefixes_keep_their_order_and_never_hold_the_answer() -> None:
    histories, targets, owners = every_prefix(sequences([4, 4, 2], [7]))

    assert by_person(histories) == {0: [4], 1: [4, 4]}
    assert (targets.tolist(), owners.tolist()) == ([4, 2], [0, 0])


@pytest.mark.parametrize("protocol", [leave_one_out, last_basket, sessions])
def test_an_empty_log_asks_nothing(protocol: object) -> None:
    assert callable(protocol)
    task = protocol(a_log([]))

    assert (task.people, len(task.train)) == (0, 0)
    assert task.validation(rng()).people == 0


@pytest.mark.parametrize("protocol", [leave_one_out, last_basket, sessions])
def test_a_log_in_which_nobody_wanted_anything_asks_nothing(protocol: object) -> None:
    assert callable(protocol)
    task = protocol(a_log([(0, 1, 0), (0, 2, 1), (1, 3, 0)], strengths=[-1.0, -1.0, -1.0]))

    assert task.people == 0
    assert task.validation(rng()).people == 0


LOGS = st.lists(
    st.tuples(st.integers(0, 5), st.integers(1, 9), st.integers(0, 30)),
    max_size=40,
    unique_by=lambda row: (row[0], row[2]),
)


@settings(max_examples=60, deadline=None)
@given(rows=LOGS, keep_seen=st.booleans(), turn=st.randoms(use_true_random=False))
def test_what_is_asked_never_depends_on_the_order_of_rows(
    rows: list[tuple[int, int, float]], keep_seen: bool, turn: object
) -> None:
    turned = list(rows)
    turn.shuffle(turned)  # type: ignore[attr-defined]
    for protocol in (leave_one_out, last_basket, sessions):
        one, two = (protocol(a_log(order), keep_seen=keep_seen) for order in (rows, turned))
        for name in ("target_starts", "target_products", "owners"):
            assert getattr(one, name).tolist() == getattr(two, name).tolist()
        assert by_person(one.histories) == by_person(two.histories)


@settings(max_examples=60, deadline=None)
@given(rows=LOGS, keep_seen=st.booleans())
def test_no_row_that_is_asked_for_is_learned_from(rows: list[tuple[int, int, float]], keep_seen: bool) -> None:
    log = a_log(rows)
    for protocol in (leave_one_out, last_basket, sessions):
        task = protocol(log, keep_seen=keep_seen)
        validation = task.validation(rng())

        assert len(task.train) <= len(log)
        assert len(validation.train) <= len(task.train)
        assert np.all(np.diff(task.target_starts) >= 1)
        if not keep_seen:
            assert all(not set(known) & set(wanted) for known, wanted in cases(task).values() if protocol != sessions)


def test_a_cut_keeps_cases_whole() -> None:
    task = leave_one_out(sequences([1, 2, 3], [4, 5, 6], [7, 8, 9]))

    assert cases(task.only(np.array([0, 2]))) == {0: ([1, 2], [3]), 2: ([7, 8], [9])}
    assert task.cut(2, rng()).people == 2
    assert task.cut(5, rng()) is task


def test_batches_number_their_people_from_nought() -> None:
    task = leave_one_out(sequences([1, 2], [3, 4], [5, 6]))

    assert [(a, b, by_person(known)) for a, b, known in task.batches(2)] == [(0, 2, {0: [1], 1: [3]}), (2, 3, {0: [5]})]


def test_sessions_are_numbered_by_when_they_began() -> None:
    log = in_time(a_log([(0, 1, 5), (0, 2, 6), (1, 3, 1), (2, 4, 3)]), "time")

    assert by_person(log) == {0: [3], 1: [4], 2: [1, 2]}
    assert np.all(np.diff(log.session) >= 0)


def test_questions_that_grow_by_one_event_are_of_one_session() -> None:
    histories = sequences([1], [1, 2], [1, 2, 3], [9], [5, 6], [5])

    assert same_session(histories, 6).tolist() == [0, 0, 0, 1, 2, 2]


def findings(log: Interactions, order: str = "time") -> dict[str, int]:
    return {one.code: one.count for one in audit_log(log, order=order, now_ms=100 * DAY_MS) if one.level != "ok"}  # type: ignore[arg-type]


def test_the_audit_counts_what_is_wrong_with_a_log() -> None:
    log = a_log([(0, 1, 0), (0, 1, 0), (0, 2, 0), (0, 3, 200)])

    assert findings(log) == {"duplicate_rows": 1, "same_moment": 3, "future_rows": 1}


def test_times_that_most_rows_share_are_a_warning() -> None:
    logs = a_log([(0, n, 5) for n in (1, 2, 3)]), a_log([(0, n, max(n, 2)) for n in (1, 2, 3, 4, 5)])
    found = [audit_log(log, order="time", now_ms=100 * DAY_MS) for log in logs]

    assert [one.level for all_ in found for one in all_ if one.code == "same_moment"] == ["warning", "note"]


def test_a_sound_log_has_no_findings() -> None:
    assert findings(sequences([1, 2, 3], [2, 3])) == {}


def test_people_who_did_exactly_the_same_are_found() -> None:
    assert findings(sequences([1, 2, 3, 4], [1, 2, 3, 4], [1, 2, 4, 3], [1, 2], [1, 2])) == {"copied_people": 1}


def test_the_audit_finds_answers_in_training_and_strangers_in_the_test() -> None:
    train, test = sequences([1, 2], [3]), a_log([(0, 2, 0), (0, 4, 0), (0, 4, 1), (7, 1, 0)])
    task = given_test(train, test)

    found = {one.code: (one.count, one.of) for one in audit_task(task, order="none", test=test)}

    assert found["test_in_train"] == (1, 3)
    assert found["test_duplicates"] == (1, 4)
    assert found["test_without_history"] == (1, 2)
    assert found["targets_seen_before"] == (1, 2)
    assert found["targets_never_trained"] == (1, 1)


def test_the_audit_warns_where_few_are_asked_and_most_of_one() -> None:
    def asked(people: int) -> tuple[int, str, str]:
        task = leave_one_out(a_log([(who, n, n) for who in range(people) for n in range(1, 4)]))
        found = next(one for one in audit_task(task, order="time") if one.code == "asked")
        return found.count, found.level, found.words

    assert asked(20) == (20, "ok", "people or sessions are asked")
    assert asked(3) == (3, "warning", "people or sessions are asked: of so few, figures tell little")
    assert asked(1)[2].endswith("of one no interval can be told")


def test_the_audit_says_when_the_future_of_others_is_learned_from() -> None:
    early, late = [(0, n, n) for n in range(1, 4)], [(1, n, 50 + n) for n in range(1, 8)]
    task = leave_one_out(a_log(early + late))

    found = {one.code: one.level for one in audit_task(task, order="time")}

    assert found["learned_later"] == "note"
