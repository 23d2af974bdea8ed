from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.conftest import FixedClock
from tests.shop.importing.builders import a_file, an_importer, counted, json_lines

from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Purpose
from zhanggui.shop import Catalogue, Exporter, Orders, People, ProductState, Words
from zhanggui.shop.importers.errors import BadMap
from zhanggui.shop.service.importing import Importer

FEED = """<rss xmlns:g="http://base.google.com/ns/1.0"><channel>
<item><g:id>red-m</g:id><g:item_group_id>shirt</g:item_group_id><g:title>Shirt</g:title><g:price>25.00 USD</g:price>
<g:sale_price>19.99 USD</g:sale_price><g:color>red</g:color><g:product_type>Clothes &gt; Shirts</g:product_type></item>
<item><g:id>red-l</g:id><g:item_group_id>shirt</g:item_group_id><g:title>Shirt</g:title><g:price>26.00 USD</g:price>
<g:availability>out_of_stock</g:availability></item>
</channel></rss>"""


@pytest.fixture
def importer(sqlite: Database, tmp_path: Path, clock: FixedClock) -> Importer:
    return an_importer(sqlite, tmp_path, clock)


def test_rows_of_one_product_become_its_variants_and_offers(importer: Importer, tmp_path: Path) -> None:
    report = importer.run("products", [a_file(tmp_path, FEED, "feed.xml")])

    catalogue = Catalogue(db=importer.db, clock=importer.clock)
    product = catalogue.product("shirt")
    assert report.rejected == 0
    assert [variant.id for variant in product.variants] == ["red-m", "red-l"]
    assert product.variants[0].options == {"color": "red"}
    assert product.category == ("Clothes", "Shirts")
    offers = {offer.variant_id: offer for offer in catalogue.offers(["shirt"])}
    assert (offers["red-m"].price_minor, offers["red-m"].list_price_minor, offers["red-m"].on_hand) == (
        1999,
        2500,
        None,
    )
    assert (offers["red-l"].price_minor, offers["red-l"].on_hand, offers["red-l"].currency) == (2600, 0, "USD")


def test_a_chinese_product_file_brings_words_numbers_and_states(importer: Importer, tmp_path: Path) -> None:
    text = "商品ID\t商品标题\t类目名称\t一口价\t库存\t商品状态\t商品图片\t商家编码\t品牌\t宝贝描述\n1\t龙井\t茶/绿茶\t￥1,088\t１２\t仓库中\thttps://a/1.jpg;https://a/2.jpg\tLJ\t狮\t好\n"

    report = importer.run("products", [a_file(tmp_path, text, encoding="gb18030")])

    product = Catalogue(db=importer.db, clock=importer.clock).product("1")
    assert report.rejected == 0
    assert (product.category, product.state) == (("茶", "绿茶"), ProductState.PAUSED)
    assert product.images == ("https://a/1.jpg", "https://a/2.jpg")
    assert Catalogue(db=importer.db, clock=importer.clock).offers(["1"])[0].price_minor == 108_800


@pytest.mark.parametrize(
    ("kind", "text", "table"),
    [
        ("offers", "product_id,price,currency\nt1,9.9,CNY\n", "offers"),
        ("customers", "customer_id,name,phone,gender,age_band,province\nu1,王,138,女,31,浙江省杭州市\n", "customers"),
        ("returns", "return_id,order_id,product_id,quantity,unit_price,at\nr1,o1,t1,1,9.9,2024-01-05\n", "returns"),
        ("reviews", "product_id,stars,text,at\nt1,5,很好,2024-01-05\n", "reviews"),
        ("questions", "product_id,text,at,answer\nt1,新茶吗,2024-01-05,是的\n", "questions"),
        ("events", "name,at,visitor_id,product_id\nview_item,2020-01-05,v1,t1\n", "events"),
        ("rival-prices", "product_id,rival,price,seen_at\nt1,隔壁,8.8,2024-01-05\n", "rival_prices"),
        ("labels", "product_id,label\nt1,新品\n", "product_labels"),
    ],
)
def test_each_kind_comes_in_once_however_often_its_file_does(
    importer: Importer, tmp_path: Path, kind: str, text: str, table: str
) -> None:
    first = importer.run(kind, [a_file(tmp_path, text)], "contract")
    rows = counted(importer.db, table)
    second = importer.run(kind, [a_file(tmp_path, text)], "contract")

    assert (first.rows_read, first.rejected) == (1, 0)
    assert first.created >= 1
    assert (second.created, second.updated) == (0, 0)
    assert counted(importer.db, table) == rows == 1


def test_stars_beyond_five_are_rejected_by_line(importer: Importer, tmp_path: Path) -> None:
    text = "product_id,stars,text,at\nt1,9,很好,2024-01-05\nt1,5,好,2024-01-05\n"

    report = importer.run("reviews", [a_file(tmp_path, text)], "contract")

    assert (report.created, report.rejected) == (1, 1)


GA4_EVENT = {
    "event_timestamp": "1577836800000000",
    "event_name": "add_to_cart",
    "user_pseudo_id": "123.456",
    "event_params": [
        {"key": "engagement_time_msec", "value": {"int_value": "250"}},
        {"key": "currency", "value": {"string_value": "USD"}},
    ],
    "items": [
        {"item_id": "tea", "price": 3.5, "quantity": 2, "item_list_index": "3"},
        {"item_id": "cup", "price": 5.0, "quantity": 1},
    ],
}


