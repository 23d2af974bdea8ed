"""Headers as shop systems write them: what an unknown file is taken for, and which column for what."""

from __future__ import annotations

import pytest

from zhanggui.shop.importers.mapping import ready_map
from zhanggui.shop.importers.naming import likeness
from zhanggui.shop.importers.proposing import column_profile, guess_columns, guess_kind, proposed_map
from zhanggui.shop.types.imports import ColumnProfile, ImportKind

WOO = {
    "Order Number": "301",
    "Order Status": "Completed",
    "Order Date": "2024-05-01 09:12",
    "Customer Note": "call me",
    "First Name (Billing)": "Ann",
    "Email (Billing)": "ann@example.com",
    "Phone (Billing)": "555-1234",
    "Item #": "1",
    "Item Name": "Blue Mug",
    "SKU": "MUG-B",
    "Quantity (- Refund)": "2",
    "Item Cost": "7.50",
    "Order Total Amount": "15.00",
}
MARKETPLACE = {
    "order-id": "111-1234567-1234567",
    "order-item-id": "60012345",
    "purchase-date": "2024-02-03T10:00:00-08:00",
    "payments-date": "2024-02-03T10:05:00-08:00",
    "buyer-email": "x@example.com",
    "buyer-name": "J Smith",
    "buyer-phone-number": "555",
    "sku": "SKU-9",
    "product-name": "Bamboo Tray",
    "quantity-purchased": "1",
    "currency": "USD",
    "item-price": "19.99",
    "item-tax": "1.60",
    "ship-state": "WA",
}
PIECES = {
    "order_id": "00010242fe8c",
    "order_item_id": "1",
    "product_id": "4244733e06e7",
    "seller_id": "48436dade18a",
    "shipping_limit_date": "2017-09-19 09:45:35",
    "price": "58.90",
    "freight_value": "13.29",
}
GRADES = {
    "review_id": "7bc2406110b9",
    "product_code": "a1",
    "customer_unique_id": "861eff4711a5",
    "review_score": "5",
    "review_comment_message": "很好",
    "review_creation_date": "2018-01-18 00:00:00",
}
CLICKS = {
    "event_time": "2019-10-01 00:00:00 UTC",
    "event_type": "view",
    "product_id": "44600062",
    "category_code": "x.y",
    "price": "35.79",
    "user_id": "541312140",
    "user_session": "72d76fde",
}
CATALOGUE = {
    "ID": "12",
    "Name": "Mug",
    "Categories": "Cups",
    "Regular price": "9.90",
    "Stock quantity": "4",
    "Product Description": "blue",
    "Image URLs": "https://example.com/a.jpg",
}
PEOPLE = {"客户编号": "u1", "客户姓名": "王小雨", "客户手机号码": "138", "用户邮箱": "a@b.c", "注册时间": "2024-01-05"}


def profiles_of(row: dict[str, str]) -> list[ColumnProfile]:
    return [column_profile(name, [cell]) for name, cell in row.items()]


@pytest.mark.parametrize(
    ("row", "kind", "expected"),
    [
        (
            WOO,
            ImportKind.ORDERS,
            {
                "Order Number": "order_id",
                "Order Status": "state",
                "Order Date": "at",
                "First Name (Billing)": "first_name",
                "Email (Billing)": "email",
                "Phone (Billing)": "phone",
                "Item Name": "title",
                "SKU": "variant_id",
                "Quantity (- Refund)": "quantity",
                "Item Cost": "unit_price",
            },
        ),
        (
            MARKETPLACE,
            ImportKind.ORDERS,
            {
                "order-id": "order_id",
                "order-item-id": "line_id",
                "purchase-date": "at",
                "buyer-email": "email",
                "buyer-name": "name",
                "buyer-phone-number": "phone",
                "sku": "variant_id",
                "product-name": "title",
                "quantity-purchased": "quantity",
                "currency": "currency",
                "item-price": "unit_price",
                "ship-state": "province",
            },
        ),
        (
            PIECES,
            ImportKind.ORDERS,
            {"order_id": "order_id", "order_item_id": "line_id", "product_id": "product_id", "price": "unit_price"},
        ),
        (
            GRADES,
            ImportKind.REVIEWS,
            {
                "review_id": "review_id",
                "product_code": "product_id",
                "customer_unique_id": "customer_id",
                "review_score": "stars",
                "review_comment_message": "text",
                "review_creation_date": "at",
            },
        ),
        (
            CLICKS,
            ImportKind.EVENTS,
            {
                "event_time": "at",
                "event_type": "name",
                "product_id": "product_id",
                "price": "value",
                "user_id": "customer_id",
                "user_session": "visitor_id",
            },
        ),
        (
            CATALOGUE,
            ImportKind.PRODUCTS,
            {
                "ID": "product_id",
                "Name": "title",
                "Categories": "category",
                "Regular price": "price",
                "Stock quantity": "on_hand",
                "Product Description": "description",
                "Image URLs": "images",
            },
        ),
        (
            PEOPLE,
            ImportKind.CUSTOMERS,
            {
                "客户编号": "customer_id",
                "客户姓名": "name",
                "客户手机号码": "phone",
                "用户邮箱": "email",
                "注册时间": "joined_at",
            },
        ),
    ],
)
def test_a_file_of_another_system_is_known_by_its_header(
    row: dict[str, str], kind: ImportKind, expected: dict[str, str]
) -> None:
    profiles = profiles_of(row)

    assert guess_kind(profiles) == kind
    assert {name: field for name, field in guess_columns(kind, profiles).items() if field} == expected


@pytest.mark.parametrize("column", ["Shipping", "Shipping Method", "item-tax", "Company (Billing)", "Customer Note"])
def test_words_beside_a_name_are_no_name(column: str) -> None:
    assert guess_columns(ImportKind.ORDERS, profiles_of({column: "7.50"})) == {column: ""}


def test_the_very_name_of_a_field_is_nearer_than_one_with_words_beside_it() -> None:
    very, beside = likeness("Quantity", "quantity", ("数量", "qty")), likeness("Quantity sold", "quantity", ("数量",))

    assert very is not None
    assert beside is not None
    assert very < beside
    assert likeness("Total", "quantity", ("数量",)) is None


def test_an_order_file_without_a_quantity_is_proposed_as_one_piece_a_row() -> None:
    found = proposed_map(ImportKind.ORDERS, profiles_of(PIECES | {"order date": "2017-09-19"}), "")

    assert found.constants == {"quantity": 1}
    assert not proposed_map(ImportKind.ORDERS, profiles_of(WOO), "").constants


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (
            "商品,订单号,订单状态,商品总价(元),用户实付金额(元),商品数量(件),收货人,手机,省,市,拼单成功时间,商品id,样式ID,快递单号",
            "pinduoduo-orders",
        ),
        (
            "主订单编号,子订单编号,选购商品,商品数量,商品ID,商家编码,商品单价,订单应付金额,收件人,收件人手机号,省,订单提交时间,订单状态",
            "douyin-orders",
        ),
        (",".join(MARKETPLACE), "amazon-orders"),
    ],
)
def test_a_platform_s_orders_find_their_ready_map(header: str, name: str) -> None:
    found = ready_map(ImportKind.SHOP, header.split(","))

    assert found is not None
    assert found.name == name
