"""What the tests of the export share."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.shop.builders import (
    CONTRACT,
    MASTER_KEY,
    a_catalogue,
    at_noon,
    some_orders,
    some_people,
)
from tests.shop.events.builders import an_archive

from zhanggui.kernel.cipher import SubjectCipher
from zhanggui.kernel.db import Database
from zhanggui.shop import Exporter, PutReport, Restorer
from zhanggui.shop.service.day_files import DayFiles
from zhanggui.shop.service.events import Events
from zhanggui.shop.service.past_rows import PastRows

CIPHER = SubjectCipher(MASTER_KEY)


def an_exporter(db: Database, **more: Any) -> Exporter:
    return Exporter(db=db, cipher=CIPHER, **more)


def a_restorer(db: Database, **more: Any) -> Restorer:
    return Restorer(db=db, clock=at_noon, cipher=CIPHER, **more)


def the_lines(folder: Path) -> dict[str, list[bytes]]:
    """The lines of each file in a fixed order: offers of products that never came stand elsewhere in a new shop."""
    return {path.name: sorted(path.read_bytes().splitlines()) for path in folder.iterdir()}


class TheShop:
    """A store with its folder of events."""

    def __init__(self, db: Database, folder: Path) -> None:
        self.db, self.folder, self.past = db, folder, PastRows(files=DayFiles(folder / "events"))

    def archive(self) -> None:
        an_archive(self.db, at_noon, self.folder / "events").archive_closed_days()

    def export(self, name: str = "out", form: str = "jsonl") -> Path:
        an_exporter(self.db, past=self.past).export("all", self.folder / name, form)
        return self.folder / name

    def restore(self, folder: Path, **more: Any) -> dict[str, PutReport]:
        return a_restorer(more.pop("db", self.db), past=self.past, **more).restore(folder)


def the_bytes(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def do(shop: TheShop, doings: Sequence[Any]) -> None:
    """Do one after the other, as it happens in a shop: orders change, and products come after what names them."""
    events, orders, catalogue, people = (
        Events(shop.db, at_noon),
        some_orders(shop.db),
        a_catalogue(shop.db),
        some_people(shop.db),
    )
    put = {
        "Event": lambda one: events.accept([one]),
        "Order": lambda one: orders.put_orders([one], CONTRACT),
        "Return": lambda one: orders.put_returns([one], CONTRACT),
        "Offer": lambda one: catalogue.put_offers([one]),
        "Product": lambda one: catalogue.put_products([one]),
        "Customer": lambda one: people.put_customers([one], CONTRACT),
    }
    for one in doings:
        put[type(one).__name__](one)
