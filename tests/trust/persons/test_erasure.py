"""A shopper leaves 26 kinds of marks through every door and is erased; then every byte of the shop is searched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.app.builders import an_installation
from tests.trust.persons.planting import (
    MARKS,
    NOW,
    OTHER,
    SHOP,
    everything_is_left,
    opened,
    places_of,
)

from zhanggui.app.build import job_runner
from zhanggui.app.rooms import Rooms
from zhanggui.kernel.jobs import JobState, jobs_in
from zhanggui.kernel.settings import Settings
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
    document: dict[str, object]
    other_before: dict[str, object]
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
