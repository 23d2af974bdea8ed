"""Recipes on small shops worked by hand: what comes, in what order, and why."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from tests.conftest import FixedClock
from tests.recommend.builders import TestShop, a_tea, ids, teas

from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Purpose
from zhanggui.recommend import ShowLess
from zhanggui.recommend.engines.model import LATER_ARRAYS
from zhanggui.recommend.errors import UnknownCategory
from zhanggui.shop import EventName, UnknownProduct

POTS = ("壶-0", "壶-1", "壶-2")


@pytest.fixture
def shop(sqlite: Database, tmp_path: Path, clock: FixedClock) -> TestShop:
    shop = TestShop(sqlite, tmp_path / "models", clock)
    goods = [*teas("绿茶", 4), *teas("花果茶", 4), *(a_tea(id_, "紫砂", category=("茶具", "紫砂")) for id_ in POTS)]
    goods.append(a_tea("巾-0", "茶巾", category=("茶具", "茶巾")))
    shop.sells(*goods)
    for product in goods:
        shop.stocks(product.id, 5)
    return shop


def trained(shop: TestShop) -> TestShop:
    """绿茶-0 is looked at beside its like, and bought with 壶-0, as often with 绿茶-1, seldom with a cloth."""
    for n in range(20):
        shop.sees(f"looker{n}", "绿茶-0", "绿茶-1", "绿茶-2", days_ago=28)
    for n in range(8):
        shop.buys(f"buyer{n}", "绿茶-0", "壶-0", days_ago=27)
        shop.buys(f"taster{n}", "绿茶-0", "绿茶-1", days_ago=27)
    for n in range(3):
        shop.buys(f"cleaner{n}", "绿茶-0", "巾-0", days_ago=20)
    shop.buys("odd", "绿茶-0", "花果茶-3", days_ago=20)
    shop.recommend.train()
    return shop


def reasons(answer: object) -> dict[str, str]:
    return {item.product_id: item.reason.code for item in answer.items}  # type: ignore[attr-defined]


def test_bought_together_names_complements_and_leaves_substitutes_out(shop: TestShop) -> None:
    answer = trained(shop).recommend.beside.bought_together("绿茶-0", k=10)

    assert ids(answer)[:2] == ["壶-0", "巾-0"]
    assert not {"绿茶-0", "绿茶-1", "绿茶-2", "绿茶-3"} & set(ids(answer))
    best = answer.items[0]
    assert (best.reason.code, best.reason.params["people"], best.reason.params["buyers"]) == (
        "bought_together",
        "8",
        "20",
    )
    assert "20 人中，有 8 人" in best.explanation
    assert [fact.product_id for fact in best.reason.evidence] == ["绿茶-0"]
    assert reasons(answer).get("花果茶-3") != "bought_together"  # one person is chance


def test_similar_and_bought_together_part_the_two_kinds_of_neighbours(shop: TestShop) -> None:
    trained(shop)

    like = ids(shop.recommend.similar("绿茶-0", k=3))
    along = ids(shop.recommend.beside.bought_together("绿茶-0", k=2))

    assert set(like) & {"绿茶-1", "绿茶-2", "绿茶-3"}
    assert not set(like[:2]) & set(along)


def test_bought_together_follows_stock_at_once(shop: TestShop) -> None:
    trained(shop)

    shop.stocks("壶-0", 0)

    assert ids(shop.recommend.beside.bought_together("绿茶-0", k=1)) == ["巾-0"]


def test_a_basket_is_completed_by_all_that_is_in_it(shop: TestShop) -> None:
    trained(shop)

    answer = shop.recommend.beside.complete_basket(["绿茶-0", "壶-0", "nope", "绿茶-0"], k=3)

    assert ids(answer)[0] == "巾-0"
    assert not {"绿茶-0", "壶-0", "绿茶-1"} & set(ids(answer))
    assert (answer.unknown, answer.surface) == (("nope",), "basket")


def test_an_empty_basket_is_completed_by_what_everybody_likes(shop: TestShop) -> None:
    shop.buys("other", "壶-1", days_ago=1)

    assert ids(shop.recommend.beside.complete_basket([], k=1)) == ["壶-1"]


def test_a_look_has_one_product_of_each_other_category_bought_along_first(shop: TestShop) -> None:
    answer = trained(shop).recommend.beside.complete_look("绿茶-0", k=5)

    assert ids(answer)[:2] == ["壶-0", "巾-0"]
    assert not [id_ for id_ in ids(answer) if id_.startswith("绿茶")]
    assert len([id_ for id_ in ids(answer) if id_.startswith("壶")]) == 1


def test_a_look_of_a_shop_without_purchases_goes_by_traits(shop: TestShop) -> None:
    shop.sells(a_tea("茉莉", "花果茶", category=("茶", "茉莉"), keywords=("花果茶", "下午茶")))

    answer = shop.recommend.beside.complete_look("花果茶-0", k=3)

    assert ids(answer)[0] == "茉莉"
    assert answer.items[0].reason.code == "same_keyword"


def test_a_look_takes_the_next_of_a_category_when_the_best_is_sold_out(shop: TestShop) -> None:
    trained(shop)
    for n in range(4):
        shop.buys(f"second{n}", "绿茶-0", "壶-1", days_ago=15)
    shop.recommend.train()

    shop.stocks("壶-0", 0)

    assert "壶-1" in ids(shop.recommend.beside.complete_look("绿茶-0", k=5))


def test_a_given_list_is_put_in_the_shopper_s_order_with_reasons(shop: TestShop) -> None:
    shop.sees("v", "花果茶-0")
    shop.stocks("花果茶-3", 0)
    shop.sees("v", "绿茶-2", name=EventName.DISMISS)

    answer = shop.recommend.personal.rerank(
        ["壶-1", "绿茶-3", "花果茶-1", "绿茶-2", "花果茶-3", "ghost"], visitor_id="v"
    )

    assert ids(answer)[0] == "花果茶-1"
    assert set(ids(answer)) == {"壶-1", "绿茶-3", "花果茶-1"}
    assert answer.items[0].reason.evidence[0].product_id == "花果茶-0"
    assert answer.unknown == ("ghost",)
    assert {(one.product_id, one.why) for one in answer.left_out} == {("绿茶-2", "dismissed"), ("花果茶-3", "sold_out")}


def test_trending_weighs_how_much_and_how_much_more_than_before(shop: TestShop) -> None:
    for n in range(6):
        shop.buys(f"a{n}", "绿茶-1", days_ago=0.2)
        shop.buys(f"b{n}", "绿茶-2", days_ago=0.3)
        shop.buys(f"c{n}", "绿茶-2", days_ago=1.5)
        shop.buys(f"d{n}", "绿茶-3", days_ago=1.5)

    answer = shop.recommend.shelves.trending(hours=24, k=5)

    assert ids(answer) == ["绿茶-1", "绿茶-2"]
    assert answer.items[0].reason.params == {"count": "6", "before": "0", "hours": "24"}
    assert "近 24 小时被看、加购和购买 6 次，此前同样时长 6 次" in answer.items[1].explanation
    assert "绿茶-3" in ids(shop.recommend.shelves.trending(hours=48, k=5))


def test_trending_hears_the_next_event_and_keeps_to_a_category(shop: TestShop) -> None:
    assert ids(shop.recommend.shelves.trending(category="茶具")) == []

    shop.sees("v", "壶-1", "绿茶-0")

    assert ids(shop.recommend.shelves.trending(category="茶具")) == ["壶-1"]
    assert ids(shop.recommend.shelves.trending(category="茶/绿茶")) == ["绿茶-0"]


def test_a_category_without_products_is_named_with_the_nearest(shop: TestShop) -> None:
    with pytest.raises(UnknownCategory) as refused:
        shop.recommend.shelves.new_arrivals(category="茶/绿查")

    assert refused.value.hint == "Did you mean '茶/绿茶'?"


def test_new_arrivals_are_the_newest_first_and_taste_has_a_say(shop: TestShop, clock: FixedClock) -> None:
    clock.now += timedelta(days=40)
    shop.sells(a_tea("壶-新", "紫砂", category=("茶具", "紫砂")))
    clock.now += timedelta(days=4)
    shop.sells(a_tea("绿茶-新", "绿茶"), a_tea("花果茶-新", "花果茶"))

    strangers = shop.recommend.shelves.new_arrivals(days=30)
    shop.sees("v", "壶-0", "壶-1")
    own = shop.recommend.shelves.new_arrivals(days=30, visitor_id="v")

    assert ids(strangers)[-1] == "壶-新"
    assert ids(own)[0] == "壶-新"
    assert strangers.items[-1].explanation == "新到店 4 天"
    assert ids(shop.recommend.shelves.new_arrivals(category="茶具", days=30)) == ["壶-新"]


def test_buy_again_is_ordered_by_how_due_it_is_and_says_the_interval(shop: TestShop) -> None:
    for days_ago in (29, 19, 9):
        shop.buys("v", "绿茶-0", days_ago=days_ago)
    for days_ago in (22, 12, 2):
        shop.buys("v", "绿茶-1", days_ago=days_ago)
    shop.buys("v", "壶-0", days_ago=3)

    answer = shop.recommend.personal.buy_again(visitor_id="v")

    assert ids(answer)[0] == "绿茶-0"
    assert set(ids(answer)) == {"绿茶-0", "绿茶-1", "壶-0"}
    first = answer.items[0].reason
    assert (first.code, first.params["times"], first.params["ago"]) == ("due_again", "3", "9")
    assert len(first.evidence) == 3
    assert next(item for item in answer.items if item.product_id == "壶-0").reason.code == "due_like_others"


def test_nobody_s_purchases_are_bought_again_by_nobody(shop: TestShop) -> None:
    shop.buys("v", "绿茶-0", days_ago=20)
    shop.gate.is_open = False

    refused, stranger = (shop.recommend.personal.buy_again(visitor_id=who) for who in ("v", "nobody"))

    assert (refused.items, refused.notice) == ((), "personalization_off")
    assert (stranger.items, stranger.notice) == ((), "nothing_bought")
    assert "大家" not in refused.notice_text + stranger.notice_text


def test_a_push_shows_less_the_less_seems_wanted_and_says_so(shop: TestShop, clock: FixedClock) -> None:
    def lengths(surface: str) -> list[int]:
        answers = [shop.recommend.for_shopper(visitor_id=who, k=6, surface=surface) for who in ("w", "v", "nobody")]
        return [len(answer.items) for answer in answers]

    shop.sees("v", "绿茶-0")
    shop.sees("w", "绿茶-0", "绿茶-1", name=EventName.ADD_TO_CART)

    assert lengths("home") == [6, 6, 6]
    warm = lengths("email")
    assert warm[0] == 6 > warm[1] > warm[2] == 0
    assert shop.recommend.for_shopper(visitor_id="v", k=6, surface="popup").notice == "low_intent"
    assert lengths("E-mail") == warm
    for _ in range(8):
        clock.now += timedelta(hours=18)
        later = lengths("push")
        assert all(now <= before for now, before in zip(later, warm, strict=True))
        warm = later
    assert warm == [0, 0, 0]


def test_every_recipe_logs_what_it_served_with_propensities(shop: TestShop) -> None:
    shop.buys("v", "绿茶-0", days_ago=20)
    served = [
        shop.recommend.beside.bought_together("绿茶-0", k=2),
        shop.recommend.beside.complete_basket(["绿茶-0"], k=2),
        shop.recommend.beside.complete_look("绿茶-0", k=2),
        shop.recommend.personal.rerank(["绿茶-1"], visitor_id="v"),
        shop.recommend.personal.buy_again(visitor_id="v"),
        shop.recommend.shelves.trending(hours=720),
        shop.recommend.shelves.new_arrivals(),
        shop.recommend.for_shopper(visitor_id="nobody", surface="email"),
    ]
    shop.recommend.flush()
    shop.db.write(lambda db: None)

    for answer in served:
        logged = shop.served.served(answer.list_id, purpose=Purpose.SERVICE)
        assert logged is not None, answer.surface
        assert (logged.surface, len(logged.products)) == (answer.surface, len(answer.items))
        assert logged.propensities == tuple(item.propensity for item in answer.items)


def test_recipes_of_unknown_products_are_refused(shop: TestShop) -> None:
    for recipe in (shop.recommend.beside.bought_together, shop.recommend.beside.complete_look):
        with pytest.raises(UnknownProduct):
            recipe("ghost")


def test_a_dismissed_product_comes_through_no_recipe_and_returns_when_undone(shop: TestShop) -> None:
    trained(shop)

    def shown() -> bool:
        return "壶-0" in ids(shop.recommend.beside.bought_together("绿茶-0", visitor_id="v"))

    held = shop.recommend.show_less(ShowLess(product_id="壶-0", visitor_id="v", chips=()))
    assert not shown()
    assert "壶-0" in ids(shop.recommend.beside.bought_together("绿茶-0", visitor_id="w"))
    shop.recommend.undo_show_less(held.id)
    assert shown()


def test_behind_what_is_bought_along_stands_what_the_product_leads_to_not_what_sells_anyway(shop: TestShop) -> None:
    shop.sells(a_tea("绿茶糖", "糖果", category=("零食", "糖果"), keywords=("绿茶", "糖果")))
    for n in range(12):
        shop.buys(f"fan{n}", "壶-1", days_ago=1)

    answer = shop.recommend.beside.bought_together("绿茶-0", k=10)

    assert ids(answer)[0] == "绿茶糖"
    assert answer.items[0].reason.code == "same_keyword"
    assert ids(answer).index("绿茶糖") < ids(answer).index("壶-1")
    assert ids(shop.recommend.popular(k=1)) == ["壶-1"]


def test_a_model_of_an_earlier_version_serves_on_without_what_came_later(shop: TestShop) -> None:
    trained(shop)
    for path in shop.folder.glob("recommend/*/arrays/*"):
        if path.stem in LATER_ARRAYS:
            path.unlink()

    answer = shop.recommender().beside.bought_together("绿茶-0", k=3)

    assert answer.items
    assert "bought_together" not in reasons(answer).values()


def test_nobody_is_told_that_they_bought_what_they_only_asked_about(shop: TestShop) -> None:
    for n in range(8):
        shop.sees(f"guest{n}", "绿茶-0", "花果茶-0", days_ago=27)
        shop.sees(f"other{n}", "绿茶-3", "花果茶-2", "壶-2", days_ago=1)
    trained(shop)
    beside = shop.recommend.beside

    for answer in (beside.bought_together("绿茶-0", k=10), beside.complete_basket(["绿茶-0"], k=10)):
        told = [item for item in answer.items if item.reason.code == "chosen_with"]
        assert told
        assert {item.explanation for item in told} == {"常和「绿茶 绿茶-0」一起被选"}
        assert not any("你买过" in item.explanation for item in answer.items)
