"""A backup of before an erasure brings nobody back: keys, and who was erased, are put back from the newest copy."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from tests.app.builders import an_installation
from tests.trust.persons.planting import CONTRACT, NOW, SHOP, opened, places_of

from zhanggui.app.backups import make_backup, restore
from zhanggui.app.build import job_runner
from zhanggui.shop import Customer, Event, EventName, Identifiers, Product, ProductText, Review
from zhanggui.trust.errors import UnknownPerson
from zhanggui.trust.types.persons import Ground

MARKS = {"id": "c-mark-restored", "review": "MARK-OLD-REVIEW", "event": "MARK-OLD-EVENT", "browser": "v-mark-restored"}
ME = MARKS["id"]


def test_whoever_was_erased_after_a_backup_is_erased_again_when_it_is_put_back(tmp_path: Path) -> None:
    settings = an_installation(tmp_path, clock=lambda: NOW)
    with opened(settings) as rooms:
        rooms.catalogue.put_products([Product(id="puer", texts={"zh": ProductText(title="普洱")})])
        rooms.people.put_customers([Customer(id=ME, identifiers=Identifiers(phone="13912345071"))], CONTRACT)
        rooms.words.put_reviews([Review(id="r1", product_id="puer", customer_id=ME, text=MARKS["review"], at=NOW)])
        extra = {"note": MARKS["event"]}
        rooms.events.accept([Event(id="e1", name=EventName.SEARCH, visitor_id=MARKS["browser"], extra=extra)])
        rooms.people.identify(MARKS["browser"], ME)
    old = make_backup(settings, tmp_path / "kept", lambda: NOW, keep=9).name
    with opened(settings) as rooms:
        receipt = rooms.persons.erase(customer_id=ME, actor="user:li", ground=Ground.ASKED)
        rooms.people.put_customers([Customer(id="later")], CONTRACT)
    make_backup(settings, tmp_path / "kept", lambda: NOW + timedelta(days=1), keep=9)
    settings.home.rename(tmp_path / "lost")

    restore(settings, tmp_path / "kept", old)
    runner = job_runner(SHOP, settings, "test", clock=lambda: NOW + timedelta(days=2))
    runner.drain()
    runner.db.close()

    assert list(places_of(settings.home, MARKS)) == []
    with opened(settings) as rooms:
        assert {one.ground for one in rooms.persons.receipts().items} == {Ground.ASKED, Ground.RESTORED}
        assert {one.state for one in rooms.persons.receipts().items} == {"done"}
        again = rooms.persons.erase(customer_id=ME, actor="user:li", ground=Ground.ASKED)
        assert again.id == receipt.id
        with pytest.raises(UnknownPerson):
            rooms.persons.export(customer_id=ME, actor="user:li")
        # Numbers that were given since the backup are not given to anybody else: their keys may be destroyed.
        rooms.people.put_customers([Customer(id="newest", identifiers=Identifiers(phone="13800000009"))], CONTRACT)
        rooms.persons.export(customer_id="newest", actor="user:li")
