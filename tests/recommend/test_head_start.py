"""A head start for products below their list price: all get it alike, by name, and only where a shop wants it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa
from tests.conftest import FixedClock
from tests.recommend.builders import TestShop, teas

from zhanggui.kernel.db import Database
from zhanggui.recommend.service.head_starts import HeadStarts
from zhanggui.shop import LiveCatalogue


class Reduced:
    """Products that are below their list price."""

    def __init__(self, shop: TestShop, *names: str) -> None:
        self.shop, self.names = shop, names

    def reduced(self, db: sa.Connection, now_ms: int) -> np.ndarray:
        view = LiveCatalogue(self.shop.db, self.shop.clock).view(db)
        return np.array([view.numbers[name] for name in self.names], dtype=np.int64)


@pytest.fixture
def shop(sqlite: Database, tmp_path: Path, clock: FixedClock) -> TestShop:
    shop = TestShop(sqlite, tmp_path / "models", clock)
    shop.sells(*teas("绿茶", 6), *teas("花果茶", 6))
    for who in range(20):
        shop.sees(f"u{who}", *(f"绿茶-{n}" for n in range(who % 6 + 1)), *(f"花果茶-{n}" for n in range(who % 3 + 1)))
    shop.recommend.train()
    return shop


def names(shop: TestShop, who: str | None = None) -> list[str]:
    return [item.product_id for item in shop.recommend.for_shopper(visitor_id=who, k=6, surface="home").items]


def test_a_reduced_product_rises_in_everybodys_list_and_the_list_says_why(shop: TestShop) -> None:
    before = {who: names(shop, who) for who in (None, "u1", "u4")}
    shop.recommend = shop.recommender(head_starts=HeadStarts(reductions=Reduced(shop, "花果茶-4"), share=1.0))

    for who, held in before.items():
        told = shop.recommend.for_shopper(visitor_id=who, k=6, surface="home", language="en").items
        (risen,) = [item for item in told if item.product_id == "花果茶-4"]
        assert "花果茶-4" not in held[: risen.position]
        assert risen.moved_by == "head_start"
        assert "below its list price" in risen.moved_text


def test_without_the_setting_nothing_rises(shop: TestShop) -> None:
    assert shop.recommend.serving.anybody(1, "home")[0].head_start is None
    assert all(not item.moved_by for item in shop.recommend.for_shopper(visitor_id="u1", k=6, surface="home").items)


def test_an_answer_to_a_question_of_its_own_is_left_as_it_is(shop: TestShop) -> None:
    shop.recommend = shop.recommender(head_starts=HeadStarts(reductions=Reduced(shop, "花果茶-4"), share=1.0))

    answer = shop.recommend.beside.bought_together("绿茶-0", 4)

    assert all(item.moved_by != "head_start" for item in answer.items)
