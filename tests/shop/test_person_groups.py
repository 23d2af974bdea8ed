"""Groups of customers by what their own events say."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from tests.shop.builders import CONTRACT, NOON, a_product, at_noon, some_people
from tests.shop.events.builders import an_event

from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Channel, Purpose
from zhanggui.shop import Catalogue, Customer, EventContext
from zhanggui.shop.service.day_files import DayFiles
from zhanggui.shop.service.events import Events
from zhanggui.shop.service.history import History
from zhanggui.shop.service.person_groups import PersonGroups
from zhanggui.shop.tables.people import CUSTOMER, person_numbers


class Everybody:
    """A gate that nobody has closed."""

    def allows(self, person: int, purpose: Purpose) -> bool:
        return True

    def allowed_among(self, persons: Collection[int], purpose: Purpose) -> set[int]:
        return set(persons)

    def allowed_through(self, persons: Collection[int], purpose: Purpose, channel: Channel) -> set[int]:
        return set(persons)


def test_a_person_s_device_is_what_most_of_their_events_came_from_whatever_the_channel(
    sqlite: Database, tmp_path: Path
) -> None:
    Catalogue(db=sqlite, clock=at_noon).put_products([a_product()])
    some_people(sqlite).put_customers([Customer(id="li"), Customer(id="wang")], CONTRACT)
    told = [("li", "phone"), ("li", "phone"), ("li", "desktop"), ("wang", "")]
    Events(sqlite, at_noon).accept(
        [
            an_event(visitor_id=None, customer_id=who, at=NOON, context=EventContext(channel="web", device=device))
            for who, device in told
        ]
    )
    history = History(db=sqlite, files=DayFiles(tmp_path), gate=Everybody())

    found = PersonGroups(db=sqlite, clock=at_noon, gate=Everybody(), history=history).labels(Purpose.ANALYTICS)

    with sqlite.read() as db:
        numbers = person_numbers(db, CUSTOMER, ["li", "wang"], create=False)
    assert found["device"] == {numbers["li"]: "phone"}
