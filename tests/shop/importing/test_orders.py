from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from tests.conftest import FixedClock
from tests.shop.importing.builders import a_file, a_line, an_importer, counted, entries, uci

from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Purpose
from zhanggui.shop import Catalogue, Orders, People
from zhanggui.shop.importers.errors import BadMap, BasisMissing
from zhanggui.shop.types.imports import EntryKind


def test_an_invoice_is_an_order_and_repeats_are_lines_of_their_own(
    any_database: Database, tmp_path: Path, clock: FixedClock
) -> None:
    text = uci(a_line(), a_line(), a_line(code="71053", title="LANTERN", price="3.39"))

    report = an_importer(any_database, tmp_path, clock).run("orders", [a_file(tmp_path, text)], "public-data")

    order = Orders(db=any_database, clock=clock).order("536365", purpose=Purpose.SERVICE)
    assert [line.id for line in order.lines] == ["85123A", "85123A#2", "71053"]
    assert [line.unit_price_source for line in order.lines] == ["2.55", "2.55", "3.39"]
    assert order.customer_id == "17850"
    assert order.at.isoformat() == "2010-12-01T08:26:00+00:00"
    assert report.figures["amount_all_lines"] == "50.94"
    assert counted(any_database, "events") == 3


def test_lines_of_an_order_come_together_from_wherever_they_stand(
    sqlite: Database, tmp_path: Path, clock: FixedClock
) -> None:
    lines = [a_line("1"), *(a_line(str(n), "A") for n in range(2, 9000)), a_line("1", "71053")]

    an_importer(sqlite, tmp_path, clock).run("orders", [a_file(tmp_path, uci(*lines))], "public-data")

    assert [line.product_id for line in Orders(db=sqlite, clock=clock).order("1", purpose=Purpose.SERVICE).lines] == [
        "85123A",
        "71053",
    ]


def test_cancelled_invoices_are_returns_and_charges_are_no_products(
    sqlite: Database, tmp_path: Path, clock: FixedClock
) -> None:
    text = uci(
        a_line("1"),
        a_line("1", "POST", title="POSTAGE", quantity=1, price="18.0"),
        a_line("C2", quantity=-6),
        a_line("3", quantity=-50, price="0", customer="", title="damaged"),
        a_line("A4", "B", title="Adjust bad debt", quantity=1, price="-11062.06", customer=""),
        a_line("5", customer=""),
    )

    report = an_importer(sqlite, tmp_path, clock).run("orders", [a_file(tmp_path, text)], "public-data")

    orders, catalogue = Orders(db=sqlite, clock=clock), Catalogue(db=sqlite, clock=clock)
    assert [order.id for order in orders.orders(purpose=Purpose.SERVICE)] == ["1", "5"]
    assert orders.order("5", purpose=Purpose.SERVICE).customer_id is None
    (back,) = orders.returns(purpose=Purpose.SERVICE)
    assert (back.id, back.lines[0].quantity) == ("C2", 6)
    assert [product.id for product in catalogue.products(None, 50)] == ["85123A"]
    assert [(entry.order_id, entry.kind, entry.quantity) for entry in entries(sqlite)] == [
        ("1", EntryKind.CHARGE, 1),
        ("3", EntryKind.STOCK_ADJUSTMENT, -50),
        ("A4", EntryKind.BAD_DEBT, 1),
    ]
    assert report.rows_read == 6
    assert sum(int(value) for name, value in report.figures.items() if name.startswith("lines_")) == 6
    assert report.figures["amount_all_lines"] == str(Decimal("2.55") * 6 + 18 - Decimal("11062.06"))


@pytest.mark.parametrize("is_turned", [False, True])
def test_figures_of_files_of_two_maps_are_those_of_all_lines_in_any_order(
    sqlite: Database, tmp_path: Path, clock: FixedClock, is_turned: bool
) -> None:
    ours = "order_id,customer_id,product_id,quantity,unit_price,date\n"
    files = [
        a_file(
            tmp_path, uci(a_line("1", quantity=10, price="2.00"), a_line("2", quantity=-2, price="3.50")), "uci.csv"
        ),
        a_file(tmp_path, f"{ours}o1,u1,tea,1,5.00,2024-01-05\no2,u1,tea,-1,4.00,2024-01-05\n", "ours.csv"),
    ]

    importer = an_importer(sqlite, tmp_path, clock)
    report = importer.run("orders", files[::-1] if is_turned else files, "public-data", accept=True)

    assert {name: value for name, value in report.figures.items() if name.startswith(("lines_", "amount_"))} == {
        "lines_sale": 2,
        "amount_sale": "25.00",
        "lines_stock_adjustment": 1,
        "amount_stock_adjustment": "-7.00",
        "lines_refused": 1,
        "amount_refused": "-4.00",
        "amount_all_lines": "14.00",
    }


