"""Figures that are kept for a while."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from zhanggui.kernel.lately import Lately, LatelyOf


def counting() -> Callable[[], int]:
    counted = iter(range(100))
    return lambda: next(counted)


def test_a_figure_is_told_again_until_its_time_is_over() -> None:
    lately, count = Lately[int](keep_ms=10), counting()

    told = [lately.get(now_ms, count) for now_ms in (0, 9, 10, 11)]

    assert told == [(0, 0), (0, 0), (1, 10), (1, 10)]


def test_many_who_ask_first_wait_for_one_count() -> None:
    lately, count, gate = Lately[int](keep_ms=10), counting(), threading.Barrier(4)

    def ask() -> int:
        gate.wait()
        return lately.get(0, count).value

    with ThreadPoolExecutor(4) as callers:
        told = [one.result() for one in [callers.submit(ask) for _ in range(4)]]

    assert told == [0, 0, 0, 0]


def test_while_it_is_counted_anew_others_are_told_the_last() -> None:
    lately, begun, go_on = Lately[str](keep_ms=10), threading.Event(), threading.Event()
    lately.get(0, lambda: "old")

    def slowly() -> str:
        begun.set()
        assert go_on.wait(10)
        return "new"

    with ThreadPoolExecutor(1) as caller:
        anew = caller.submit(lately.get, 20, slowly)
        assert begun.wait(10)
        meanwhile = lately.get(20, lambda: "never")
        go_on.set()

        assert (meanwhile, anew.result()) == (("old", 0), ("new", 20))


def test_a_count_that_fails_leaves_the_next_to_count() -> None:
    lately = Lately[int](keep_ms=10)

    with pytest.raises(ZeroDivisionError):
        lately.get(0, lambda: 1 // 0)

    assert lately.get(0, lambda: 7) == (7, 0)


def test_figures_of_many_things_are_kept_apart_and_the_longest_unasked_goes() -> None:
    lately, count = LatelyOf[str, int](keep_ms=10, most=2), counting()

    told = [lately.get(key, 0, count).value for key in ("a", "b", "a", "c", "a", "b")]

    assert told == [0, 1, 0, 2, 0, 3]


def test_what_is_at_hand_is_told_without_a_count_and_only_in_its_time() -> None:
    lately = LatelyOf[str, int](keep_ms=10, most=2)
    assert not lately.holds("a", 0)

    lately.get("a", 0, counting())

    assert [lately.holds("a", at_ms) for at_ms in (0, 9, 10)] == [True, True, False]
    assert not lately.holds("b", 0)
