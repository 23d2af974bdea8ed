"""What a file says in parts is put together, and what it does not say is assumed aloud."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import FixedClock
from tests.shop.importing.builders import KEY, a_file, an_importer

from zhanggui.kernel.cipher import SubjectCipher
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Purpose
from zhanggui.shop import Catalogue, Orders, People
from zhanggui.shop.commands.imports import findings
from zhanggui.shop.importers.errors import BadMap
from zhanggui.shop.service.importing import Importer

CUSTOMERS = "Customer ID,First Name,Last Name,Email\n{rows}\n"
PRICED = "SKU,Title,Price{more}\nA1,Tea,9.50{said}\n"
ORDER = (
    "Order number,SKU,Quantity,Price,Date,Shipping first name,Shipping last name,Email\n"
    "7,A1,1,9,2026-01-02,{who},a@b.example\n"
)


@pytest.fixture
def importer(sqlite: Database, tmp_path: Path, clock: FixedClock) -> Importer:
    return an_importer(sqlite, tmp_path, clock)


def names(importer: Importer) -> list[str]:
    people = People(db=importer.db, clock=importer.clock, cipher=SubjectCipher(KEY))
    return [one.identifiers.name for one in people.customers(purpose=Purpose.SERVICE)]


@pytest.mark.parametrize(
    ("row", "name"),
    [
        ("u1,Ada,Lovelace,a@b.example", "Ada Lovelace"),
        ("u1,小满,林,a@b.example", "林小满"),
        ("u1,Ada,,a@b.example", "Ada"),
        ("u1,,Lovelace,a@b.example", "Lovelace"),
        ("u1,,,a@b.example", ""),
    ],
)
def test_the_parts_of_a_name_are_joined_as_its_script_does(
    importer: Importer, tmp_path: Path, row: str, name: str
) -> None:
    importer.run("customers", [a_file(tmp_path, CUSTOMERS.format(rows=row))], "contract", accept=True)

    assert names(importer) == [name]


def test_a_whole_name_is_better_than_its_parts(importer: Importer, tmp_path: Path) -> None:
    text = "customer_id,name,first_name,last_name\nu1,Countess of Lovelace,Ada,King\n"

    importer.run("customers", [a_file(tmp_path, text)], "contract", accept=True)

    assert names(importer) == ["Countess of Lovelace"]


def test_the_buyer_of_an_order_has_their_whole_name(importer: Importer, tmp_path: Path) -> None:
    importer.run("orders", [a_file(tmp_path, ORDER.format(who="Ada,Lovelace"))], "contract", accept=True)

    assert names(importer) == ["Ada Lovelace"]


def test_a_currency_that_no_column_says_is_told_and_can_be_chosen(importer: Importer, tmp_path: Path) -> None:
    path = a_file(tmp_path, PRICED.format(more="", said=""))

    profile = importer.profile(path, "products")
    report = importer.run("products", [path], accept=True, currency="usd")

    assert profile.assumed_currency == "CNY"
    assert "amounts are taken as CNY" in findings(profile)
    assert report.figures["currency_assumed"] == "USD"
    offers = Catalogue(db=importer.db, clock=importer.clock).offers(["A1"])
    assert [(one.currency, one.price_minor) for one in offers] == [("USD", 950)]


def test_a_currency_that_a_column_says_is_not_assumed(importer: Importer, tmp_path: Path) -> None:
    path = a_file(tmp_path, PRICED.format(more=",Currency", said=",EUR"))

    profile = importer.profile(path, "products")
    report = importer.run("products", [path], accept=True, currency="USD")

    assert profile.assumed_currency == ""
    assert "currency_assumed" not in report.figures
    assert [one.currency for one in Catalogue(db=importer.db, clock=importer.clock).offers(["A1"])] == ["EUR"]


def test_an_order_is_in_the_currency_that_was_chosen(importer: Importer, tmp_path: Path) -> None:
    importer.run("orders", [a_file(tmp_path, ORDER.format(who=","))], "contract", accept=True, currency="EUR")

    orders = Orders(db=importer.db, clock=importer.clock).orders(purpose=Purpose.SERVICE)
    assert [one.currency for one in orders] == ["EUR"]


def test_what_is_no_currency_is_refused(importer: Importer, tmp_path: Path) -> None:
    with pytest.raises(BadMap, match="no currency of ISO 4217"):
        importer.run("products", [a_file(tmp_path, PRICED.format(more="", said=""))], accept=True, currency="XXQ")
