"""Whoever was erased stays away: from old files, restored exports, programs and late events, until they come back."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.app.builders import an_installation
from tests.trust.persons.planting import CONTRACT, MARKS, NOW, OTHER, everything_is_left, opened

from zhanggui.app.rooms import Rooms
from zhanggui.kernel.privacy import Purpose
from zhanggui.recommend import ShowLess
from zhanggui.shop import Customer, Event, EventName, Identifiers, Order, OrderLine, Review
from zhanggui.shop.errors import PersonErased
from zhanggui.trust.errors import UnknownPerson
from zhanggui.trust.types.persons import Ground

ME, BROWSER = MARKS["customer id"], MARKS["visitor id"]
LINE = OrderLine(id="1", product_id="longjing", quantity=1, unit_price_minor=100)


@pytest.fixture(scope="module")
def rooms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rooms]:
    """A shop whose person was erased after a whole export, which was then taken in again."""
    settings = an_installation(tmp_path_factory.mktemp("returning"), clock=lambda: NOW)
    exported = tmp_path_factory.mktemp("export")
    with opened(settings) as rooms:
        everything_is_left(rooms, settings, tmp_path_factory.mktemp("files"))
        rooms.exporter.export("all", exported)
        rooms.persons.erase(customer_id=ME, actor="user:li", ground=Ground.ASKED)
        rooms.restorer.restore(exported)
        yield rooms


def is_known(rooms: Rooms, *, customer_id: str | None = None, visitor_id: str | None = None) -> bool:
    with contextlib.suppress(UnknownPerson):
        rooms.persons.export(customer_id=customer_id, visitor_id=visitor_id, actor="user:li")
        return True
    return False


def test_a_restored_export_brings_nobody_back(rooms: Rooms) -> None:
    assert not is_known(rooms, customer_id=ME)
    assert not is_known(rooms, visitor_id=BROWSER)
    assert is_known(rooms, customer_id=OTHER)
    assert rooms.orders.order("order-1", Purpose.SERVICE).customer_id is None
    assert [one.id for one in rooms.words.reviews(purpose=Purpose.SERVICE)] == ["r2"]


def test_an_old_file_brings_nobody_back(rooms: Rooms, tmp_path: Path) -> None:
    people, orders = tmp_path / "customers.csv", tmp_path / "orders.csv"
    people.write_text(
        f"id,name,phone\n{ME},王,{MARKS['phone']}\nc-new-id,王,+86 {MARKS['phone']}\nc-3,周,\n",
        "utf-8",
    )
    orders.write_text(
        f"order_id,customer_id,at,product_id,quantity,price\nold-9,{ME},2026-05-01,longjing,1,99\n", "utf-8"
    )
    rooms.importer.run("customers", [people], "contract", accept=True)
    rooms.importer.run("orders", [orders], "contract", accept=True)

    assert not is_known(rooms, customer_id=ME)
    assert not is_known(rooms, customer_id="c-new-id")
    assert is_known(rooms, customer_id="c-3")
    order = rooms.orders.order("old-9", Purpose.SERVICE)
    assert (order.customer_id, len(order.lines)) == (None, 1)


def test_a_program_that_puts_them_again_brings_nobody_back(rooms: Rooms) -> None:
    rooms.people.put_customers([Customer(id=ME, identifiers=Identifiers(name="x"))], CONTRACT)
    rooms.orders.put_orders([Order(id="n1", customer_id=ME, at=NOW, province="广东", lines=(LINE,))], CONTRACT)
    rooms.words.put_reviews([Review(id="n2", product_id="puer", customer_id=ME, text="back", at=NOW)])

    assert not is_known(rooms, customer_id=ME)
    assert rooms.orders.order("n1", Purpose.SERVICE).province == ""
    assert "n2" not in {one.id for one in rooms.words.reviews(purpose=Purpose.SERVICE)}


def test_a_late_event_is_taken_and_thrown_away(rooms: Rooms) -> None:
    late = [
        Event(id="late-1", name=EventName.VIEW_ITEM, visitor_id=BROWSER, product_id="puer"),
        Event(id="late-2", name=EventName.IDENTIFY, visitor_id="v-fresh", customer_id=ME),
        Event(id="late-3", name=EventName.VIEW_ITEM, visitor_id="v-fresh", product_id="puer"),
    ]

    receipt = rooms.events.accept(late)

    assert (receipt.accepted, receipt.refused) == (3, ())
    assert not is_known(rooms, visitor_id=BROWSER)
    document = rooms.persons.export(visitor_id="v-fresh", actor="user:li")
    assert [event["name"] for event in document["behaviour"]["events"]] == ["view_item"]


def test_a_login_and_a_wish_under_an_old_id_are_refused(rooms: Rooms) -> None:
    with pytest.raises(PersonErased):
        rooms.people.identify("v-fresh", ME)
    with pytest.raises(PersonErased):
        rooms.recommend.show_less(ShowLess(product_id="puer", visitor_id=BROWSER))


def test_a_customer_who_comes_back_is_taken_in_again_when_the_shop_says_so(rooms: Rooms) -> None:
    rooms.persons.readmit(ME, phone=MARKS["phone"], email=MARKS["e-mail"], actor="user:li")

    rooms.people.put_customers([Customer(id=ME, identifiers=Identifiers(phone=MARKS["phone"]))], CONTRACT)

    document = rooms.persons.export(customer_id=ME, actor="user:li")
    assert document["person"]["customers"][0]["identifiers"] == {"phone": MARKS["phone"]}
    assert "events" not in document["behaviour"] or not document["behaviour"]["events"]
    with pytest.raises(UnknownPerson):
        rooms.persons.readmit("nobody", actor="user:li")
