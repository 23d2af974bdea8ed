from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import create_tables
from tests.shop.builders import (
    CONTRACT,
    MASTER_KEY,
    NOON,
    a_catalogue,
    a_customer,
    a_line,
    a_product,
    a_question,
    a_return,
    a_review,
    an_offer,
    an_order,
    at_noon,
    some_orders,
    some_people,
    some_words,
)

from zhanggui.kernel.cipher import SubjectCipher
from zhanggui.kernel.db import Database, open_database
from zhanggui.kernel.privacy import Purpose
from zhanggui.shop import (
    Answer,
    BadFile,
    Customer,
    Exporter,
    Identifiers,
    LegalBasis,
    Offer,
    Order,
    OrderLine,
    OrderState,
    Product,
    ProductLabel,
    ProductState,
    ProductText,
    PutReport,
    Restorer,
    RivalPrice,
    Shipment,
    UnknownFormat,
    Variant,
)
from zhanggui.shop.exporters.files import read_facts, write_facts
from zhanggui.shop.exporters.shapes import columns_of, from_row, to_row
from zhanggui.shop.types.exports import ExportFormat, ExportKind

CIPHER = SubjectCipher(MASTER_KEY)
FORMS = ["jsonl", "csv", "parquet"]

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


def an_exporter(db: Database, **more: Any) -> Exporter:
    return Exporter(db=db, cipher=CIPHER, **more)


def a_restorer(db: Database) -> Restorer:
    return Restorer(db=db, clock=at_noon, cipher=CIPHER)


def a_full_shop(db: Database) -> None:
    catalogue, people, orders, words = a_catalogue(db), some_people(db), some_orders(db), some_words(db)
    catalogue.put_products([a_product("龙井/1", keywords=("绿茶", "a,b")), a_product("=cmd", title='"x"\r\ny')])
    catalogue.put_offers([an_offer("龙井/1", price_source="88.001"), an_offer("early", starts_at=NOON, market="null")])
    catalogue.put_labels([ProductLabel(product_id="=cmd", label="新")])
    catalogue.put_rival_prices([RivalPrice(product_id="=cmd", rival="隔壁", price_minor=1, seen_at=NOON)])
    people.put_customers([a_customer("u1"), a_customer("u2", phone="")], CONTRACT)
    people.put_customers([a_customer("u3")], LegalBasis(kind="consent", notice="v2"))
    for login in (("v1", "u1"), ("v1", "u2"), ("v2", "u2")):
        people.identify(*login)
    people.undo_identify(people.identify("v3", "u1"))
    orders.put_orders([an_order(f"o{n}", customer_id=f"u{n % 3}") for n in range(5)], CONTRACT)
    orders.put_orders([an_order("guest", lines=[a_line(id="b"), a_line(id="a")])], LegalBasis(kind="public-data"))
    orders.put_returns([a_return("r1", order_id="o1", reason="不合\n适"), a_return("r2")], CONTRACT)
    words.put_reviews([a_review("v1", customer_id="u1"), a_review("v2", stars=1)])
    words.put_questions([a_question(answers=(Answer(id="a1", customer_id="u2", text="", at=NOON),))])


def the_lines(folder: Path) -> dict[str, list[bytes]]:
    """The lines of each file in a fixed order: offers of products that never came stand elsewhere in a new shop."""
    return {path.name: sorted(path.read_bytes().splitlines()) for path in folder.iterdir()}


@pytest.mark.parametrize("form", FORMS)
def test_an_export_restored_into_an_empty_shop_exports_the_same_again(
    sqlite: Database, tmp_path: Path, form: str
) -> None:
    a_full_shop(sqlite)
    an_exporter(sqlite).export("all", tmp_path / "first", "jsonl")
    an_exporter(sqlite).export("all", tmp_path / "moved", form)
    other = create_tables(open_database(f"sqlite:///{tmp_path / 'other.db'}"))

    reports = a_restorer(other).restore(tmp_path / "moved")
    again = a_restorer(other).restore(tmp_path / "moved")
    an_exporter(other).export("all", tmp_path / "second", "jsonl")

    assert the_lines(tmp_path / "second") == the_lines(tmp_path / "first")
    assert all(report.created and not report.updated for report in reports.values())
    assert all(report == PutReport(unchanged=report.unchanged) for report in again.values())
    other.close()


