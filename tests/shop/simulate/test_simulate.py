from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import msgspec
import numpy as np
import pytest
from tests.shop.simulate.builders import UNTIL, a_plan

from zhanggui.kernel.clock import from_ms, to_ms
from zhanggui.shop.simulate import SimulatedShop, Truth, generator_hash, simulate
from zhanggui.shop.types import EVENT_NUMBERS, Customer, EventName, Offer, Order, OrderState, Product, Review

END = datetime(UNTIL.year, UNTIL.month, UNTIL.day, tzinfo=UTC) - timedelta(hours=8)


@pytest.fixture(scope="module")
def made() -> tuple[SimulatedShop, Truth]:
    """A shop large enough for its truth to show."""
    return simulate(a_plan(products=300, customers=500, days=45, visits_per_day=0.5))


def test_the_same_plan_gives_the_same_bytes_and_another_seed_others() -> None:
    first, again, other = (simulate(a_plan(seed=seed, days=4))[0].digest() for seed in (3, 3, 4))

    assert first == again
    assert first != other


def test_the_shop_has_what_the_plan_asks_for(made: tuple[SimulatedShop, Truth]) -> None:
    shop, _ = made

    assert (len(shop.products), len(shop.offers), len(shop.customers), len(shop.outcomes)) == (300, 300, 500, 45)
    assert len({product.texts["zh"].title for product in shop.products}) == 300
    assert {product.category[0] for product in shop.products} == {"茶", "零食", "服饰", "家居", "数码"}
    assert len(shop.orders) == sum(day.orders for day in shop.outcomes)


def test_every_fact_fits_the_shops_own_types(made: tuple[SimulatedShop, Truth]) -> None:
    shop, _ = made

    for facts, kind in (
        (shop.products, Product),
        (shop.offers, Offer),
        (shop.customers, Customer),
        (shop.orders, Order),
        (shop.reviews, Review),
    ):
        assert msgspec.json.decode(msgspec.json.encode(facts), type=tuple[kind, ...]) == facts


def test_nothing_happens_before_the_first_day_or_after_the_last(made: tuple[SimulatedShop, Truth]) -> None:
    shop, _ = made
    start = END - timedelta(days=45)

    moments = [fact.at for facts in (shop.orders, shop.returns, shop.reviews, shop.questions) for fact in facts]
    moments += [price.seen_at for price in shop.rival_prices]
    moments += [from_ms(int(at_ms)) for at_ms in (*shop.acts.at_ms[[0, -1]], *shop.lists.at_ms[[0, -1]])]
    assert start <= min(moments)
    assert max(moments) < END
    delivered = [one.shipments[0].delivered_at for one in shop.orders if one.state is OrderState.DELIVERED]
    assert all(at is not None and at < END for at in delivered)


def test_nobody_can_be_meant(made: tuple[SimulatedShop, Truth]) -> None:
    shop, _ = made

    for customer in shop.customers:
        assert re.fullmatch(r"100\d{8}", customer.identifiers.phone), "China gives 10… to no subscriber"
        assert customer.identifiers.email.endswith("@example.com")
        assert "示例市" in customer.identifiers.address
    assert len({customer.identifiers.phone for customer in shop.customers}) == 500
    assert all(variant.barcode.startswith("29") for product in shop.products for variant in product.variants)


def test_shoppers_click_what_they_like(made: tuple[SimulatedShop, Truth]) -> None:
    shop, truth = made
    clicks = shop.acts.kind == EVENT_NUMBERS[EventName.SELECT_ITEM]
    person, product = shop.acts.person[clicks], shop.acts.product[clicks]

    liking = truth.columns["taste"][person, truth.columns["product_shelf"][product]].mean()

    assert liking > 3 * truth.columns["taste"].mean()


def test_those_who_mind_the_price_buy_cheaper(made: tuple[SimulatedShop, Truth]) -> None:
    shop, truth = made
    prices = np.array([offer.list_price_minor for offer in shop.offers], dtype=float)
    shelf = truth.columns["product_shelf"]
    usual = np.array([np.median(prices[shelf == own]) for own in shelf])
    dearer = np.log(prices / usual)[truth.columns["purchase_product"]]
    minds = truth.columns["price_sensitivity"][truth.columns["purchase_person"]]

    assert dearer[minds > np.quantile(minds, 0.7)].mean() < dearer[minds < np.quantile(minds, 0.3)].mean() - 0.03


def test_good_things_get_more_stars(made: tuple[SimulatedShop, Truth]) -> None:
    shop, truth = made
    quality = dict(zip((each.id for each in shop.products), truth.columns["product_quality"], strict=True))
    honest = [review for review in shop.reviews if review.id not in truth.written.fake_reviews]

    stars = np.array([review.stars for review in honest], dtype=float)
    assert np.corrcoef(stars, [quality[review.product_id] for review in honest])[0, 1] > 0.3


