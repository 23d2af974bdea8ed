"""Articles, videos and live sessions stand among products: only where they may, under a cap, and never sold out."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from tests.conftest import FixedClock
from tests.recommend.builders import TestShop, a_tea, ids, teas
from tests.recommend.test_labels import Book

from zhanggui.kernel.db import Database
from zhanggui.recommend.service.rules.keeping import Rules
from zhanggui.recommend.types.rules import PutRule, RuleKind
from zhanggui.shop import ItemType, LiveCatalogue

CONTENT = {"how-to", "film", "tonight"}


@pytest.fixture
def shop(sqlite: Database, tmp_path: Path, clock: FixedClock) -> TestShop:
    """Twelve teas, and three other things that everybody looks at."""
    shop = TestShop(sqlite, tmp_path / "models", clock)
    shop.sells(*teas("绿茶", 12))
    now = clock()
    shop.sells(
        a_tea("how-to", item_type=ItemType.ARTICLE),
        a_tea("film", item_type=ItemType.VIDEO),
        a_tea("tonight", item_type=ItemType.LIVE, runs_from=now, runs_until=now + timedelta(hours=2)),
    )
    for who in range(5):
        shop.sees(f"w{who}", *sorted(CONTENT))
    return shop


@pytest.fixture
def rules(shop: TestShop) -> Rules:
    return Rules(db=shop.db, clock=shop.clock, live=LiveCatalogue(shop.db, shop.clock), record=Book())


def others(shop: TestShop, surface: str, k: int = 10) -> list[str]:
    return [id_ for id_ in ids(shop.recommend.for_shopper(visitor_id="v", k=k, surface=surface)) if id_ in CONTENT]


def test_at_most_one_place_in_five_of_the_home_page_is_no_product(shop: TestShop) -> None:
    for k in (4, 5, 10, 15):
        assert len(others(shop, "home", k)) == k // 5
        assert len(shop.recommend.for_shopper(visitor_id="v", k=k).items) == min(k, 12 + k // 5)


@pytest.mark.parametrize("surface", ["cart", "basket", "buy_again", "product", "popular"])
def test_other_surfaces_show_products_alone(shop: TestShop, surface: str) -> None:
    assert others(shop, surface, 15) == []


def test_a_rule_sets_the_share_for_a_surface_but_never_where_one_buys(shop: TestShop, rules: Rules) -> None:
    rules.create(PutRule(kind=RuleKind.MIX, value=0.3, surface="discover"), "u")
    assert len(others(shop, "discover")) == 3
    assert len(others(shop, "home")) == 2

    rules.create(PutRule(kind=RuleKind.MIX, value=0.0, surface="home"), "u")
    assert others(shop, "home") == []
    rules.create(PutRule(kind=RuleKind.MIX, value=1.0), "u")
    assert others(shop, "cart") == []


def test_recipes_are_about_products(shop: TestShop) -> None:
    assert not CONTENT & set(ids(shop.recommend.shelves.new_arrivals(k=15)))
    assert not CONTENT & set(ids(shop.recommend.similar("绿茶-1", k=15)))


def test_a_live_session_comes_only_while_it_runs(shop: TestShop, clock: FixedClock) -> None:
    only = 'type = "live"'
    assert ids(shop.recommend.for_shopper(visitor_id="v", k=5, only=only)) == ["tonight"]

    clock.advance(timedelta(hours=2))

    assert ids(shop.recommend.for_shopper(visitor_id="v", k=5, only=only)) == []
    assert ids(shop.recommend.for_shopper(visitor_id="v", k=5, only='type = "video"')) == ["film"]


def test_a_session_to_come_is_not_shown_yet(shop: TestShop, clock: FixedClock) -> None:
    begins = clock() + timedelta(hours=1)
    shop.sells(a_tea("tomorrow", item_type=ItemType.LIVE, runs_from=begins))
    only = 'id = "tomorrow"'

    assert ids(shop.recommend.for_shopper(visitor_id="v", k=5, only=only)) == []
    clock.advance(timedelta(hours=1))
    assert ids(shop.recommend.for_shopper(visitor_id="v", k=5, only=only)) == ["tomorrow"]


def test_filters_know_what_is_a_product(shop: TestShop) -> None:
    shown = ids(shop.recommend.for_shopper(visitor_id="v", k=20, only='type = "product"'))

    assert (len(shown), CONTENT & set(shown)) == (12, set())


def test_a_product_that_becomes_an_article_leaves_the_goods_at_once(shop: TestShop) -> None:
    assert "绿茶-0" in ids(shop.recommend.popular(k=20))

    shop.sells(a_tea("绿茶-0", item_type=ItemType.ARTICLE))

    assert "绿茶-0" not in ids(shop.recommend.popular(k=20))


def test_the_place_for_a_newcomer_keeps_to_the_cap(shop: TestShop) -> None:
    """What came after the training competes for the last place; an article that did has the places of mixing alone."""
    for n in range(12):
        shop.sees(f"t{n}", *(f"绿茶-{(n + step) % 12}" for step in range(4)), days_ago=3)
    shop.recommend.train()
    fresh = {f"read-{n}" for n in range(6)}
    shop.sells(*(a_tea(id_, item_type=ItemType.ARTICLE) for id_ in sorted(fresh)), a_tea("新茶"))

    lists = [ids(shop.recommend.for_shopper(visitor_id=f"w{n % 5}", k=k)) for n in range(5) for k in (4, 5, 9, 10)]

    for found in lists:
        assert len((CONTENT | fresh) & set(found)) <= len(found) // 5
    assert any("新茶" in found for found in lists)
