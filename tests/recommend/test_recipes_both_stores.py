"""Every recipe on SQLite and on PostgreSQL: what is read from the store is the same, and so is the answer."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.conftest import FixedClock
from tests.recommend.builders import TestShop, a_tea, ids, teas

from zhanggui.kernel.db import Database
from zhanggui.recommend import ExportLists, ShowLess
from zhanggui.shop import EventName


@pytest.fixture
def shop(any_database: Database, tmp_path: Path, clock: FixedClock) -> TestShop:
    """绿茶-0 is bought with 壶-0; `me` drank 绿茶-1 up nine days ago and keeps 绿茶-2 in the cart."""
    shop = TestShop(any_database, tmp_path / "models", clock)
    shop.sells(*teas("绿茶", 6), *(a_tea(f"壶-{n}", "紫砂", category=("茶具", "紫砂")) for n in range(3)))
    for n in range(20):
        shop.sees(f"looker{n}", "绿茶-0", "绿茶-1", "绿茶-2", days_ago=28)
        shop.buys(f"buyer{n}", "绿茶-0", "壶-0", days_ago=27)
    for days_ago in (27, 18, 9):
        shop.buys("me", "绿茶-1", days_ago=days_ago)
    shop.sees("me", "绿茶-2", name=EventName.ADD_TO_CART, days_ago=1)
    shop.recommend.train()
    return shop


def test_lists_about_a_product_and_of_a_shelf(shop: TestShop) -> None:
    recommend = shop.recommend

    assert ids(recommend.beside.bought_together("绿茶-0", k=5))[0] == "壶-0"
    assert set(ids(recommend.similar("绿茶-0", k=3))) & {"绿茶-1", "绿茶-2"}
    assert ids(recommend.shelves.trending(hours=720, k=3))
    assert len(ids(recommend.shelves.new_arrivals(k=9))) == 9


def test_lists_of_a_shopper(shop: TestShop) -> None:
    recommend = shop.recommend

    assert "绿茶-2" in ids(recommend.for_shopper(visitor_id="me"))
    assert ids(recommend.personal.buy_again(visitor_id="me")) == ["绿茶-1"]
    assert recommend.explaining.explain("绿茶-2", visitor_id="me").stage == "shown"
    recommend.show_less(ShowLess(visitor_id="me", product_id="绿茶-2"))
    assert "绿茶-2" not in ids(recommend.for_shopper(visitor_id="me"))
    assert recommend.explaining.explain("绿茶-2", visitor_id="me").stage == "dismissed"


def test_who_would_like_it_and_lists_for_all(shop: TestShop) -> None:
    recommend = shop.recommend
    ask = ExportLists(k=3)

    made = recommend.list_exports.start(ask)
    recommend.list_exports.run(ask, made.id, lambda _done, _of: None, lambda: False)

    assert recommend.audiences.of("壶-0").people > 5
    rows = pq.read_table(recommend.list_exports._path(made.id)).to_pylist()
    assert {row["position"] for row in rows} == {1, 2, 3}
    assert {row["visitor_id"] for row in rows} == {"me"}  # the others want nothing now, and nothing is pushed