def test_the_title_is_the_most_frequent_one_that_is_no_junk_and_the_price_the_latest(
    sqlite: Database, tmp_path: Path, clock: FixedClock
) -> None:
    text = uci(
        a_line("1", title="WHITE HEART"),
        a_line("2", title="WHITE HANGING HEART", at="2011-05-01 10:00:00", price="2.95"),
        a_line("3", title="WHITE HANGING HEART", at="2011-04-01 10:00:00", price="1.11"),
        *(a_line(str(n), title="damaged?", at="2011-06-01 10:00:00", price="0") for n in range(4, 9)),
    )

    an_importer(sqlite, tmp_path, clock).run("orders", [a_file(tmp_path, text)], "public-data")

    catalogue = Catalogue(db=sqlite, clock=clock)
    assert catalogue.product("85123A").texts["en"].title == "WHITE HANGING HEART"
    (offer,) = catalogue.offers(["85123A"])
    assert (offer.price_minor, offer.currency, offer.price_source) == (295, "GBP", "2.95")


def test_importing_again_changes_nothing_and_a_changed_line_updates_its_order_alone(
    any_database: Database, tmp_path: Path, clock: FixedClock
) -> None:
    importer = an_importer(any_database, tmp_path, clock)
    importer.run("orders", [a_file(tmp_path, uci(a_line("1"), a_line("2")))], "public-data")

    again = importer.run("orders", [a_file(tmp_path, uci(a_line("1"), a_line("2")))], "public-data")
    changed = importer.run("orders", [a_file(tmp_path, uci(a_line("1"), a_line("2", quantity=7)))], "public-data")

    assert (again.created, again.updated) == (0, 0)
    assert changed.figures["orders_updated"] == 1
    assert changed.figures["orders_unchanged"] == 1
    assert Orders(db=any_database, clock=clock).order("2", purpose=Purpose.SERVICE).lines[0].quantity == 7


def test_bad_rows_are_explained_and_never_stop_the_good_ones(
    sqlite: Database, tmp_path: Path, clock: FixedClock
) -> None:
    text = uci(
        a_line("1"), a_line("1.23E+17"), a_line("2", at="01/02/2011 x"), a_line("3", price="=cmd()"), a_line("4")
    )

    importer = an_importer(sqlite, tmp_path, clock)
    report = importer.run("orders", [a_file(tmp_path, text)], "public-data")

    assert (report.rejected, report.figures["orders_created"]) == (3, 2)
    with importer.rejects(report.id).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["file"], row["line"], row["column"]) for row in rows] == [
        ("file.csv", "3", "InvoiceNo"),
        ("file.csv", "4", "InvoiceDate"),
        ("file.csv", "5", "UnitPrice"),
    ]
    assert "text" in rows[0]["cure"]
    assert rows[2]["value"] == "'=cmd()"  # a spreadsheet must not run what it shows


def test_rows_about_people_need_a_legal_basis(sqlite: Database, tmp_path: Path, clock: FixedClock) -> None:
    importer = an_importer(sqlite, tmp_path, clock)
    path = a_file(tmp_path, uci(a_line()))

    for basis in (None, "consent", "because"):
        with pytest.raises(BasisMissing):
            importer.run("orders", [path], basis)


def test_a_dry_run_stores_nothing(sqlite: Database, tmp_path: Path, clock: FixedClock) -> None:
    importer = an_importer(sqlite, tmp_path, clock)

    report = importer.run("orders", [a_file(tmp_path, uci(a_line()))], "contract", dry_run=True)

    assert (report.rows_read, report.figures["lines_sale"], report.created) == (1, 1, 0)
    assert counted(sqlite, "orders") == counted(sqlite, "imports") == 0


TAOBAO_HEADER = (
    "主订单编号,子订单编号,标题,价格,购买数量,商家编码,订单状态,买家会员名,收货人姓名,联系手机,收货地址,订单创建时间,"
    "物流单号,物流公司,宝贝ID"
)
TAOBAO_BUYER = "交易成功,茶客,王小明,'13800138000,浙江省 杭州市 西湖区 1号,2024-01-05 13:05:00,SF123,顺丰"
TAOBAO = f"""{TAOBAO_HEADER}
="330011223344556677",="330011223344556678",西湖龙井 250g,"1,288.00",1,LJ-250,{TAOBAO_BUYER},654321
="330011223344556677",="330011223344556679",碧螺春,66.00,２,BLC,{TAOBAO_BUYER},654322
"""


