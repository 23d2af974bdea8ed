"""What a shopper means to spend in a month binds every list that they are given, and each says so."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.conftest import FixedClock
from tests.recommend.builders import TestShop, a_tea, ids
from tests.shop.builders import an_offer

from zhanggui.kernel.changes import announce
from zhanggui.kernel.db import Database
from zhanggui.recommend import BadFilter, Recommendations, Recommender
from zhanggui.recommend.ports import Known


@dataclass
class SaidBudgets:
    held: dict[int, int] = field(default_factory=dict)
    asked: int = 0

    def persons(self, db: sa.Connection) -> Collection[int]:
        self.asked += 1
        return set(self.held)

    def left(self, db: sa.Connection, persons: Sequence[int], now_ms: int) -> int | None:
        return next((self.held[number] for number in persons if number in self.held), None)


@pytest.fixture
def shop(sqlite: Database, tmp_path: Path, clock: FixedClock) -> TestShop:
    """Eight teas at 10 to 80; somebody looked at one."""
    shop = TestShop(sqlite, tmp_path / "models", clock)
    shop.sells(*(a_tea(f"g{n}") for n in range(1, 9)))
    shop.catalogue.put_offers([an_offer(f"g{n}", price_minor=1000 * n) for n in range(1, 9)])
    shop.sees("v", "g1")
    return shop


@pytest.fixture
def budgets() -> SaidBudgets:
    return SaidBudgets()


@pytest.fixture
def recommend(shop: TestShop, budgets: SaidBudgets) -> Recommender:
    return shop.recommender(known=Known(budgets=budgets))


def sets(shop: TestShop, budgets: SaidBudgets, left: int) -> None:
    with shop.db.read() as db:
        subject = shop.people.subject(db, None, "v")
    assert subject is not None
    budgets.held[subject.number] = left
    shop.db.write(lambda db: announce(db, "audience", [str(subject.number)]))


LISTS: dict[str, Callable[[Recommender], Recommendations]] = {
    "home": lambda recommend: recommend.for_shopper(visitor_id="v", k=8),
    "product": lambda recommend: recommend.for_shopper(visitor_id="v", k=8, surface="product"),
    "email": lambda recommend: recommend.for_shopper(visitor_id="v", k=8, surface="email"),
    "new": lambda recommend: recommend.shelves.new_arrivals(visitor_id="v", k=8),
    "trending": lambda recommend: recommend.shelves.trending(visitor_id="v", k=8),
    "rerank": lambda recommend: recommend.personal.rerank([f"g{n}" for n in range(1, 9)], visitor_id="v"),
    "basket": lambda recommend: recommend.beside.complete_basket(["g2"], visitor_id="v"),
    "look": lambda recommend: recommend.beside.complete_look("g2", visitor_id="v"),
    "together": lambda recommend: recommend.beside.bought_together("g2", visitor_id="v"),
    "again": lambda recommend: recommend.personal.buy_again(visitor_id="v"),
}


@pytest.mark.parametrize("name", LISTS)
def test_nothing_dearer_than_what_is_left_comes_and_the_list_says_so(
    shop: TestShop, budgets: SaidBudgets, recommend: Recommender, name: str
) -> None:
    sets(shop, budgets, 3500)

    answer = LISTS[name](recommend)

    assert set(ids(answer)) <= {"g1", "g2", "g3"}
    assert answer.notice_text.endswith("这里的商品都不超过你本月预算的余额")


def test_a_spent_budget_leaves_nothing(shop: TestShop, budgets: SaidBudgets, recommend: Recommender) -> None:
    sets(shop, budgets, 0)

    answer = recommend.for_shopper(visitor_id="v", language="en")

    assert (ids(answer), answer.notice) == ([], "budget_spent")
    assert answer.notice_text == "Your budget for this month is spent, so nothing is suggested"


def test_it_holds_where_personalization_is_off_and_for_nobody_else(
    shop: TestShop, budgets: SaidBudgets, recommend: Recommender
) -> None:
    sets(shop, budgets, 3500)
    assert len(ids(recommend.for_shopper(visitor_id="other", k=8))) == 8
    shop.gate.is_open = False

    answer = recommend.for_shopper(visitor_id="v", k=8)

    assert set(ids(answer)) == {"g1", "g2", "g3"}
    assert answer.notice == "personalization_off"
    assert "本月预算" in answer.notice_text


def test_a_filter_of_the_request_holds_beside_it_and_a_bad_one_is_told_as_it_was_sent(
    shop: TestShop, budgets: SaidBudgets, recommend: Recommender
) -> None:
    sets(shop, budgets, 3500)

    answer = recommend.for_shopper(visitor_id="v", k=8, only="price_minor >= 3000 or price_minor = 1000")

    assert set(ids(answer)) == {"g1", "g3"}
    with pytest.raises(BadFilter) as error:
        recommend.for_shopper(visitor_id="v", only="price_minor >>> 3")
    assert "3500" not in str(error.value)


def test_it_acts_in_the_very_next_answer_and_who_set_none_costs_no_reading(
    shop: TestShop, budgets: SaidBudgets, recommend: Recommender
) -> None:
    whole = recommend.for_shopper(visitor_id="v", k=8)
    recommend.for_shopper(visitor_id="v", k=8)
    assert (len(whole.items), budgets.asked) == (8, 1)

    sets(shop, budgets, 3500)
    assert len(recommend.for_shopper(visitor_id="v", k=8).items) == 3
    budgets.held.clear()
    shop.db.write(lambda db: announce(db, "audience", ["1"]))

    assert recommend.for_shopper(visitor_id="v", k=8).items == whole.items


def test_why_a_product_is_missing_is_told(shop: TestShop, budgets: SaidBudgets, recommend: Recommender) -> None:
    sets(shop, budgets, 3500)

    told = recommend.explaining.explain("g8", visitor_id="v")

    assert (told.stage, told.words) == ("over_budget", "超过了这位顾客自己设的本月预算余额")
