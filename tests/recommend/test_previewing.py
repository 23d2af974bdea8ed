"""What people of the shop see of a shopper's answer: the same, explained, and never counted as shown."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.conftest import FixedClock
from tests.recommend.builders import TestShop, ids, teas

from zhanggui.kernel.db import Database
from zhanggui.recommend import ShowLess
from zhanggui.recommend.types.lists import ServedEntry


@pytest.fixture
def shop(sqlite: Database, tmp_path: Path, clock: FixedClock) -> TestShop:
    shop = TestShop(sqlite, tmp_path / "models", clock)
    shop.sells(*teas("绿茶", 6), *teas("花果茶", 6))
    for product in (*teas("绿茶", 6), *teas("花果茶", 6)):
        shop.stocks(product.id, 5)
    return shop


class HeldLog:
    def __init__(self) -> None:
        self.lists: list[ServedEntry] = []

    def log_served(self, served: Sequence[ServedEntry]) -> None:
        self.lists.extend(served)


def test_a_preview_is_exactly_the_answer_and_is_not_logged(shop: TestShop) -> None:
    log = HeldLog()
    shop.served = log  # type: ignore[assignment]
    recommender = shop.recommender()
    shop.sees("v", "花果茶-0", "绿茶-2")

    preview = recommender.preview(visitor_id="v", k=6)
    recommender.flush()

    assert log.lists == []
    answer = recommender.for_shopper(visitor_id="v", k=6)
    recommender.flush()
    assert preview.items == answer.items
    assert [one.id for one in log.lists] == [answer.list_id]


def test_a_preview_knows_when_its_evidence_happened(shop: TestShop) -> None:
    shop.sees("v", "花果茶-0", days_ago=2)

    preview = shop.recommend.preview(visitor_id="v", k=3)

    evidence = preview.items[0].reason.evidence[0]
    act = preview.acts[evidence.seq]
    assert (act.kind, act.product_id) == ("view_item", "花果茶-0")
    assert act.at_ms < shop.clock().timestamp() * 1000


def test_a_preview_says_what_is_kept_away_and_why(shop: TestShop) -> None:
    shop.sees("v", "花果茶-0", "绿茶-0")
    shop.buys("v", "绿茶-1", days_ago=3)
    shop.stocks("绿茶-0", 0)
    shop.recommend.show_less(ShowLess(product_id="花果茶-0", visitor_id="v"))

    preview = shop.recommend.preview(visitor_id="v", k=12)

    assert {one.product_id: one.why for one in preview.excluded} == {
        "花果茶-0": "dismissed",
        "绿茶-0": "sold_out",
        "绿茶-1": "bought_lately",
    }
    assert not {one.product_id for one in preview.excluded} & set(ids(preview))
    assert preview.unavailable == 1


def test_a_stranger_has_nothing_kept_away(shop: TestShop) -> None:
    preview = shop.recommend.preview(k=3)

    assert (preview.excluded, preview.acts, preview.notice) == ((), {}, "no_history")


def test_who_turned_personalization_off_shows_nothing_of_their_past(shop: TestShop) -> None:
    shop.sees("v", "花果茶-0")
    shop.gate.is_open = False

    preview = shop.recommend.preview(visitor_id="v", k=3)

    assert (preview.excluded, preview.acts, preview.notice) == ((), {}, "personalization_off")


def test_what_is_like_a_product_is_the_same_in_a_preview(shop: TestShop) -> None:
    assert shop.recommend.preview_similar("花果茶-0", k=4) == shop.recommend.similar("花果茶-0", k=4).items
