"""The slider moves a shopper's own lists and no recipe's, wherever that stands."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from tests.conftest import FixedClock
from tests.recommend.builders import TestShop, a_tea, ids
from tests.recommend.test_labels import Book

from zhanggui.kernel.db import Database
from zhanggui.recommend import Aims
from zhanggui.recommend.service.surfaces import HOME
from zhanggui.recommend.tables import labels as tables
from zhanggui.recommend.tables.labels import StoredLabel
from zhanggui.recommend.types.lists import Recommendations

KINDS = ("绿茶", "花果茶", "茶具", "红茶")
PRODUCTS = [f"{keyword}-{n}" for keyword in KINDS for n in range(6)]


@pytest.fixture
def shop(sqlite: Database, tmp_path: Path, clock: FixedClock) -> TestShop:
    """Four kinds of goods, one of them of a new seller; `v` looks at one kind alone."""
    shop = TestShop(sqlite, tmp_path / "models", clock)
    for keyword in KINDS:
        is_new = keyword == "红茶"
        born = clock() - timedelta(days=21 if is_new else 400)
        seller = "新" if is_new else "老"
        shop.sells(*(a_tea(f"{keyword}-{n}", keyword, seller=seller, created_at=born) for n in range(6)))
    shop.sees("v", "绿茶-0", "绿茶-1", "绿茶-2")
    return shop


@pytest.fixture
def aims(shop: TestShop) -> Aims:
    return Aims(db=shop.db, record=Book())


def earns_labels(shop: TestShop) -> None:
    """Every product shows one, those of the first kinds with the largest share."""
    rows = [
        StoredLabel(
            product=number,
            label="again",
            hits=60 - number,
            total=100,
            orders=100,
            share=0.6 - number / 100,
            shop_share=0.1,
            chance=0.001,
            since_ms=1,
        )
        for number in range(1, len(PRODUCTS) + 1)
    ]
    shop.db.write(lambda db: tables.replace_labels(db, rows))


def lists(shop: TestShop) -> list[Recommendations]:
    recommend = shop.recommend
    return [
        recommend.labelled.products("again", 8, visitor_id="v"),
        recommend.personal.rerank(PRODUCTS, visitor_id="v"),
        recommend.personal.rerank(PRODUCTS, visitor_id="v", surface=HOME),
        recommend.beside.bought_together("绿茶-0", k=8, surface=HOME),
    ]


def test_no_recipe_is_moved_by_the_slider_wherever_its_list_stands(shop: TestShop, aims: Aims) -> None:
    earns_labels(shop)
    before, own = lists(shop), ids(shop.recommend.for_shopper(visitor_id="v", k=8))

    aims.set_variety(1.0, "anna")

    assert [answer.items for answer in lists(shop)] == [answer.items for answer in before]
    assert all(answer.items for answer in before)
    assert ids(shop.recommend.for_shopper(visitor_id="v", k=8)) != own