def test_an_export_moves_from_one_kind_of_store_to_the_other(
    sqlite: Database, postgresql: Database, tmp_path: Path
) -> None:
    a_full_shop(sqlite)
    an_exporter(sqlite).export("all", tmp_path / "first")

    a_restorer(postgresql).restore(tmp_path / "first")
    an_exporter(postgresql).export("all", tmp_path / "second")

    assert the_lines(tmp_path / "second") == the_lines(tmp_path / "first")


def test_restoring_into_the_shop_it_came_from_changes_nothing(sqlite: Database, tmp_path: Path) -> None:
    a_full_shop(sqlite)
    an_exporter(sqlite).export("all", tmp_path / "first")

    reports = a_restorer(sqlite).restore(tmp_path / "first")

    assert {report.created + report.updated for report in reports.values()} == {0}


def test_an_export_says_what_it_wrote_and_only_its_owner_may_read_it(sqlite: Database, tmp_path: Path) -> None:
    a_full_shop(sqlite)
    steps: list[tuple[int, int]] = []

    files = an_exporter(sqlite).export(
        "customers", tmp_path / "out", "csv", on_step=lambda done, of: steps.append((done, of))
    )

    assert [(file.kind, file.path.name, file.rows) for file in files] == [(ExportKind.CUSTOMERS, "customers.csv", 3)]
    assert files[0].path.stat().st_mode & 0o077 == 0
    assert b"13800138000" in files[0].path.read_bytes()
    assert steps == [(0, 1), (1, 1)]
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["customers.csv"]


def test_a_stream_is_json_lines(sqlite: Database) -> None:
    a_full_shop(sqlite)

    lines = b"".join(an_exporter(sqlite).stream("products")).splitlines()

    assert [msgspec.json.decode(line, type=Product).id for line in lines] == ["龙井/1", "=cmd"]


def test_the_history_is_exported_with_the_merchants_ids(sqlite: Database, tmp_path: Path) -> None:
    import pyarrow as pa

    some_orders(sqlite).put_orders([an_order(customer_id="u1")], CONTRACT)
    asked: list[object] = []

    def history(purpose: Purpose, since: datetime | None) -> Any:
        asked.append((purpose, since))
        with sqlite.read() as db:
            rows = db.exec_driver_sql("SELECT seq, person, product, kind, at_ms, quantity, value_minor FROM events")
            names = ("seq", "person", "product", "kind", "at_ms", "quantity", "value_minor")
            yield pa.RecordBatch.from_pylist([dict(zip(names, row, strict=True)) for row in rows])

    an_exporter(sqlite, history=history).export("events", tmp_path)

    line = msgspec.json.decode((tmp_path / "events.jsonl").read_bytes())
    assert line == {
        "seq": 1,
        "name": "purchase",
        "at": "2026-03-14T04:00:00Z",
        "customer_id": "u1",
        "product_id": "longjing",
        "quantity": 1,
        "value_minor": 8800,
    }
    assert asked == [(Purpose.SERVICE, None)]


@pytest.mark.parametrize(("kind", "form"), [("product", "jsonl"), ("products", "xlsx"), ("events", "jsonl")])
def test_a_kind_or_format_that_there_is_not_is_refused(sqlite: Database, tmp_path: Path, kind: str, form: str) -> None:
    with pytest.raises(UnknownFormat) as raised:
        an_exporter(sqlite).export(kind, tmp_path, form)

    assert raised.value.hint
    assert list(tmp_path.glob(f"*.{form}")) == []


def test_a_spoilt_export_is_named(sqlite: Database, tmp_path: Path) -> None:
    with pytest.raises(BadFile, match="holds no export"):
        a_restorer(sqlite).restore(tmp_path)
    (tmp_path / "products.jsonl").write_bytes(b'{"id": 7}\n')
    with pytest.raises(BadFile, match=r"products\.jsonl.*id"):
        a_restorer(sqlite).restore(tmp_path)


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


@settings(max_examples=15, deadline=None)
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
    one = create_tables(open_database(f"sqlite:///{home / 'one.db'}"))
    two = create_tables(open_database(f"sqlite:///{home / 'two.db'}"))
    a_catalogue(one).put_products(products)
    a_catalogue(one).put_offers(offers)
    some_people(one).put_customers(customers, CONTRACT)
    some_orders(one).put_orders(orders, CONTRACT)

    an_exporter(one).export("all", home / "first")
    a_restorer(two).restore(home / "first")
    an_exporter(two).export("all", home / "second")

    assert the_lines(home / "second") == the_lines(home / "first")
    kept = {order.id: msgspec.structs.replace(order, basis=None) for order in orders}
    assert {order.id: order for order in some_orders(two).orders(limit=200)} == kept
    one.close()
    two.close()
