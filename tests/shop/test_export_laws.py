from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import a_store, examples
from tests.shop.builders import (
    CONTRACT,
    a_catalogue,
    some_orders,
    some_people,
)
from tests.shop.exporting import a_restorer, an_exporter, the_lines

from zhanggui.kernel.privacy import Purpose
from zhanggui.shop import (
    Customer,
    Identifiers,
    LegalBasis,
    Offer,
    Order,
    OrderLine,
    OrderState,
    Product,
    ProductState,
    ProductText,
    Shipment,
    Variant,
)
from zhanggui.shop.engines.fact_rows import columns_of, from_row, to_row
from zhanggui.shop.exporters.files import read_facts, write_facts
from zhanggui.shop.types.exports import ExportFormat

# Whatever Unicode has, but surrogates (no text) and NUL (PostgreSQL has no place for it).
_texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=8)
_ids = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=8)
_moments = st.datetimes(datetime(1970, 1, 2), datetime(2100, 1, 1), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)
)
_minor = st.integers(0, 2**40)
_maybe = lambda values: st.none() | values  # noqa: E731
_bases = st.sampled_from([CONTRACT, LegalBasis(kind="consent", notice="告知书 v1")])
_products = st.builds(
    Product,
    id=_ids,
    texts=st.dictionaries(
        st.sampled_from(["zh", "en"]),
        st.builds(
            ProductText, title=_texts, description=_texts, attributes=st.dictionaries(_texts, _texts, max_size=2)
        ),
    ),
    category=st.lists(_texts, max_size=2).map(tuple),
    brand=_texts,
    keywords=st.lists(_texts, max_size=2).map(tuple),
    variants=st.lists(st.builds(Variant, id=_ids, barcode=_texts), max_size=2).map(tuple),
    state=st.sampled_from(ProductState),
    created_at=_moments,
)
_offers = st.builds(
    Offer,
    product_id=_ids,
    variant_id=_maybe(_ids),
    market=_ids,
    price_minor=_minor,
    price_source=st.sampled_from([None, "0.5501"]),
    cost_minor=_maybe(_minor),
    on_hand=_maybe(st.integers(-5, 5)),
    starts_at=_maybe(_moments),
)
_customers = st.builds(
    Customer,
    id=_ids,
    identifiers=st.builds(Identifiers, name=_texts, platform_ids=st.dictionaries(_texts, _texts, max_size=2)),
    province=_texts,
    city_tier=_maybe(st.integers(1, 6)),
    joined_at=_maybe(_moments),
    basis=_bases,
)
_order_lines = st.lists(
    st.builds(OrderLine, id=_ids, product_id=_ids, quantity=st.integers(-2, 9), unit_price_minor=_minor),
    max_size=3,
    unique_by=lambda line: line.id,
).map(tuple)
_orders = st.builds(
    Order,
    id=_ids,
    customer_id=_maybe(_ids),
    visitor_id=_maybe(_ids),
    at=_moments,
    state=st.sampled_from(OrderState),
    channel=_ids,
    province=_texts,
    lines=_order_lines,
    shipments=st.lists(st.builds(Shipment, id=_ids, carrier=_texts, shipped_at=_maybe(_moments)), max_size=1).map(
        tuple
    ),
    basis=_bases,
)
_facts = st.one_of(_products, _offers, _customers, _orders)


@settings(deadline=None)
@given(fact=_facts)
def test_a_row_holds_all_of_a_fact(fact: Any) -> None:
    columns = columns_of(type(fact))

    assert from_row(to_row(fact, columns), type(fact), columns) == fact


@settings(max_examples=25, deadline=None)
@given(orders=st.lists(_orders, max_size=4), form=st.sampled_from(ExportFormat))
def test_a_file_of_any_format_holds_all_of_its_facts(
    tmp_path_factory: pytest.TempPathFactory, orders: list[Order], form: ExportFormat
) -> None:
    path = tmp_path_factory.mktemp("export") / f"orders.{form.value}"

    assert write_facts(path, Order, [orders], form) == len(orders)  # type: ignore[list-item]

    assert [fact for page in read_facts(path, Order) for fact in page] == orders


@pytest.mark.law
@settings(max_examples=examples(15), deadline=None)
@given(
    products=st.lists(_products, max_size=3),
    offers=st.lists(_offers, max_size=3),
    customers=st.lists(_customers, max_size=3),
    orders=st.lists(_orders, max_size=3),
)
def test_any_facts_survive_export_and_restore(
    tmp_path_factory: pytest.TempPathFactory,
    products: list[Product],
    offers: list[Offer],
    customers: list[Customer],
    orders: list[Order],
) -> None:
    home = tmp_path_factory.mktemp("shops")
    one = a_store(home / "one.db")
    two = a_store(home / "two.db")
    a_catalogue(one).put_products(products)
    a_catalogue(one).put_offers(offers)
    some_people(one).put_customers(customers, CONTRACT)
    some_orders(one).put_orders(orders, CONTRACT)

    an_exporter(one).export("all", home / "first")
    a_restorer(two).restore(home / "first")
    an_exporter(two).export("all", home / "second")

    assert the_lines(home / "second") == the_lines(home / "first")
    kept = {order.id: msgspec.structs.replace(order, basis=None) for order in orders}
    assert {order.id: order for order in some_orders(two).orders(limit=200, purpose=Purpose.SERVICE)} == kept
    one.close()
    two.close()
