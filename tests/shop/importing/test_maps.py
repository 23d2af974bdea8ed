from __future__ import annotations

import pytest

from zhanggui.shop.importers.errors import BadMap
from zhanggui.shop.importers.map_text import map_text
from zhanggui.shop.importers.mapping import decode_map, missing_fields, named_map, ready_map, ready_maps
from zhanggui.shop.importers.naming import column_key
from zhanggui.shop.importers.proposing import column_profile, date_format, guess_columns, guess_kind
from zhanggui.shop.types.imports import ImportKind


def test_every_ready_map_fits_a_file_that_has_all_its_columns() -> None:
    for each in ready_maps():
        assert missing_fields(each, map(column_key, each.columns)) == []
        assert each.name
        assert each.title


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ('kind = "orders"\ncolunms = {}\n[columns]\n', "colunms", "columns"),
        ('kind = "orders"\n[columns]\nA = "order_ids"\n', "order_ids", "order_id"),
        ('kind = "orders"\n[columns]\n[orders]\nretruns = []\n', "retruns", "returns"),
        ('kind = "order"\n[columns]\n', "order", ""),
        ('kind = "orders"\ntime_zone = "Asia/Beijing"\n[columns]\n', "Asia/Beijing", "Asia/Shanghai"),
        ("kind = ", "TOML", ""),
    ],
)
def test_a_map_with_a_mistake_names_it_and_the_nearest_right_word(text: str, message: str, hint: str) -> None:
    with pytest.raises(BadMap) as caught:
        decode_map(text)

    assert message in str(caught.value)
    assert hint in caught.value.hint


def test_a_proposed_map_is_toml_that_reads_back() -> None:
    found = named_map("taobao-orders")

    assert decode_map(map_text(found, {"数量": 'number: "1"'})) == found


def test_the_uci_file_finds_its_map_in_each_of_its_spellings() -> None:
    first = ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"]
    second = ["Invoice", "StockCode", "Description", "Quantity", "InvoiceDate", "Price", "Customer ID", "Country"]
    for columns in (first, second):
        found = ready_map(ImportKind.ORDERS, columns)
        assert found is not None
        assert found.name == "uci-online-retail"


@pytest.mark.parametrize(
    ("header", "row", "kind", "fields"),
    [
        (
            "订单编号,商品ID,规格,实付金额,数量,买家昵称,下单时间",
            "880011,t1,大,9.9,1,小王,2024/1/5 13:05",
            ImportKind.ORDERS,
            {"order_id", "product_id", "amount", "quantity", "nickname", "at"},
        ),
        (
            "product id,title,price,stock,brand",
            "t1,Tea,3.5,7,Long",
            ImportKind.PRODUCTS,
            {"product_id", "title", "price", "on_hand", "brand"},
        ),
        (
            "商品ID,评价内容,评分,评价时间",
            "t1,很好,5,2024-01-05",
            ImportKind.REVIEWS,
            {"product_id", "text", "stars", "at"},
        ),
        (
            "会员ID,姓名,手机号,注册时间",
            "u1,王,138,2024-01-05",
            ImportKind.CUSTOMERS,
            {"customer_id", "name", "joined_at"},
        ),
    ],
)
def test_an_unknown_file_is_guessed_by_its_columns(header: str, row: str, kind: ImportKind, fields: set[str]) -> None:
    profiles = [column_profile(n, [v]) for n, v in zip(header.split(","), row.split(","), strict=True)]

    assert guess_kind(profiles) == kind
    assert fields <= set(guess_columns(kind, profiles).values())


def test_the_order_of_day_and_month_is_told_by_a_date_that_can_be_only_one() -> None:
    profile = column_profile("at", ["01/02/2024 10:00", "12/25/2024 11:00"])

    assert profile.type == "date"
    assert date_format([(profile, ["01/02/2024 10:00", "12/25/2024 11:00"])]) == "%m/%d/%Y %H:%M"
    assert date_format([(profile, ["01/02/2024 10:00"])]) == ""


@pytest.mark.parametrize(
    ("header", "id_column"),
    [
        ("sku,name,price,category,stock", "sku"),
        ("商品,价格,编号", "编号"),
        ("title,product_code,price", "product_code"),
        ("product,price,category", "product"),
        ("sku,product,price", "sku"),
        ("product_id,sku,title,price", "product_id"),
    ],
)
def test_the_plainest_product_file_has_its_id_found(header: str, id_column: str) -> None:
    numbers = {"price", "价格", "stock"}
    profiles = [column_profile(name, ["12" if name in numbers else "a b"]) for name in header.split(",")]

    assert guess_kind(profiles) == ImportKind.PRODUCTS
    assert guess_columns(ImportKind.PRODUCTS, profiles)[id_column] == "product_id"


def test_a_review_of_an_article_number_is_of_that_product() -> None:
    profiles = [column_profile(name, cells) for name, cells in {"sku": ["t1"], "text": ["好"]}.items()]

    assert guess_columns(ImportKind.REVIEWS, profiles)["sku"] == "product_id"
