"""What imported events do beyond being stored: logins link, purchases count once."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.conftest import FixedClock
from tests.shop.importing.builders import a_file, an_importer, counted, json_lines

from zhanggui.kernel.cipher import SubjectCipher
from zhanggui.kernel.db import Database
from zhanggui.shop import Event, EventName, People
from zhanggui.shop.service.events import Events
from zhanggui.shop.service.importing import Importer
from zhanggui.shop.types import Subject

LOGIN = "name,at,customer_id,visitor_id\nidentify,2026-01-05,{customer},v1\n"


@pytest.fixture
def importer(sqlite: Database, tmp_path: Path, clock: FixedClock) -> Importer:
    return an_importer(sqlite, tmp_path, clock)


def the_subject(importer: Importer, customer_id: str | None = None, visitor_id: str | None = None) -> Subject | None:
    people = People(db=importer.db, clock=importer.clock, cipher=SubjectCipher(bytes(32)))
    with importer.db.read() as db:
        return people.subject(db, customer_id, visitor_id)


def test_an_imported_login_links_visitor_and_customer(importer: Importer, tmp_path: Path) -> None:
    path = a_file(tmp_path, LOGIN.format(customer="u1"))

    importer.run("events", [path], "contract")
    importer.run("events", [path], "contract")

    subject = the_subject(importer, visitor_id="v1")
    assert subject is not None
    assert subject == the_subject(importer, customer_id="u1")
    assert len(subject.numbers) == 2
    assert counted(importer.db, "person_links") == 1


def test_a_login_of_long_ago_does_not_take_a_visitor_from_its_newer_customer(
    importer: Importer, tmp_path: Path, clock: FixedClock
) -> None:
    now = Event(id="e1", name=EventName.IDENTIFY, at=clock(), customer_id="u2", visitor_id="v1")
    Events(importer.db, clock).accept([now])

    importer.run("events", [a_file(tmp_path, LOGIN.format(customer="u1"))], "contract")

    assert the_subject(importer, visitor_id="v1") == the_subject(importer, customer_id="u2")


def test_logins_of_one_file_count_by_their_moment(importer: Importer, tmp_path: Path) -> None:
    late = {"id": "e2", "name": "identify", "at": datetime(2026, 1, 9, tzinfo=UTC).isoformat()}
    early = {"id": "e1", "name": "identify", "at": datetime(2026, 1, 5, tzinfo=UTC).isoformat()}
    rows = [{**late, "customer_id": "u2", "visitor_id": "v1"}, {**early, "customer_id": "u1", "visitor_id": "v1"}]

    importer.run("events", [a_file(tmp_path, json_lines(rows), "e.jsonl")], "contract")

    assert the_subject(importer, visitor_id="v1") == the_subject(importer, customer_id="u2")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("e.csv", "name,at,visitor_id,customer_id\nidentify,2026-01-05,v1,\nview_item,2026-01-05,,\n"),
        (
            "e.jsonl",
            json_lines([{"id": "1", "name": "identify", "visitor_id": "v1"}, {"id": "2", "name": "view_item"}]),
        ),
    ],
)
def test_events_that_name_too_few_are_rejected(importer: Importer, tmp_path: Path, name: str, text: str) -> None:
    report = importer.run("events", [a_file(tmp_path, text, name)], "contract")

    assert (report.created, report.rejected) == (0, 2)