def test_fake_reviews_are_planted_and_only_the_truth_tells(made: tuple[SimulatedShop, Truth]) -> None:
    shop, truth = made
    fakes = [review for review in shop.reviews if review.id in truth.written.fake_reviews]

    assert 0 < len(fakes) < len(shop.reviews) / 2
    assert len(fakes) == len(truth.written.fake_reviews)
    assert {review.stars for review in fakes} <= {1, 5}
    assert len({review.customer_id for review in fakes}) <= 12
    assert "fake" not in msgspec.json.encode(shop.reviews).decode()


def test_reviews_are_many_different_sentences(made: tuple[SimulatedShop, Truth]) -> None:
    texts = [review.text for review in made[0].reviews]

    assert len(set(texts)) > 0.7 * len(texts)
    assert not any("{" in text for text in texts)


def test_evenings_and_weekends_are_busier(made: tuple[SimulatedShop, Truth]) -> None:
    local = (made[0].lists.at_ms // 3_600_000 + 8) % 24

    assert (local >= 18).sum() > 3 * (local < 6).sum()


def test_propensities_are_chances_and_clicks_fall_with_the_position(made: tuple[SimulatedShop, Truth]) -> None:
    shop, _ = made
    shown = shop.lists.products >= 0
    clicks = shop.acts.kind == EVENT_NUMBERS[EventName.SELECT_ITEM]

    assert ((shop.lists.propensities > 0) == shown).all()
    assert shop.lists.propensities.max() <= 1
    by_position = np.bincount(shop.acts.position[clicks], minlength=10)
    assert by_position[:3].sum() > 2 * by_position[7:].sum()


def test_a_list_shows_no_product_twice_and_none_before_its_launch(made: tuple[SimulatedShop, Truth]) -> None:
    shop, _ = made
    born = np.array([to_ms(product.created_at) for product in shop.products if product.created_at])
    products = shop.lists.products

    assert all(len(set(row[row >= 0].tolist())) == (row >= 0).sum() for row in products[:2000])
    assert (born[np.maximum(products, 0)] <= shop.lists.at_ms[:, None])[products >= 0].all()


def test_acts_are_in_time_and_name_their_list(made: tuple[SimulatedShop, Truth]) -> None:
    acts, lists = made[0].acts, made[0].lists
    about = acts.product >= 0

    day = (acts.at_ms // 3_600_000 + 8) // 24
    assert all(later >= earlier for earlier, later in pairwise(day[::50]))
    assert (lists.person[acts.list] == acts.person).all()
    assert (lists.products[acts.list[about], acts.position[about]] == acts.product[about]).all()


def test_orders_hold_what_was_bought_at_the_price_of_that_week(made: tuple[SimulatedShop, Truth]) -> None:
    shop, truth = made

    lines = [line for order in shop.orders for line in order.lines]
    assert len(lines) == len(truth.columns["purchase_product"])
    revenue = sum(line.quantity * line.unit_price_minor for line in lines)
    assert revenue == sum(day.revenue_minor for day in shop.outcomes)
    assert all(returned.lines[0].quantity > 0 for returned in shop.returns)


def test_conversations_have_turns_and_a_hidden_intent(made: tuple[SimulatedShop, Truth]) -> None:
    shop, truth = made

    assert {talk.id for talk in shop.conversations} == set(truth.written.intents)
    assert all(talk.messages[0].role == "customer" and len(talk.messages) >= 2 for talk in shop.conversations)


def test_logins_come_after_the_visit_they_end(made: tuple[SimulatedShop, Truth]) -> None:
    shop, _ = made

    assert shop.logins
    assert len({login.visitor_id for login in shop.logins}) == len(shop.logins)
    assert all(login.visitor_id[1:] == login.customer_id[1:] for login in shop.logins)


def test_the_truth_survives_its_files(made: tuple[SimulatedShop, Truth], tmp_path: Path) -> None:
    _, truth = made
    truth.save(tmp_path)

    again = Truth.load(tmp_path)

    assert (again.written, again.plan, again.generator) == (truth.written, truth.plan, generator_hash())
    assert again.columns.keys() == truth.columns.keys()
    assert all((again.columns[name] == truth.columns[name]).all() for name in truth.columns)


@pytest.mark.parametrize(
    "parts",
    [{"products": 1}, {"customers": 1}, {"days": 1}, {"visitors": 0}, {"list_length": 1}, {"visits_per_day": 0.001}],
)
def test_the_smallest_shops_can_be_simulated(parts: dict[str, int]) -> None:
    shop, _ = simulate(a_plan(**({"days": 3} | parts)))

    assert len(shop.outcomes) == shop.plan.days
