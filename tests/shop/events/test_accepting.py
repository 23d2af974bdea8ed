"""What the events door takes, what it refuses, and that it counts each event once."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from tests.conftest import FixedClock
from tests.shop.events.builders import an_event, stored

from zhanggui.kernel.changes import announce
from zhanggui.kernel.clock import to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Purpose
from zhanggui.shop.engines.event_admission import read_extra
from zhanggui.shop.errors import BadEvents, EventRefused, EventTooOld, TooManyEvents
from zhanggui.shop.service.events import Events
from zhanggui.shop.tables.events import drop_some, id_tables
from zhanggui.shop.tables.links import customers_of
from zhanggui.shop.tables.people import CUSTOMER, VISITOR, person_numbers
from zhanggui.shop.types import EVENT_NUMBERS, EventName
from zhanggui.shop.types.accepting import EventReceipt


@pytest.fixture
def events(any_database: Database, clock: FixedClock) -> Events:
    return Events(any_database, clock)


def post(events: Events, body: bytes, **more: Any) -> EventReceipt:
    return asyncio.run(events.accept_batch(body, **more))


def test_an_event_is_stored_with_the_numbers_of_its_person_and_product(
    events: Events, any_database: Database, clock: FixedClock
) -> None:
    receipt = events.accept([an_event(value_minor=1990, quantity=2)])

    assert receipt == EventReceipt(1, 0)
    assert stored(any_database, "person, product, kind, at_ms, quantity, value_minor, extra") == [
        (1, 1, 0, to_ms(clock.now), 2, 1990, None)
    ]


def test_the_same_id_counts_once_within_a_call_and_between_calls(events: Events, any_database: Database) -> None:
    event = an_event()

    receipts = [events.accept([event, event]), events.accept([event, an_event()])]

    assert [(r.accepted, r.duplicates) for r in receipts] == [(1, 1), (1, 1)]
    assert len(stored(any_database)) == 2


def test_an_event_without_a_moment_counts_once_when_it_is_sent_again_after_midnight(
    events: Events, any_database: Database, clock: FixedClock
) -> None:
    event = an_event()
    clock.advance(hours=22)  # 23:59 of the first day

    events.accept([event])
    clock.advance(minutes=5)

    assert events.accept([event]).duplicates == 1
    assert len(stored(any_database)) == 1


def test_a_fast_clock_within_bounds_counts_as_now_and_its_repeat_as_a_repeat(
    events: Events, any_database: Database, clock: FixedClock
) -> None:
    clock.advance(hours=21, minutes=55)  # five minutes before midnight
    event = an_event(at=clock.now + timedelta(minutes=8))  # which is tomorrow already

    events.accept([event])
    arrived = clock.now
    clock.advance(minutes=20)

    assert events.accept([event]).duplicates == 1
    assert [row[3] for row in stored(any_database)] == [to_ms(arrived)]


def test_what_does_not_fit_is_refused_by_place_and_stops_no_other(events: Events, clock: FixedClock) -> None:
    receipt = events.accept(
        [
            an_event(at=clock.now - timedelta(days=31)),
            an_event(),
            an_event(at=clock.now + timedelta(minutes=11)),
            an_event(visitor_id=None),
            an_event(name=EventName.DISMISS, product_id=None),
            an_event(name=EventName.IDENTIFY),
            an_event(rating=9),
            an_event(extra={"much": "x" * 20_000}),
            an_event(extra={"odd": {1j}}),
            an_event(at=clock.now.replace(tzinfo=None)),
        ]
    )

    assert receipt.accepted == 1
    assert [(one.index, one.code) for one in receipt.refused] == [
        (0, "shop.event_too_old"),
        (2, "shop.event_in_future"),
        (3, "shop.event_of_nobody"),
        (4, "shop.event_invalid"),
        (5, "shop.event_of_nobody"),
        (6, "shop.event_invalid"),
        (7, "shop.event_too_large"),
        (8, "shop.event_invalid"),
        (9, "shop.event_invalid"),
    ]
    assert "zhanggui import" in receipt.refused[0].hint


def test_late_and_out_of_order_events_keep_their_own_moment(
    events: Events, any_database: Database, clock: FixedClock
) -> None:
    moments = [clock.now - timedelta(days=days) for days in (1, 29, 3)]

    events.accept([an_event(at=moment) for moment in moments])

    assert [row[3] for row in stored(any_database)] == [to_ms(moment) for moment in moments]


def test_unknown_fields_are_kept(events: Events, any_database: Database) -> None:
    line = b'{"id":"a","name":"view_item","visitor_id":"v","colour":"red","context":{"surface":"home","mood":3}}'

    assert post(events, b"[" + line + b"]").accepted == 1

    ((extra,),) = stored(any_database, "extra")
    kept = read_extra(bytes(extra))
    assert kept.extra == {"colour": "red", "context": {"mood": 3}}
    assert kept.context.surface == "home"


def test_lines_and_arrays_are_both_read_and_one_broken_line_stops_no_other(events: Events) -> None:
    line = b'{"id":"%s","name":"search","visitor_id":"v"}'

    receipt = post(events, b"\n".join([line % b"a", b"{", line % b"b\\u0001", b"", line % b"c"]))

    assert (receipt.accepted, [one.index for one in receipt.refused]) == (2, [1, 2])
    assert post(events, b"[" + line % b"d" + b"]").accepted == 1
    with pytest.raises(BadEvents):
        post(events, b"[{]")


@pytest.mark.parametrize("character", [b"\\u0000", b"\\n", b"\x7f", b"\n"])
def test_control_characters_never_get_into_an_id(events: Events, character: bytes) -> None:
    body = b'[{"id":"a","name":"search","visitor_id":"v' + character + b'"}]'

    try:
        assert post(events, body).accepted == 0
    except BadEvents:
        assert character == b"\n"  # raw in a string it is no JSON at all


def test_one_event_that_does_not_fit_raises(events: Events, clock: FixedClock) -> None:
    old = msgspec.json.encode(an_event(at=clock.now - timedelta(days=31)))

    with pytest.raises(EventTooOld):
        asyncio.run(events.accept_one(old))
    with pytest.raises(EventRefused):
        asyncio.run(events.accept_one(b"[]"))


def test_more_than_five_thousand_are_refused_together(events: Events, any_database: Database) -> None:
    with pytest.raises(TooManyEvents):
        events.accept([an_event()] * 5001)
    assert stored(any_database) == []


def test_a_sender_bound_to_a_visitor_speaks_for_no_other(events: Events) -> None:
    body = msgspec.json.encode([an_event(), an_event(visitor_id="v2"), an_event(customer_id="c")])

    receipt = post(events, body, only_visitor="v1")

    assert (receipt.accepted, [one.index for one in receipt.refused]) == (1, [1, 2])


def test_identify_links_the_visitor_to_the_customer(events: Events, any_database: Database) -> None:
    events.accept([an_event(name=EventName.IDENTIFY, customer_id="u42", product_id=None)])

    with any_database.read() as db:
        visitor = person_numbers(db, VISITOR, ["v1"], create=False)["v1"]
        customer = person_numbers(db, CUSTOMER, ["u42"], create=False)["u42"]
        assert customers_of(db, [visitor])[visitor].customer == customer
    assert stored(any_database, "person, kind") == [(visitor, EVENT_NUMBERS[EventName.IDENTIFY])]


def test_a_number_made_in_a_write_that_failed_is_not_kept(
    events: Events, any_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError("the disk is gone")

    with monkeypatch.context() as broken:
        broken.setattr("zhanggui.shop.service.events.append_rows", fail)
        with pytest.raises(OSError, match="the disk is gone"):
            events.accept([an_event(visitor_id="lost", product_id="lost")])
    events.accept([an_event(visitor_id="other", product_id="other")])
    events.accept([an_event(visitor_id="lost", product_id="lost")])

    (other, lost) = stored(any_database, "person, product")
    assert other != lost
    with any_database.read() as db:
        assert person_numbers(db, VISITOR, ["lost"], create=False) == {"lost": lost[0]}


def test_a_person_who_was_erased_is_not_met_again_under_the_old_number(events: Events, any_database: Database) -> None:
    events.accept([an_event()])

    def erase(db: sa.Connection) -> None:
        db.exec_driver_sql("DELETE FROM persons")
        announce(db, "person", ["1"])

    any_database.write(erase)
    events.accept([an_event()])

    assert [row[0] for row in stored(any_database)] == [1, 2]


def test_id_tables_are_taken_down_by_the_piece(events: Events, any_database: Database, clock: FixedClock) -> None:
    events.accept([an_event(at=clock.now) for _ in range(5)])
    (name,) = (name for name in _tables(any_database) if name.endswith(f"{clock.now:%Y%m%d}"))

    steps = [any_database.write(lambda db: drop_some(db, name, 2)) for _ in range(3)]

    assert steps == [False, False, True]
    assert name not in _tables(any_database)


def _tables(db: Database) -> list[str]:
    with db.read() as connection:
        return id_tables(connection)


def test_arrivals_are_read_on_from_a_number_oldest_first(events: Events, any_database: Database) -> None:
    events.accept([an_event(id=f"e{n}", product_id=f"p{n}") for n in range(3)])

    with any_database.read() as db:
        first = events.arrivals(db, 0, 2, purpose=Purpose.SERVICE)
        rest = events.arrivals(db, int(first[0, -1]), 2, purpose=Purpose.SERVICE)
        none = events.arrivals(db, int(rest[0, -1]), 2, purpose=Purpose.SERVICE)

    assert (first.shape, rest.shape, none.shape) == ((4, 2), (4, 1), (4, 0))
    seqs = [*first[0].tolist(), *rest[0].tolist()]
    assert seqs == sorted(set(seqs))
    assert set(first[2]) == {EVENT_NUMBERS[EventName.VIEW_ITEM]}


def test_an_invitation_is_taken_to_the_shop_and_to_a_product(events: Events, any_database: Database) -> None:
    bare = b'{"id": "i1", "name": "invite", "visitor_id": "v"}'
    named = b'{"id": "i2", "name": "invite", "visitor_id": "v", "product_id": "longjing"}'

    receipt = post(events, b"[" + bare + b"," + named + b"]")

    assert (receipt.accepted, receipt.refused) == (2, ())
    assert stored(any_database, "product, kind") == [(0, EVENT_NUMBERS[EventName.INVITE]), (1, 17)]