def test_a_taobao_report_in_gb18030_becomes_orders_with_people_under_pseudonyms(
    sqlite: Database, tmp_path: Path, clock: FixedClock
) -> None:
    importer = an_importer(sqlite, tmp_path, clock)
    report = importer.run("orders", [a_file(tmp_path, TAOBAO, encoding="gb18030")], "contract")

    assert report.rejected == 0
    order = Orders(db=sqlite, clock=clock).order("330011223344556677", purpose=Purpose.SERVICE)
    assert [(line.id, line.quantity, line.unit_price_minor) for line in order.lines] == [
        ("330011223344556678", 1, 128800),
        ("330011223344556679", 2, 6600),
    ]
    assert (order.state.value, order.province, order.at.isoformat()) == (
        "delivered",
        "浙江",
        "2024-01-05T05:05:00+00:00",
    )
    assert order.customer_id is not None
    assert "茶客" not in order.customer_id
    customer = People(db=sqlite, clock=clock, cipher=importer.cipher).customer(order.customer_id, Purpose.SERVICE)
    assert customer.identifiers.name == "王小明"
    assert Catalogue(db=sqlite, clock=clock).product("654321").texts["zh"].title == "西湖龙井 250g"
    assert order.shipments[0].carrier == "顺丰"


def test_an_order_file_never_overwrites_what_the_shop_knows_of_a_product(
    sqlite: Database, tmp_path: Path, clock: FixedClock
) -> None:
    importer = an_importer(sqlite, tmp_path, clock)
    products = "product_id,title\n654321,狮峰龙井\n"
    importer.run("products", [a_file(tmp_path, products, "p.csv")])

    importer.run("orders", [a_file(tmp_path, TAOBAO)], "contract")

    assert Catalogue(db=sqlite, clock=clock).product("654321").texts["zh"].title == "狮峰龙井"


def test_later_lines_of_an_order_take_what_its_first_line_says(
    sqlite: Database, tmp_path: Path, clock: FixedClock
) -> None:
    head = (
        "Name,Email,Financial Status,Created at,Currency,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,"
        "Shipping Province,Shipping Name,Lineitem discount,Source,Phone"
    )
    rows = [
        "#1001,a@example.com,paid,2024-01-05 13:05:00 +0800,USD,1,Tea,3.50,TEA,CA,Ann,0,web,",
        "#1001,,,,,2,Cup,5.00,CUP,,,0,,",
    ]

    report = an_importer(sqlite, tmp_path, clock).run(
        "orders", [a_file(tmp_path, "\n".join([head, *rows]))], "contract"
    )

    order = Orders(db=sqlite, clock=clock).order("#1001", purpose=Purpose.SERVICE)
    assert report.rejected == 0
    assert [(line.product_id, line.quantity) for line in order.lines] == [("TEA", 1), ("CUP", 2)]
    assert (order.currency, order.at.isoformat()) == ("USD", "2024-01-05T05:05:00+00:00")


def test_an_unknown_file_is_profiled_and_imports_with_the_map_proposed(
    sqlite: Database, tmp_path: Path, clock: FixedClock
) -> None:
    importer = an_importer(sqlite, tmp_path, clock)
    path = a_file(tmp_path, "订单编号,商品ID,商品名称,数量,单价,下单时间\n880011,t1,茶,2,9.9,2024年1月5日 13:05\n")

    with pytest.raises(BadMap, match="No ready map"):
        importer.run("orders", [path], "contract")
    profile = importer.profile(path)
    report = importer.run("orders", [path], "contract", profile.map)

    assert profile.kind == "orders"
    assert profile.missing == ()
    assert report.figures["orders_created"] == 1


def test_negative_quantities_go_to_the_rejects_unless_the_map_says_what_they_mean(
    sqlite: Database, tmp_path: Path, clock: FixedClock
) -> None:
    importer = an_importer(sqlite, tmp_path, clock)
    path = a_file(tmp_path, "order_id,product_id,quantity,unit_price,at\n1,t1,-2,9.9,2024-01-05\n")

    report = importer.run("orders", [path], "contract")

    assert (report.rejected, report.created) == (1, 0)
