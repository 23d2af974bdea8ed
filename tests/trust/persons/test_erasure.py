"""A shopper leaves 28 kinds of marks through every door and is erased; then every byte of the shop is searched."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.app.builders import an_installation
from tests.trust.persons.planting import (
    MARKS,
    NOW,
    OTHER,
    SHOP,
    everything_is_left,
    opened,
    places_in,
    places_of,
)

from zhanggui.app.build import job_runner
from zhanggui.app.rooms import Rooms
from zhanggui.kernel.jobs import JobState, jobs_in
from zhanggui.kernel.privacy import Purpose
from zhanggui.kernel.settings import Settings
from zhanggui.trust.errors import UnknownPerson
from zhanggui.trust.service.persons.receipts import is_genuine
from zhanggui.trust.types.persons import Ground, Receipt

ME = MARKS["customer id"]


def clean(settings: Settings) -> None:
    runner = job_runner(SHOP, settings, "test", clock=lambda: NOW)
    runner.drain()
    runner.db.close()


@dataclass(frozen=True)
class Erased:
    """A shop as it was, and after an erasure."""

    settings: Settings
    rooms: Rooms
    before: list[tuple[str, str]]
    document: dict[str, Any]
    other_before: dict[str, Any]
    receipt: Receipt

    @property
    def folder(self) -> Path:
        return self.rooms.folder


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Erased]:
    settings = an_installation(tmp_path_factory.mktemp("erasure"), clock=lambda: NOW)
    with opened(settings) as rooms:
        everything_is_left(rooms, settings, tmp_path_factory.mktemp("files"))
        before = list(places_of(rooms.folder, MARKS))
        document = rooms.persons.export(customer_id=ME, actor="user:li")
        other = rooms.persons.export(customer_id=OTHER, actor="user:li")
        receipt = rooms.persons.erase(customer_id=ME, actor="user:li", ground=Ground.ASKED)
        clean(settings)
        yield Erased(settings, rooms, before, document, other, receipt)


def test_every_trail_was_cleaned_to_its_end(shop: Erased) -> None:
    with shop.rooms.db.read() as db:
        assert [job.error for job in jobs_in(db, [JobState.DEAD, JobState.WAITING]) if job.error] == []
    assert shop.rooms.persons.receipt(shop.receipt.id).state == "done"


def test_no_byte_of_the_shop_holds_a_mark(shop: Erased) -> None:
    sealed = {"address", "platform id"}  # the others stand in somebody's notes too
    assert {name for name, _ in shop.before} | sealed == set(MARKS)

    assert list(places_of(shop.settings.home, MARKS)) == []


def test_the_export_was_whole(shop: Erased) -> None:
    document = json.dumps(shop.document, ensure_ascii=False)
    by_others = {"picture", "refused row", "upload", "exported list", "file of talks"}  # in files, under no number

    assert {name for name, mark in MARKS.items() if mark not in document} == by_others


def test_of_other_people_nothing_is_lost_or_changed(shop: Erased) -> None:
    after = shop.rooms.persons.export(customer_id=OTHER, actor="user:li")
    own_ledger = shop.other_before.pop("trust"), after.pop("trust")

    assert {**after, "made_at": ""} == {**shop.other_before, "made_at": ""}
    assert own_ledger[1]["consents"] == own_ledger[0]["consents"]
    assert own_ledger[1]["ledger"][: len(own_ledger[0]["ledger"])] == own_ledger[0]["ledger"]
    assert after["behaviour"]["events"]
    asked = {one.id: one for one in shop.rooms.words.questions(product_id="puer", purpose=Purpose.SERVICE)}
    question = asked["q3"]
    assert (question.text, [answer.text for answer in question.answers]) == ("", ["当然可以"])
    assert [answer.customer_id for answer in asked["q2"].answers] == [OTHER]


def test_orders_stay_for_the_books_with_nobody_in_them(shop: Erased) -> None:
    order = shop.rooms.orders.order("order-1", Purpose.SERVICE)

    assert (order.customer_id, order.visitor_id, order.province, order.shipments) == (None, None, "", ())
    assert [(line.product_id, line.quantity, line.unit_price_minor) for line in order.lines] == [("longjing", 2, 9900)]
    [back] = [one for one in shop.rooms.orders.returns(purpose=Purpose.SERVICE) if one.id == "return-1"]
    assert (back.customer_id, back.reason, len(back.lines)) == (None, "", 1)


def test_the_receipt_is_signed_counts_and_names_nobody(shop: Erased) -> None:
    receipt = shop.rooms.persons.receipt(shop.receipt.id)

    assert is_genuine(receipt)
    assert not is_genuine(msgspec.structs.replace(receipt, persons=receipt.persons + 1))
    assert receipt.persons == 2
    assert receipt.rows["customers"] == receipt.rows["orders"] == receipt.rows["reviews"] == 1
    assert {"archive", "imports", "texts", "files", "pictures"} <= receipt.trails.keys()
    assert receipt.backups_until == receipt.at + timedelta(days=30)
    assert list(places_in(msgspec.json.encode(receipt))) == []


def test_the_ledger_still_verifies_and_says_what_went(shop: Erased) -> None:
    report = shop.rooms.ledger.verify()

    assert report.is_intact
    assert report.erased
    [entry] = shop.rooms.ledger.entries(kind="person.erased").items
    assert entry.seq == shop.receipt.entry


def test_erasing_twice_gives_the_first_receipt(shop: Erased) -> None:
    again = shop.rooms.persons.erase(customer_id=ME, actor="user:li", ground=Ground.UNLAWFUL)

    assert (again.id, again.ground) == (shop.receipt.id, Ground.ASKED)
    by_browser = shop.rooms.persons.erase(visitor_id=MARKS["visitor id"], actor="user:li", ground=Ground.UNLAWFUL)
    assert by_browser.id == shop.receipt.id


def test_nobody_is_given_or_erased_who_was_never_here(shop: Erased) -> None:
    with pytest.raises(UnknownPerson):
        shop.rooms.persons.erase(customer_id="nobody", actor="user:li", ground=Ground.ASKED)
    with pytest.raises(UnknownPerson):
        shop.rooms.persons.export(customer_id=ME, actor="user:li")
