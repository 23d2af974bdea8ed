"""The newcomers' place: propensities are exact, good newcomers rise, and nobody is judged before its trial."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest
from tests.conftest import FixedClock
from tests.recommend.builders import TestShop, teas
from tests.shop.builders import a_product

from zhanggui.kernel.db import Database
from zhanggui.kernel.ids import hash64
from zhanggui.recommend.engines.exploring import DRAWS, FLOOR, FLOOR_OF, Explorer, drawn, explored
from zhanggui.recommend.service.rules.keeping import Rules
from zhanggui.recommend.types.rules import PutRule, RuleKind
from zhanggui.shop import EventName, LiveCatalogue

SHOWN, CHOSEN = 1, 2


def test_the_propensity_is_the_share_of_all_chances_that_show_it() -> None:
    fit = np.array([0.2, 0.9, 0.0, 0.5], dtype=np.float32)
    shown = np.array([100, 3, 0, 40])
    draws = np.stack([drawn(n, int(shown[n]), 1 if shown[n] else 0, 0.05) for n in range(4)])
    chances = range(DRAWS * FLOOR_OF * 2)  # every draw, every turn of the trial, and both who are in it

    picks = [explored(fit, draws.__getitem__, shown, chance, 3) for chance in chances]

    for row in range(4):
        told = {round(propensity, 9) for picked, propensity in picks if picked == row}
        share = sum(picked == row for picked, _ in picks) / len(picks)
        assert not told or told == {round(share, 9)}
    assert sum(dict(picks).values()) == pytest.approx(1)


def test_draws_are_the_same_in_every_process_and_differ_between_products() -> None:
    assert np.array_equal(drawn(7, 30, 2, 0.05), drawn(7, 30, 2, 0.05))
    assert not np.array_equal(drawn(7, 30, 2, 0.05), drawn(8, 30, 2, 0.05))
    assert drawn(7, 3000, 300, 0.05).mean() == pytest.approx(0.1, abs=0.01)


def test_counts_follow_events_and_a_choice_never_exceeds_what_was_shown() -> None:
    explorer = Explorer(SHOWN, CHOSEN)
    explorer.add(np.array([3, 3, 5, 0, 9]), np.array([SHOWN, CHOSEN, CHOSEN, SHOWN, 8]))

    assert explorer.counts(np.array([3, 5, 9, 4000], dtype=np.int32)).tolist() == [[1, 1, 0, 0], [1, 1, 0, 0]]
    explorer.clear()
    assert explorer.counts(np.array([3], dtype=np.int32)).tolist() == [[0], [0]]


def simulated(rates: list[float], visits: int, seed: int) -> np.ndarray:
    """How often each newcomer is shown when all fit alike and are chosen at these rates."""
    rng, explorer = np.random.default_rng(seed), Explorer(SHOWN, CHOSEN)
    numbers = np.arange(1, len(rates) + 1, dtype=np.int32)
    fit = np.full(len(rates), 0.3, dtype=np.float32)
    for visit in range(visits):
        shown = explorer.counts(numbers)[0]
        draws = explorer.draws(numbers)
        row, _ = explored(fit, draws.__getitem__, shown, hash64(f"{seed}|{visit}"), 20)
        is_chosen = rng.random() < rates[row]
        acts = [SHOWN, CHOSEN] if is_chosen else [SHOWN]
        explorer.add(np.full(len(acts), numbers[row]), np.array(acts))
    return explorer.counts(numbers)[0]


def test_good_newcomers_end_with_more_places_and_no_newcomer_below_its_trial() -> None:
    shown = simulated([0.15, 0.15, *[0.02] * 6], 900, seed=1)

    assert shown[:2].mean() > 2.5 * shown[2:].mean()
    assert shown.min() >= FLOOR


@pytest.fixture
def shop(sqlite: Database, tmp_path: Path, clock: FixedClock) -> TestShop:
    """A trained shop with three newcomers of another kind, which fit alike."""
    shop = TestShop(sqlite, tmp_path / "models", clock)
    shop.sells(*teas("绿茶", 12))
    for who in range(30):
        shop.buys(f"w{who}", f"绿茶-{who % 12}", f"绿茶-{(who + 1) % 12}", days_ago=20)
        shop.buys(f"w{who}", f"绿茶-{(who + 2) % 12}", days_ago=3)
    assert shop.recommend.train().in_service
    shop.sells(*(a_product(f"new-{n}", title=f"杯 {n}", category=("器",), keywords=("杯",)) for n in range(3)))
    return shop


def last_places(shop: TestShop, clock: FixedClock, hours: int) -> list[tuple[str, float]]:
    found = []
    for _ in range(hours):
        clock.advance(timedelta(hours=1))
        items = shop.recommend.for_shopper(visitor_id="w1", k=4).items
        found.append((items[-1].product_id, round(items[-1].propensity, 6)))
    return found


def test_a_newcomer_that_was_shown_as_often_as_a_rule_bears_rests_too(shop: TestShop, clock: FixedClock) -> None:
    rules = Rules(db=shop.db, clock=clock, live=LiveCatalogue(shop.db, clock), record=Mock())
    rules.create(PutRule(kind=RuleKind.REST, value=2), "u")
    came: Counter[str] = Counter()
    for _ in range(10):
        clock.advance(timedelta(hours=1))
        came[shop.recommend.for_shopper(visitor_id="w1", k=4).items[-1].product_id] += 1
        shop.recommend.flush()
        shop.db.write(lambda _: None)  # after this the log has been written: works are done in order

    newcomers = {id_: times for id_, times in came.items() if id_.startswith("new-")}
    assert newcomers
    assert max(newcomers.values()) <= 2


def test_a_newcomer_that_is_passed_over_gives_way_to_one_that_is_chosen(shop: TestShop, clock: FixedClock) -> None:
    before = last_places(shop, clock, 12)
    for n in range(3):
        for who in range(60):
            shop.sees(f"x{who}", f"new-{n}", name=EventName.VIEW_ITEM_LIST)
            if n == 1 and who < 30:
                shop.sees(f"x{who}", f"new-{n}", name=EventName.SELECT_ITEM)

    after = last_places(shop, clock, 12)

    assert len({id_ for id_, _ in before}) > 1
    assert {id_ for id_, _ in after} == {"new-1"}
    assert {propensity for _, propensity in after} == {1.0}
