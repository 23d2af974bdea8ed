"""What a merchant says that an act weighs counts everywhere in the next answer: taste, intent, trends, audiences."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.conftest import FixedClock
from tests.recommend.builders import TestShop, ids, teas
from tests.recommend.test_labels import Book

from zhanggui.kernel.db import Database
from zhanggui.recommend import Aims
from zhanggui.recommend.service.acting import Doer
from zhanggui.recommend.service.strengths import PURCHASE, strengths_of
from zhanggui.recommend.types.aims import EventWeights, Objectives
from zhanggui.shop import EVENT_NUMBERS, EventName

VIEW = EVENT_NUMBERS[EventName.VIEW_ITEM]
SILENT_VIEWS = EventWeights(view=0)


@pytest.fixture
def shop(sqlite: Database, tmp_path: Path, clock: FixedClock) -> TestShop:
    shop = TestShop(sqlite, tmp_path / "models", clock)
    shop.sells(*teas("绿茶", 4), *teas("花果茶", 4))
    return shop


@pytest.fixture
def aims(shop: TestShop) -> Aims:
    return Aims(db=shop.db, record=Book())


def test_taste_is_made_of_what_the_merchant_lets_count() -> None:
    columns = [np.array(column, dtype=np.int64) for column in ([1, 2], [VIEW, PURCHASE], [1, 0])]
    category = np.array([0, 1, 2], dtype=np.int32)

    def taste(weights: EventWeights) -> dict[int, float]:
        product, kind, at_ms = columns
        return Doer(product=product, kind=kind, at_ms=at_ms, strength=strengths_of(weights)).taste(category)

    assert taste(SILENT_VIEWS) == {2: 1.0}
    assert taste(EventWeights(view=1, purchase=1)) == {1: 0.5, 2: 0.5}


def test_acts_that_say_nothing_show_no_intent(shop: TestShop, aims: Aims) -> None:
    shop.sees("v", "绿茶-0", "绿茶-1", "绿茶-2")
    assert shop.recommend.for_shopper(visitor_id="v", k=4, surface="email").items

    aims.set(Objectives(events=SILENT_VIEWS), "anna")
    answer = shop.recommend.for_shopper(visitor_id="v", k=4, surface="email")

    assert (answer.intent, answer.items, answer.notice) == (0.0, (), "low_intent")


def test_trending_weighs_acts_of_before_the_change_anew(shop: TestShop, aims: Aims) -> None:
    shop.sees("a", "绿茶-0", "绿茶-1", "绿茶-0", "绿茶-0")
    shop.buys("b", "花果茶-0")
    assert ids(shop.recommend.shelves.trending(k=2)) == ["花果茶-0", "绿茶-0"]

    aims.set(Objectives(events=EventWeights(purchase=0.1)), "anna")
    assert ids(shop.recommend.shelves.trending(k=2))[0] == "绿茶-0"

    shop.sees("a", *["绿茶-2"] * 4)
    answer = shop.recommend.shelves.trending(k=1)
    assert (ids(answer), answer.items[0].reason.params["count"]) == (["绿茶-2"], "4")


def test_an_audience_is_of_those_whose_acts_count(shop: TestShop, aims: Aims) -> None:
    shop.sees("a", "绿茶-1", "绿茶-2")
    shop.buys("b", "绿茶-3")

    def found() -> set[str | None]:
        return {one.visitor_id for one in shop.recommend.audiences.people("绿茶-0")}

    assert found() == {"a", "b"}

    aims.set(Objectives(events=SILENT_VIEWS), "anna")

    assert found() == {"b"}
