"""What a shopper's tags do to their lists: a little, by name, by consent, and no longer than they stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
import sqlalchemy as sa
from tests.conftest import FixedClock
from tests.recommend.builders import TestShop, a_tea, ids
from tests.shop.builders import an_offer

from zhanggui.audience.types.profiles import TagCode
from zhanggui.kernel.changes import announce
from zhanggui.kernel.db import Database
from zhanggui.recommend import Recommendations, Recommender
from zhanggui.recommend.engines.arranging import replay
from zhanggui.recommend.ports import Known
from zhanggui.recommend.service.acting import Doer
from zhanggui.recommend.service.surfaces import BUY_AGAIN, HOME, PRODUCT
from zhanggui.recommend.service.tilting import LIFT, TILTED, Tilting
from zhanggui.recommend.types.tags import ShopperTag
from zhanggui.recommend.words import MOVES, move

GREEN, FRUIT = "绿茶", "花果茶"


@dataclass
class SaidTags:
    said: tuple[ShopperTag, ...] = ()
    asked: list[Sequence[int]] = field(default_factory=list)

    def now(self, db: sa.Connection, persons: Sequence[int]) -> Sequence[ShopperTag]:
        self.asked.append(persons)
        return self.said


@pytest.fixture
def shop(sqlite: Database, tmp_path: Path, clock: FixedClock) -> TestShop:
    """Ten green teas of two brands and three fruit teas, all old; somebody bought two of the green ones."""
    shop = TestShop(sqlite, tmp_path / "models", clock)
    shop.sells(*(a_tea(f"g{n}", GREEN, brand="狮峰" if n > 7 else "西湖") for n in range(10)))
    shop.sells(*(a_tea(f"f{n}", FRUIT) for n in range(3)))
    shop.catalogue.put_offers([an_offer(f"g{n}", price_minor=1000 * (n + 1)) for n in range(10)])
    clock.advance(timedelta(days=60))
    shop.buys("v", "g0", "g1", days_ago=20)
    shop.buys("v", "g0", days_ago=18)
    return shop


@pytest.fixture
def tags() -> SaidTags:
    return SaidTags()


@pytest.fixture
def recommend(shop: TestShop, tags: SaidTags) -> Recommender:
    return shop.recommender(known=Known(tags=tags))


def answered(recommend: Recommender, k: int = 6, surface: str = PRODUCT) -> Recommendations:
    return recommend.for_shopper(visitor_id="v", k=k, surface=surface)


def place(answer: Recommendations, product: str) -> int:
    return ids(answer).index(product)


def test_who_likes_to_try_something_else_gets_a_place_for_it(
    shop: TestShop, tags: SaidTags, recommend: Recommender
) -> None:
    assert not any(id_.startswith("f") for id_ in ids(answered(shop.recommend)))
    tags.said = (ShopperTag("tries_new", 0.9),)

    shown = answered(recommend)

    (other,) = [item for item in shown.items if item.product_id.startswith("f")]
    assert (other.moved_by, other.moved_text) == ("tag:tries_new", "你爱尝新，特地留的位置")
    assert other.ranked_at > other.position


def test_who_buys_new_things_early_gets_a_place_for_them(
    shop: TestShop, tags: SaidTags, recommend: Recommender
) -> None:
    shop.sells(a_tea("new", FRUIT))
    tags.said = (ShopperTag("early_bird", 0.9),)

    shown = answered(recommend)

    assert [item.product_id for item in shown.items if item.moved_by == "tag:early_bird"] == ["new"]


def test_the_brand_that_somebody_keeps_to_rises_and_nothing_comes_or_goes(
    shop: TestShop, tags: SaidTags, recommend: Recommender
) -> None:
    before = answered(shop.recommend, k=13)
    tags.said = (ShopperTag("one_brand", 1.0, about="狮峰"),)

    shown = answered(recommend, k=13)

    assert set(ids(shown)) == set(ids(before))
    assert place(shown, "g8") <= place(before, "g8")
    assert {item.product_id for item in shown.items if item.moved_by} <= {"g8", "g9"}
    assert "tag:one_brand" in {item.moved_by for item in shown.items}


def lifted(recommend: Recommender, code: str, rate: dict[str, float]) -> set[str]:
    """What a tag of strength 1 lifts among all products, where buyers buy again at these rates."""
    held, shopper, wish = recommend.asked(None, "v", 6, PRODUCT)
    signals = held.signals.copy()
    for id_, share in rate.items():
        signals[held.view.numbers[id_], 3] = share
    past, snapshot = shopper.past, replace(held, signals=signals)
    doer = Doer(product=past.product, kind=past.kind, at_ms=past.at_ms, strength=held.strength, dismissed=[])
    numbers = np.arange(1, held.view.size, dtype=np.int32)
    quotas, (lift,) = Tilting((ShopperTag(code, 1.0),), 0, snapshot, doer, wish.now_ms).wishes(numbers)
    assert (quotas, lift.share) == ([], LIFT)
    return {held.view.ids[number] for number in numbers[lift.counted]}


def test_favourites_are_what_was_bought_more_than_once(recommend: Recommender) -> None:
    assert lifted(recommend, "keeps_to_favourites", {}) == {"g0"}


def test_what_people_buy_again_more_than_the_rest_rises_for_who_stocks_up(recommend: Recommender) -> None:
    assert lifted(recommend, "stocks_up", {"g5": 0.4, "g6": 0.2}) == {"g5", "g6"}
    assert lifted(recommend, "stocks_up", {}) == set()


def test_who_compares_sees_what_costs_about_as_much(shop: TestShop, tags: SaidTags, recommend: Recommender) -> None:
    shop.sees("v", "g7")  # the middle one of 1000, 2000, 1000 and 8000 costs 2000
    tags.said = (ShopperTag("compares", 1.0),)

    moved = {item.product_id for item in answered(recommend, k=9).items if item.moved_by}

    assert moved <= {"g1"}


def test_moves_by_tags_made_one_after_the_other_give_the_list_that_is_shown(
    tags: SaidTags, recommend: Recommender
) -> None:
    tags.said = (ShopperTag("tries_new", 0.9), ShopperTag("one_brand", 0.8, about="狮峰"))
    snapshot, shopper, wish = recommend.asked("", "v", 6, PRODUCT)

    found, items = recommend.ranked(snapshot, shopper.past, shopper.preferences, wish, "zh")

    assert found.moves is not None
    ranked = found.moves.ranked
    rows = replay(len(ranked), found.moves.made, 6)
    assert [snapshot.view.ids[ranked[row]] for row in rows] == [item.product_id for item in items]
    told = recommend.explaining.explain("f0", visitor_id="v", k=6, surface=PRODUCT)
    assert {move.kind for move in told.moves} <= {"tag:tries_new", "tag:one_brand", "newcomer"}


def test_a_tag_counts_on_no_list_that_answers_a_question_of_its_own(
    shop: TestShop, tags: SaidTags, recommend: Recommender
) -> None:
    tags.said = (ShopperTag("tries_new", 0.9),)

    assert ids(answered(recommend, surface=BUY_AGAIN)) == ids(answered(shop.recommend, surface=BUY_AGAIN))
    arrivals = recommend.shelves.new_arrivals(visitor_id="v", days=365, k=6)
    assert {item.moved_by for item in arrivals.items} == {""}


def test_nobody_asks_for_tags_of_who_refused_or_bought_nothing(
    shop: TestShop, tags: SaidTags, recommend: Recommender
) -> None:
    shop.sees("w", "g1")
    recommend.for_shopper(visitor_id="w", k=3)
    shop.gate.is_open = False
    answered(recommend)

    assert tags.asked == []


def test_tags_are_asked_for_anew_after_an_act_and_after_anything_was_said(
    shop: TestShop, tags: SaidTags, recommend: Recommender
) -> None:
    tags.said = (ShopperTag("tries_new", 0.9),)
    first = answered(recommend)
    assert answered(recommend).items == first.items
    assert len(tags.asked) == 1
    shop.sees("v", "g2")
    answered(recommend)
    assert len(tags.asked) == 2

    tags.said = ()
    shop.db.write(lambda db: announce(db, "audience", ["1"]))

    assert {item.moved_by for item in answered(recommend).items} == {""}
    assert len(tags.asked) == 3


def test_a_tag_that_says_nothing_of_goods_moves_nothing(shop: TestShop, tags: SaidTags, recommend: Recommender) -> None:
    tags.said = (ShopperTag("dawn_orders", 0.9),)

    assert answered(recommend, surface=HOME).items == answered(shop.recommend, surface=HOME).items


def test_every_tag_that_counts_is_one_that_there_is_and_is_told_in_both_languages() -> None:
    assert set(TILTED) <= set(get_args(TagCode))
    assert {f"tag:{code}" for code in TILTED} == {name for name in MOVES if name.startswith("tag:")}
    assert all(move(name, "zh") != move(name, "en") for name in MOVES)
