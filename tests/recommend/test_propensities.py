"""Chances that are logged, against every draw there is: each place of a list, with and without what orders it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import FixedClock
from tests.recommend.builders import TestShop, teas
from tests.shop.builders import a_product

from zhanggui.kernel.db import Database
from zhanggui.kernel.ids import new_id
from zhanggui.recommend.engines import exploring as drawing
from zhanggui.recommend.engines.arranging import Arranged, replay, with_last
from zhanggui.recommend.engines.exploring import FLOOR, FLOOR_OF, explored
from zhanggui.recommend.service import exploring
from zhanggui.recommend.service.answering import rank
from zhanggui.recommend.service.live_state import Snapshot
from zhanggui.recommend.service.shoppers import Shopper
from zhanggui.recommend.service.wishing import Wish
from zhanggui.recommend.types.rules import Rule, RuleKind
from zhanggui.shop import EventName

FEW_DRAWS = 12
NEWCOMERS = 3


@pytest.fixture
def shop(sqlite: Database, tmp_path: Path, clock: FixedClock) -> TestShop:
    """A trained shop with three newcomers of another kind: one on trial, one after it, one that is chosen often."""
    shop = TestShop(sqlite, tmp_path / "models", clock)
    shop.sells(*teas("绿茶", 12))
    for who in range(30):
        shop.buys(f"w{who}", f"绿茶-{who % 12}", f"绿茶-{(who + 1) % 12}", days_ago=20)
        shop.buys(f"w{who}", f"绿茶-{(who + 2) % 12}", days_ago=3)
    assert shop.recommend.train().in_service
    cups = (a_product(f"new-{n}", title=f"杯 {n}", category=("器",), keywords=("杯",)) for n in range(NEWCOMERS))
    shop.sells(*cups)
    for who in range(FLOOR + 5):
        shop.sees(f"x{who}", "new-1", "new-2", name=EventName.VIEW_ITEM_LIST)
    shop.sees("x1", "new-2", "new-2", name=EventName.SELECT_ITEM)
    return shop


def a_rule(kind: RuleKind, value: float, target: str = "") -> Rule:
    return Rule(
        id=new_id(),
        kind=kind,
        name="",
        target=target,
        surface="",
        by="",
        value=value,
        starts_at=None,
        ends_at=None,
        is_on=True,
        changed_at=datetime(2026, 3, 1, tzinfo=UTC),
    )


def every_list(
    shop: TestShop, asked: tuple[Snapshot, Shopper, Wish], monkeypatch: pytest.MonkeyPatch
) -> list[tuple[list[int], list[float]]]:
    """The list and its chances for each of all draws that a request may have, every one as likely as any other."""
    monkeypatch.setattr(exploring, "hash64", int)
    snapshot, shopper, wish = asked
    scratch = shop.recommend.serving._scratch(len(snapshot.blocked))
    found = []
    for chance in range(drawing.DRAWS * FLOOR_OF * NEWCOMERS):
        ranking = rank(snapshot, shopper.past, shopper.preferences, replace(wish, chance=str(chance)), scratch)
        found.append((ranking.numbers.tolist(), ranking.propensities.tolist()))
    return found


CASES: Mapping[str, tuple[int, tuple[Rule, ...]]] = {
    "plain": (4, ()),
    "longer": (9, ()),
    "variety": (5, (a_rule(RuleKind.VARIETY, 1.0),)),
    "boost": (6, (a_rule(RuleKind.BOOST, 0.5, 'category under "器"'),)),
    "boost of one": (6, (a_rule(RuleKind.BOOST, 0.4, 'id = "new-0"'),)),
    "quota": (6, (a_rule(RuleKind.PROMOTE, 0.34, 'category under "器"'), a_rule(RuleKind.VARIETY, 0.6))),
    "pin": (5, (a_rule(RuleKind.PIN, 2.0, 'category under "茶"'),)),
}


def test_a_logged_chance_is_the_share_of_all_draws_that_show_the_product_there(
    shop: TestShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "DRAWS", FEW_DRAWS)
    for case, (k, rules) in CASES.items():
        snapshot, shopper, wish = shop.recommend.asked(None, "w1", k, "home")
        for rule in rules:
            snapshot = replace(snapshot, book=snapshot.book.with_rule(rule))

        lists = every_list(shop, (snapshot, shopper, wish), monkeypatch)

        for place in range(k):
            shown = Counter(numbers[place] for numbers, _ in lists)
            told = {(numbers[place], chances[place]) for numbers, chances in lists}
            shares = {number: count / len(lists) for number, count in shown.items()}
            assert dict(told) == pytest.approx(shares), (case, place)
            assert len(told) == len(shares), (case, place)
        assert all(len(set(numbers)) == len(chances) == k for numbers, chances in lists), case


@settings(max_examples=20, deadline=None)
@given(st.data())
def test_chances_of_all_who_may_have_the_place_sum_to_one_and_are_their_shares(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 4))
    fit = np.array(data.draw(st.lists(st.floats(0, 1, width=32), min_size=n, max_size=n)), dtype=np.float32)
    shown = np.array(data.draw(st.lists(st.integers(0, 2 * FLOOR), min_size=n, max_size=n)))
    among = data.draw(st.integers(1, 4))
    draws = np.random.default_rng(data.draw(st.integers(0, 9))).random((n, FEW_DRAWS)).astype(np.float32)
    on_trial = max(int((shown < FLOOR).sum()), 1)
    chances = range(FEW_DRAWS * FLOOR_OF * on_trial)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drawing, "DRAWS", FEW_DRAWS)
        picks = [explored(fit, draws.__getitem__, shown, chance, among) for chance in chances]

    share = {row: count / len(picks) for row, count in Counter(row for row, _ in picks).items()}
    assert dict(picks) == pytest.approx(share)
    assert len({(row, round(chance, 12)) for row, chance in picks}) == len(share)


@given(st.data())
def test_another_in_the_last_place_leaves_what_stands_before_and_its_moves_give_the_list(data: st.DataObject) -> None:
    n = data.draw(st.integers(2, 12))
    k = data.draw(st.integers(1, n - 1))
    order = data.draw(st.permutations(range(n)))
    rows, moves = list(range(n)), []
    for place, row in enumerate(order[:k]):
        start = rows.index(row)
        if start != place:
            rows.insert(place, rows.pop(start))
            moves.append((start, place, 0))
    done = Arranged(rows=np.array(order[:k]), moves=np.array(moves, dtype=np.int32).reshape(-1, 3))
    other = data.draw(st.sampled_from(order[k:]))

    found = with_last(done, other, 7)

    assert found.rows.tolist() == [*order[: k - 1], other]
    assert replay(n, found.moves, k) == found.rows.tolist()
