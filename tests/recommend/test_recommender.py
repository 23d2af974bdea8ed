"""What a shopper is shown: live, fit to sell, explained."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.conftest import FixedClock
from tests.recommend.builders import TestShop, a_tea, ids, teas
from tests.shop.builders import a_product

from zhanggui.kernel.changes import announce
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Purpose
from zhanggui.recommend import ShowLess
from zhanggui.recommend.engines import model
from zhanggui.recommend.engines.blend import prior_blend
from zhanggui.recommend.types.lists import Reason
from zhanggui.shop import EventName, UnknownProduct


@pytest.fixture
def shop(sqlite: Database, tmp_path: Path, clock: FixedClock) -> TestShop:
    shop = TestShop(sqlite, tmp_path / "models", clock)
    shop.sells(*teas("绿茶", 6), *teas("花果茶", 6), *teas("茶具", 6))
    for product in (*teas("绿茶", 6), *teas("花果茶", 6), *teas("茶具", 6)):
        shop.stocks(product.id, 5)
    return shop


def test_a_stranger_gets_what_everybody_likes_and_is_told_so(shop: TestShop) -> None:
    shop.buys("other", "茶具-3", days_ago=1)

    answer = shop.recommend.for_shopper(visitor_id="nobody", k=3)

    assert ids(answer)[0] == "茶具-3"
    assert (answer.is_personal, answer.notice) == (False, "no_history")


def test_a_view_changes_the_very_next_answer_of_another_process(shop: TestShop) -> None:
    other = shop.recommender()
    other.for_shopper(visitor_id="v", k=3)

    shop.sees("v", "花果茶-0")

    answer = other.for_shopper(visitor_id="v", k=5)
    assert all(id_.startswith("花果茶") for id_ in ids(answer))
    assert answer.items[0].reason.code == "same_keyword"
    assert "花果茶" in answer.items[0].explanation
    assert answer.items[0].reason.evidence[0].product_id == "花果茶-0"


def test_a_sold_out_product_is_not_recommended(shop: TestShop) -> None:
    shop.sees("v", "花果茶-0")

    shop.stocks("花果茶-1", 0)

    assert "花果茶-1" not in ids(shop.recommend.for_shopper(visitor_id="v", k=18))


def test_what_was_bought_lately_rests_and_may_come_again_in_the_cart(shop: TestShop) -> None:
    shop.buys("v", "绿茶-1", days_ago=5)

    assert "绿茶-1" not in ids(shop.recommend.for_shopper(visitor_id="v", k=18))
    assert "绿茶-1" in ids(shop.recommend.for_shopper(visitor_id="v", k=18, surface="buy_again"))


def test_a_dismissed_product_is_gone_from_the_next_answer(shop: TestShop) -> None:
    shop.sees("v", "花果茶-0")
    shop.sees("v", "花果茶-2", name=EventName.DISMISS)

    assert "花果茶-2" not in ids(shop.recommend.for_shopper(visitor_id="v", k=18))


def test_a_product_created_now_is_recommended_in_the_next_request_that_fits(shop: TestShop) -> None:
    for n in range(30):
        shop.buys(f"c{n}", f"花果茶-{n % 5}", f"绿茶-{n % 4}", days_ago=20)
        shop.buys(f"c{n}", f"花果茶-{(n + 1) % 5}", days_ago=2)
    shop.recommend.train()
    shop.sees("v", "花果茶-0")
    other = shop.recommender()
    other.for_shopper(visitor_id="v", k=5)

    shop.sells(a_tea("花果茶-new", "花果茶"))

    for process in (shop.recommend, other):
        assert "花果茶-new" in ids(process.for_shopper(visitor_id="v", k=5))


def test_a_shop_opened_empty_recommends_what_came_since_by_content(
    sqlite: Database, tmp_path: Path, clock: FixedClock
) -> None:
    shop = TestShop(sqlite, tmp_path / "models", clock)
    assert shop.recommend.popular(k=3).items == ()
    shop.sells(*teas("绿茶", 4))
    shop.sees("other", "绿茶-1", "绿茶-1")
    shop.sells(*teas("紫砂壶", 2))

    shop.sees("v", "紫砂壶-0")

    best = shop.recommend.for_shopper(visitor_id="v", k=3).items[0]
    assert (best.product_id, [fact.product_id for fact in best.reason.evidence]) == ("紫砂壶-1", ["紫砂壶-0"])


def train(shop: TestShop) -> None:
    for n in range(30):
        shop.buys(f"c{n}", f"花果茶-{n % 5}", f"绿茶-{n % 4}", days_ago=20)
        shop.buys(f"c{n}", f"花果茶-{(n + 1) % 5}", days_ago=2)
    shop.recommend.train()


def test_what_a_shopper_saw_of_a_product_younger_than_the_model_leads_on(shop: TestShop) -> None:
    train(shop)
    shop.sells(*teas("紫砂壶", 3))

    shop.sees("v", "紫砂壶-0")

    for process in (shop.recommend, shop.recommender()):
        assert {"紫砂壶-1", "紫砂壶-2"} <= set(ids(process.for_shopper(visitor_id="v", k=3)))


def test_a_product_edited_after_training_is_like_what_it_is_now(shop: TestShop) -> None:
    train(shop)
    other = shop.recommender()
    before = {item.product_id: item.reason.shares.get("content", 0) for item in other.similar("茶具-0", k=18).items}

    shop.sells(a_tea("花果茶-5", "茶具"))

    for process in (shop.recommend, other, shop.recommender()):
        after = {
            item.product_id: item.reason.shares.get("content", 0) for item in process.similar("茶具-0", k=18).items
        }
        assert before.get("花果茶-5", 0) < 0.5 < after["花果茶-5"]


def test_training_anew_keeps_what_was_edited_meanwhile(shop: TestShop) -> None:
    train(shop)
    prepared = shop.recommend.trainer.prepare(0, lambda _done, _of: None)
    shop.sells(a_tea("花果茶-5", "茶具"))

    shop.db.write(lambda db: shop.recommend.models.enter(db, prepared.card))

    answer = shop.recommend.similar("茶具-0", k=18)
    assert answer.model == prepared.card.id
    assert [item.reason.shares["content"] > 0.5 for item in answer.items if item.product_id == "花果茶-5"] == [True]


def test_a_recent_event_raises_what_is_trending_at_once(shop: TestShop) -> None:
    shop.buys("a", "绿茶-0", days_ago=20)
    shop.recommend.popular(k=3)

    shop.buys("b", "茶具-5")
    shop.buys("c", "茶具-5")

    assert ids(shop.recommend.popular(k=3))[0] == "茶具-5"


def test_without_consent_the_list_is_everybodys_and_says_so(shop: TestShop) -> None:
    shop.sees("v", "花果茶-0")
    shop.sees("w", "绿茶-0")
    personal = shop.recommend.for_shopper(visitor_id="v", k=6)

    shop.gate.is_open = False
    shop.db.write(lambda db: announce(db, "consent", ["v"]))

    off = shop.recommend.for_shopper(visitor_id="v", k=6)
    assert off.notice == "personalization_off"
    assert off.is_personal is False
    assert [item.reason.evidence for item in off.items] == [()] * 6
    assert ids(off) == ids(shop.recommend.for_shopper(visitor_id="w", k=6)) != ids(personal)


def test_what_a_visitor_saw_counts_for_the_customer_after_login(shop: TestShop) -> None:
    shop.sees("browser", "花果茶-0")
    shop.recommend.for_customer("ming")
    link = shop.people.identify("browser", "ming")

    after = ids(shop.recommend.for_customer("ming", k=5))
    shop.people.undo_identify(link)

    assert all(id_.startswith("花果茶") for id_ in after)
    assert shop.recommend.for_customer("ming", k=5).notice == "no_history"


def test_similar_leaves_out_the_product_itself(shop: TestShop) -> None:
    answer = shop.recommend.similar("绿茶-0", k=5)

    assert sorted(ids(answer)) == [f"绿茶-{n}" for n in range(1, 6)]


def test_similar_to_an_unknown_product_names_the_nearest(shop: TestShop) -> None:
    with pytest.raises(UnknownProduct) as refused:
        shop.recommend.similar("绿茶-00")

    assert "绿茶-0" in refused.value.hint


def test_every_list_is_logged_with_its_propensities(shop: TestShop) -> None:
    answer = shop.recommend.for_shopper(visitor_id="nobody", k=4)
    shop.recommend.flush()
    shop.db.write(lambda db: None)

    logged = shop.served.served(answer.list_id, purpose=Purpose.SERVICE)

    assert logged is not None
    assert len(logged.products) == len(logged.propensities) == 4


def test_explanations_come_in_english(shop: TestShop) -> None:
    shop.sees("v", "花果茶-0")

    answer = shop.recommend.for_shopper(visitor_id="v", k=1, language="en")

    assert answer.items[0].explanation.startswith("Flower and fruit tea, like")


def test_factor_shares_sum_to_one(shop: TestShop) -> None:
    shop.sees("v", "花果茶-0", "绿茶-1")
    shop.buys("w", "绿茶-2", days_ago=1)

    for item in shop.recommend.for_shopper(visitor_id="v", k=10).items:
        is_seen = item.reason.code != "not_yet_seen"
        assert sum(item.reason.shares.values()) == pytest.approx(1.0 if is_seen else 0.0, abs=0.001)


def test_what_nobody_looked_at_is_not_said_to_sell(shop: TestShop) -> None:
    in_an_empty_shop = shop.recommend.for_shopper(visitor_id="v", k=18).items
    shop.buys("w", "绿茶-2", days_ago=1)
    after_one_order = shop.recommend.for_shopper(visitor_id="v", k=18).items

    assert {item.reason.code for item in in_an_empty_shop} == {"not_yet_seen"}
    assert {item.product_id for item in after_one_order if item.reason.code != "not_yet_seen"} == {"绿茶-2"}


def test_what_is_only_alike_in_words_is_not_said_to_be_chosen_with_it(shop: TestShop) -> None:
    shop.sells(
        a_product("壶", title="手作青瓷茶壶", category=("器",), brand="甲"),
        a_product("杯", title="手作青瓷茶杯", category=("具",), brand="乙"),
    )
    shop.stocks("杯", 5)
    shop.buys("v", "壶", days_ago=3)

    found = {item.product_id: item for item in shop.recommend.for_shopper(visitor_id="v", k=20).items}

    assert found["杯"].reason.code == "alike_in_words"
    assert found["杯"].explanation == "和「手作青瓷茶壶」的描述相近"


def test_show_less_lowers_what_shares_the_keyword_and_undo_restores_the_answer(shop: TestShop) -> None:
    shop.sees("v", "花果茶-0", "绿茶-0")
    before = shop.recommend.for_shopper(visitor_id="v", k=18).items
    other = shop.recommender()

    preference = shop.recommend.show_less(ShowLess(product_id="花果茶-1", visitor_id="v"))

    less = ids(other.for_shopper(visitor_id="v", k=18))
    assert [chip.key for chip in preference.chips if chip.is_chosen] == ["keyword:花果茶"]
    assert "花果茶-1" not in less
    assert all(id_.startswith("花果茶") for id_ in less[-5:])
    shop.recommend.undo_show_less(preference.id)
    assert other.for_shopper(visitor_id="v", k=18).items == before


def test_a_wish_for_less_stands_in_the_ledger_bound_to_the_person(shop: TestShop) -> None:
    held = shop.recommend.show_less(ShowLess(product_id="花果茶-1", visitor_id="v"))
    other = next(chip.key for chip in held.chips if not chip.is_chosen)
    shop.recommend.choose_chips(held.id, [other], visitor_id="v")
    shop.recommend.undo_show_less(held.id)
    shop.recommend.undo_show_less(held.id)

    with shop.db.read() as db:
        subject = shop.people.subject(db, visitor_id="v")
    assert subject is not None
    assert [kind for kind, *_ in shop.book.entries] == ["recommend.preference"] * 3
    assert [entry.act for _, entry, *_ in shop.book.entries] == ["created", "changed", "undone"]
    assert {entry.product_id for _, entry, *_ in shop.book.entries} == {"花果茶-1"}
    assert shop.book.entries[1][1].chips == (other,)
    assert [actor for *_, actor, _ in shop.book.entries] == ["visitor:v", "visitor:v", "system"]
    assert {person for *_, person in shop.book.entries} == {subject.number}


def test_a_product_that_only_an_event_named_is_unknown(shop: TestShop) -> None:
    shop.sees("v", "花果茶-11")

    with pytest.raises(UnknownProduct) as no_likes:
        shop.recommend.similar("花果茶-11")
    with pytest.raises(UnknownProduct) as no_less:
        shop.recommend.show_less(ShowLess(product_id="花果茶-11", visitor_id="v"))

    assert no_likes.value.hint == no_less.value.hint == "Did you mean '花果茶-1'?"


@pytest.mark.parametrize("scale", [0.1, 1.0, 30.0])
def test_show_less_shows_whatever_the_scale_of_the_blend(
    shop: TestShop, monkeypatch: pytest.MonkeyPatch, scale: float
) -> None:
    monkeypatch.setattr(model, "prior_blend", lambda: prior_blend() * np.float32(scale))
    shop.sees("v", "花果茶-0")
    assert ids(shop.recommend.for_shopper(visitor_id="v", k=18))[0].startswith("花果茶")

    shop.recommend.show_less(ShowLess(product_id="花果茶-1", visitor_id="v"))

    assert all(id_.startswith("花果茶") for id_ in ids(shop.recommend.for_shopper(visitor_id="v", k=18))[-5:])


def test_an_empty_shop_can_be_warmed(sqlite: Database, tmp_path: Path, clock: FixedClock) -> None:
    shop = TestShop(sqlite, tmp_path / "models", clock)

    shop.recommend.warm()

    assert shop.recommend.popular(k=3).items == ()


def test_other_chips_can_be_chosen(shop: TestShop) -> None:
    shop.sees("v", "花果茶-0", "绿茶-0")
    preference = shop.recommend.show_less(ShowLess(product_id="花果茶-1", visitor_id="v"))

    changed = shop.recommend.choose_chips(preference.id, [])

    assert not any(chip.is_chosen for chip in changed.chips)
    assert any(id_.startswith("花果茶") for id_ in ids(shop.recommend.for_shopper(visitor_id="v", k=6)))


def test_what_a_reason_says_is_borne_out(shop: TestShop) -> None:
    shop.sells(a_product("壶", title="手作青瓷茶壶"), a_product("杯", title="手作青瓷茶杯"))
    shop.stocks("杯", 5)
    for n in range(6):
        shop.buys(f"w{n}", "绿茶-2", "茶具-1", days_ago=n + 1)
    shop.buys("v", "壶", "绿茶-2", days_ago=3)
    shop.sees("v", "花果茶-0")

    reasons = [item.reason for item in shop.recommend.for_shopper(visitor_id="v", k=20).items]

    assert all(reason.is_grounded for reason in reasons)
    assert len({reason.code for reason in reasons}) > 2
    assert not Reason("trending").is_grounded
    assert not Reason("because_bought_with", shares={"alike": 1.0}).is_grounded
