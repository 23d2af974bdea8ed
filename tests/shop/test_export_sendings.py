"""What an export carries of what was sent to the shop and shown by it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conftest import a_store
from tests.shop.builders import NOON, a_catalogue, a_product, an_offer, at_noon, some_orders, some_people
from tests.shop.events.builders import an_event
from tests.shop.exporting import a_restorer, an_exporter
from tests.shop.importing.builders import a_file, an_importer

from zhanggui.kernel.clock import to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.ids import new_id
from zhanggui.kernel.privacy import Purpose
from zhanggui.shop import PutReport
from zhanggui.shop.exporters import AllocationPart, EventIdPart, ServedPart
from zhanggui.shop.service.checkout import Checkout
from zhanggui.shop.service.events import Events
from zhanggui.shop.service.naming import Naming
from zhanggui.shop.service.served_lists import ServedLists
from zhanggui.shop.tables.events import add_served
from zhanggui.shop.tables.people import VISITOR
from zhanggui.shop.types.accepting import ServedList
from zhanggui.shop.types.buying import OrderedUnits, PlaceOrder

PARTS = (EventIdPart(), ServedPart(names=Naming()))
VIEWS = "event_id,name,at,visitor_id,product_id\nf1,view_item,2020-01-05,v1,longjing\n"


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Database]:
    database = a_store(tmp_path / "other.db")
    yield database
    database.close()


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
def test_an_event_that_is_sent_again_after_a_move_is_a_duplicate(
    sqlite: Database, other: Database, tmp_path: Path, form: str
) -> None:
    sent = [an_event(at=NOON), an_event(id="timeless", at=None)]
    views = a_file(tmp_path, VIEWS)
    Events(sqlite, at_noon).accept(sent)
    an_importer(sqlite, tmp_path / "one", at_noon).run("events", [views], "contract")
    an_exporter(sqlite, parts=PARTS).export("event-ids", tmp_path / "out", form)

    report = a_restorer(other, parts=PARTS).restore(tmp_path / "out")
    again = a_restorer(other, parts=PARTS).restore(tmp_path / "out")

    assert report == {"event-ids": PutReport(created=3)}
    assert again == {"event-ids": PutReport(unchanged=3)}
    assert Events(other, at_noon).accept(sent).duplicates == 2
    assert an_importer(other, tmp_path / "two", at_noon).run("events", [views], "contract").unchanged == 1


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
def test_what_an_order_holds_of_the_stock_moves_with_it(
    sqlite: Database, other: Database, tmp_path: Path, form: str
) -> None:
    a_catalogue(sqlite).put_products([a_product("longjing")])
    a_catalogue(sqlite).put_offers([an_offer("longjing", on_hand=5)])
    line = OrderedUnits(product_id="longjing", quantity=2, unit_price_minor=8800)
    Checkout(db=sqlite, clock=at_noon).place(PlaceOrder(id="o1", visitor_id="v1", lines=(line, line)))
    an_exporter(sqlite, parts=(AllocationPart(),)).export("all", tmp_path / "out", form)

    reports = [a_restorer(other, parts=(AllocationPart(),)).restore(tmp_path / "out") for _ in range(2)]
    some_orders(other).cancel("o1")

    assert [report["allocations"] for report in reports] == [PutReport(created=2), PutReport(unchanged=2)]
    assert [offer.allocated for offer in a_catalogue(other).offers(["longjing"])] == [0]


def test_ids_are_exported_in_one_order_page_by_page(
    sqlite: Database, other: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    Events(sqlite, at_noon).accept([an_event(id=f"e{n}", at=NOON) for n in range(7)])
    monkeypatch.setattr("zhanggui.shop.exporters.sendings.PAGE", 3)
    with sqlite.read() as db:
        pages = list(EventIdPart().rows(db))

    for page in reversed(pages):
        other.write(lambda db, rows=page: EventIdPart().restore(db, rows, 0))

    assert [len(page) for page in pages] == [3, 3, 1]
    with other.read() as db:
        assert list(EventIdPart().rows(db)) == pages


def test_lists_that_were_shown_go_along(sqlite: Database, other: Database, tmp_path: Path) -> None:
    a_catalogue(sqlite).put_products([a_product("longjing"), a_product("biluochun")])
    ids = [new_id(), new_id()]

    def show(db: object) -> None:
        visitor = some_people(sqlite).numbers(db, visitor_ids=["v1"], create=True)[VISITOR, "v1"]  # type: ignore[arg-type]
        shown = {"surface": "home", "at_ms": to_ms(NOON), "products": (2, 1)}
        known = ServedList(id=ids[0], person=visitor, propensities=(0.1, 0.3), model="m1", **shown)  # type: ignore[arg-type]
        add_served(db, [known, ServedList(id=ids[1], person=0, **shown)])  # type: ignore[arg-type]

    sqlite.write(show)
    an_exporter(sqlite, parts=PARTS).export("served-lists", tmp_path / "out")
    a_restorer(other, parts=PARTS).restore(tmp_path / "out")
    report = a_restorer(other, parts=PARTS).restore(tmp_path / "out")
    an_exporter(other, parts=PARTS).export("served-lists", tmp_path / "again")

    theirs = ServedLists(other).served(ids[0], purpose=Purpose.SERVICE)
    assert theirs is not None
    assert (theirs.model, len(theirs.products)) == ("m1", 2)
    assert report == {"served-lists": PutReport(unchanged=2)}
    exported = (tmp_path / "out" / "served-lists.jsonl").read_bytes()
    assert (tmp_path / "again" / "served-lists.jsonl").read_bytes() == exported
    assert exported.count(b'"visitor_id":"v1"') == 1


def test_ids_go_from_one_kind_of_store_to_the_other(sqlite: Database, postgresql: Database, tmp_path: Path) -> None:
    Events(sqlite, at_noon).accept([an_event(id=f"e{n}", at=NOON) for n in range(5)])
    an_exporter(sqlite, parts=PARTS).export("event-ids", tmp_path / "out")

    a_restorer(postgresql, parts=PARTS).restore(tmp_path / "out")
    an_exporter(postgresql, parts=PARTS).export("event-ids", tmp_path / "again")

    assert (tmp_path / "again" / "event-ids.jsonl").read_bytes() == (tmp_path / "out" / "event-ids.jsonl").read_bytes()