def test_ga4_events_of_any_age_come_in_an_item_at_a_time(importer: Importer, tmp_path: Path) -> None:
    other = {**GA4_EVENT, "event_name": "session_start", "items": []}

    report = importer.run("events", [a_file(tmp_path, json_lines([GA4_EVENT, other]), "e.json")], "contract")
    again = importer.run("events", [a_file(tmp_path, json_lines([GA4_EVENT, other]), "e.json")], "contract")

    assert (report.created, report.figures["skipped_session_start"]) == (2, 1)
    assert (again.created, again.unchanged) == (0, 2)
    with importer.db.read() as db:
        rows = db.exec_driver_sql("SELECT at_ms, quantity, value_minor, extra FROM events ORDER BY seq").fetchall()
    assert [tuple(row)[:3] for row in rows] == [(1577836800000, 2, 700), (1577836800000, 1, 500)]
    assert json.loads(rows[0][3])["engagement_time_msec"] == 250


def test_ga4_from_parquet_is_the_same(importer: Importer, tmp_path: Path) -> None:
    pq.write_table(pa.Table.from_pylist([GA4_EVENT]), tmp_path / "e.parquet")
    importer.run("events", [a_file(tmp_path, json_lines([GA4_EVENT]), "e.json")], "contract")

    report = importer.run("events", [tmp_path / "e.parquet"], "contract")

    assert (report.created, report.unchanged) == (0, 2)


def test_what_was_exported_comes_back_exactly(
    importer: Importer, sqlite: Database, tmp_path: Path, clock: FixedClock
) -> None:
    importer.run("products", [a_file(tmp_path, FEED, "feed.xml")])
    importer.run("customers", [a_file(tmp_path, "customer_id,name,province\nu1,王,浙江\n")], "consent:n1")
    orders = "order_id,product_id,quantity,unit_price,at,customer_id\n1,shirt,2,9.995,2024-01-05,u1\n"
    importer.run("orders", [a_file(tmp_path, orders)], "contract")
    exporter = Exporter(db=sqlite, cipher=importer.cipher)

    for kind in ("products", "offers", "customers", "orders"):
        body = b"".join(exporter.stream(kind))
        report = importer.run(kind, [a_file(tmp_path, body, f"{kind}.jsonl")], "contract")
        assert (report.rejected, report.created, report.updated, report.unchanged > 0) == (0, 0, 0, True), kind
        assert b"".join(exporter.stream(kind)) == body


def test_a_fact_that_does_not_fit_is_rejected_with_its_field(importer: Importer, tmp_path: Path) -> None:
    good = {"id": "a", "texts": {"zh": {"title": "茶"}}}
    rows = [good, {**good, "id": "b", "state": "sold"}, {**good, "id": "c", "colour": 1}]

    report = importer.run("products", [a_file(tmp_path, json_lines(rows) + "{broken\n", "p.jsonl")])

    text = importer.rejects(report.id).read_text(encoding="utf-8-sig")
    assert (report.created, report.rejected, report.rows_read) == (1, 3, 4)
    assert "state" in text
    assert "colour" in text


def test_deep_json_in_a_line_is_rejected_and_the_rest_taken(importer: Importer, tmp_path: Path) -> None:
    good = json_lines([{"id": "a", "texts": {"zh": {"title": "茶"}}}])

    report = importer.run("products", [a_file(tmp_path, good + '{"texts":' * 50_000 + "\n" + good, "p.jsonl")])

    assert (report.rejected, report.created + report.unchanged) == (1, 2)


def test_a_kind_that_is_none_names_the_nearest(importer: Importer, tmp_path: Path) -> None:
    with pytest.raises(BadMap) as caught:
        importer.run("order", [tmp_path])
    assert "orders" in caught.value.hint


@pytest.mark.realdata
def test_the_tau_shop_comes_in_whole(importer: Importer, realdata: Callable[[str], Path]) -> None:
    path = realdata("tau-retail") / "db.json"

    report = importer.run("shop", [path], "public-data")
    again = importer.run("shop", [path], "public-data")

    made = {name: report.figures[f"{name}_created"] for name in ("products", "customers", "orders")}
    assert made == {"products": 50, "customers": 500, "orders": 1000}
    assert (again.created, again.updated, again.unchanged) == (0, 0, report.created)
    order = Orders(db=importer.db, clock=importer.clock).order("#W2611340", purpose=Purpose.SERVICE)
    assert (order.customer_id, order.lines[0].variant_id, order.lines[0].unit_price_minor) == (
        "james_li_5688",
        "6469567736",
        4784,
    )
    people = People(db=importer.db, clock=importer.clock, cipher=importer.cipher)
    assert people.customer("noah_brown_6181", Purpose.SERVICE).identifiers.email == "noah.brown7922@example.com"


@pytest.mark.realdata
def test_every_line_of_the_uci_file_is_accounted_for(importer: Importer, realdata: Callable[[str], Path]) -> None:
    report = importer.run("orders", [realdata("online-retail") / "online_retail.parquet"], "public-data")

    lines = sum(int(value) for name, value in report.figures.items() if name.startswith("lines_"))
    assert (report.rows_read, lines + report.rejected) == (541_909, 541_909)
    assert report.figures["amount_all_lines"] == "9747747.934"
    made = [report.figures[f"{name}_created"] for name in ("orders", "returns", "customers")]
    assert made == [20_725, 3_836, 4_372]
    assert report.figures["lines_stock_adjustment"] == 1_336


def test_words_keep_their_replies(importer: Importer, tmp_path: Path) -> None:
    importer.run("questions", [a_file(tmp_path, "product_id,text,at,answer\nt1,新茶吗,2024-01-05,是的\n")], "contract")

    (question,) = Words(db=importer.db, clock=importer.clock).questions("t1", None, 10, purpose=Purpose.SERVICE)

    assert question.answers[0].text == "是的"
