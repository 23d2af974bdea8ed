from __future__ import annotations

import pytest
from tests.shop.builders import NOON, a_catalogue, a_product, an_offer

from zhanggui.kernel.changes import last_seq
from zhanggui.kernel.clock import from_ms
from zhanggui.kernel.db import Database
from zhanggui.shop import (
    InvalidFact,
    Offer,
    Product,
    ProductLabel,
    ProductState,
    ProductText,
    PutReport,
    RivalPrice,
    UnknownProduct,
    Variant,
)
from zhanggui.shop.tables.products import reserve_product_numbers


def test_a_product_comes_back_as_it_was_put(any_database: Database) -> None:
    catalogue = a_catalogue(any_database)
    product = Product(
        id="龙井/№1 🍵",
        texts={
            "en": ProductText(title="Longjing", description="a\x1b b"),
            "zh": ProductText(title="龙井", attributes={"净含量": "500g"}),
        },
        category=("茶", "绿茶"),
        keywords=("明前",),
        variants=(Variant(id="500g", options={"规格": "500g"}, weight_g=500),),
        state=ProductState.PAUSED,
        created_at=from_ms(1_700_000_000_123),
    )

    report = catalogue.put_products([product])

    assert report == PutReport(created=1)
    assert catalogue.product("龙井/№1 🍵") == product


def test_the_store_fills_in_when_a_product_came_and_keeps_it(any_database: Database) -> None:
    catalogue = a_catalogue(any_database)
    catalogue.put_products([a_product()])

    report = catalogue.put_products([a_product(title="另一个名字")])

    assert report == PutReport(updated=1)
    assert catalogue.product("longjing").created_at == NOON


def test_what_is_the_same_already_is_neither_written_nor_announced(any_database: Database) -> None:
    catalogue = a_catalogue(any_database)
    catalogue.put_products([a_product()])
    catalogue.put_offers([an_offer()])
    catalogue.put_labels([ProductLabel(product_id="longjing", label="新茶")])
    with any_database.read() as db:
        before = last_seq(db)

    reports = [
        catalogue.put_products([a_product()]),
        catalogue.put_products([catalogue.product("longjing")]),
        catalogue.put_offers([an_offer()]),
        catalogue.put_labels([ProductLabel(product_id="longjing", label="新茶")]),
    ]

    assert reports == [PutReport(unchanged=1)] * 4
    with any_database.read() as db:
        assert last_seq(db) == before


def test_the_order_of_a_mapping_is_no_change(sqlite: Database) -> None:
    catalogue = a_catalogue(sqlite)
    zh, en = ProductText(title="茶"), ProductText(title="tea")
    catalogue.put_products([a_product(texts={"zh": zh, "en": en})])

    assert catalogue.put_products([a_product(texts={"en": en, "zh": zh})]) == PutReport(unchanged=1)


def test_of_equal_ids_in_one_batch_the_last_counts(any_database: Database) -> None:
    catalogue = a_catalogue(any_database)

    report = catalogue.put_products([a_product(title="一"), a_product(title="二")])

    assert report == PutReport(created=1, unchanged=1)
    assert catalogue.product("longjing").texts["zh"].title == "二"


def test_numbers_are_dense_from_one_and_a_reserved_one_is_taken_up(any_database: Database) -> None:
    catalogue = a_catalogue(any_database)
    reserved = any_database.write(lambda db: reserve_product_numbers(db, ["early", "never"]))

    report = catalogue.put_products([a_product("longjing"), a_product("early")])

    assert reserved == {"early": 1, "never": 2}
    assert report == PutReport(created=2)
    with any_database.read() as db:
        assert catalogue.product_numbers(db, ["longjing", "early", "never", "none"]) == {
            "early": 1,
            "never": 2,
            "longjing": 3,
        }
    assert [product.id for product in catalogue.products()] == ["early", "longjing"]


def test_a_mistyped_id_is_answered_with_the_nearest(sqlite: Database) -> None:
    catalogue = a_catalogue(sqlite)
    catalogue.put_products([a_product("longjing")])

    with pytest.raises(UnknownProduct) as raised:
        catalogue.product("longjng")

    assert raised.value.hint == "Did you mean 'longjing'?"


def test_a_reserved_product_is_not_a_product_yet(sqlite: Database) -> None:
    catalogue = a_catalogue(sqlite)
    catalogue.put_offers([an_offer("early")])

    with pytest.raises(UnknownProduct):
        catalogue.product("early")
    assert [offer.product_id for offer in catalogue.offers(["early"])] == ["early"]


def test_offers_differ_by_variant_market_channel_and_start(any_database: Database) -> None:
    catalogue = a_catalogue(any_database)
    offers = [
        an_offer(price_minor=1),
        an_offer(price_minor=2, variant_id="500g"),
        an_offer(price_minor=3, market="hk", currency="HKD", price_source="0.0321", list_price_minor=9, cost_minor=1),
        an_offer(price_minor=4, channel="douyin", on_hand=5, allocated=2),
        an_offer(price_minor=5, starts_at=NOON, ends_at=NOON),
    ]
    assert catalogue.put_offers(offers) == PutReport(created=5)

    report = catalogue.put_offers([an_offer(price_minor=7)])

    assert report == PutReport(updated=1)
    kept = sorted(catalogue.offers(["longjing"]), key=lambda offer: offer.price_minor)
    assert kept == [*offers[1:], an_offer(price_minor=7)]


def test_labels_and_rival_prices_come_back(any_database: Database) -> None:
    catalogue = a_catalogue(any_database)
    label = ProductLabel(product_id="longjing", label="爆款", source="behaviour", evidence="30 天 900 单")
    prices = [
        RivalPrice(product_id="longjing", rival="隔壁", price_minor=price, seen_at=from_ms(day), url="https://x.cn/1")
        for day, price in ((1, 8000), (2, 7900))
    ]

    assert catalogue.put_labels([label]) == PutReport(created=1)
    assert catalogue.put_rival_prices([*reversed(prices), prices[0]]) == PutReport(created=2, unchanged=1)
    assert catalogue.labels(["longjing"]) == [label]
    assert catalogue.rival_prices(["longjing"]) == prices


def test_products_are_listed_from_the_one_after(sqlite: Database) -> None:
    catalogue = a_catalogue(sqlite)
    catalogue.put_products([a_product(f"p{n}") for n in range(5)])

    assert [product.id for product in catalogue.products(after="p1", limit=2)] == ["p2", "p3"]
    with pytest.raises(UnknownProduct):
        catalogue.products(after="p9")


@pytest.mark.parametrize(
    "wrong",
    [
        Product(id="", texts={}),
        Product(id="a\nb", texts={}),
        Product(id="x" * 257, texts={}),
        Product(id="a", texts={"zh": ProductText(title="\x00")}),
        Product(id="a", texts={}, brand="\ud800"),
        Product(id="a", texts={}, created_at=NOON.replace(tzinfo=None)),
    ],
    ids=["empty", "control", "long", "nul", "surrogate", "no time zone"],
)
def test_a_product_that_does_not_fit_is_refused_and_nothing_is_put(sqlite: Database, wrong: Product) -> None:
    catalogue = a_catalogue(sqlite)

    with pytest.raises(InvalidFact):
        catalogue.put_products([a_product(), wrong])

    assert catalogue.products() == []


def test_an_offer_beyond_what_the_store_can_hold_is_refused(sqlite: Database) -> None:
    with pytest.raises(InvalidFact):
        a_catalogue(sqlite).put_offers([Offer(product_id="a", price_minor=2**70)])
