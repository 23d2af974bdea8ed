"""What is counted, compared and told once a day, and who has seen to it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from tests.conftest import FixedClock

from zhanggui.kernel.db import Database
from zhanggui.kernel.errors import Unavailable
from zhanggui.trust import Ledger
from zhanggui.trust.errors import AlertNotSent, UnknownAlert
from zhanggui.trust.service.watch import Watch
from zhanggui.trust.tables import watch as tables
from zhanggui.trust.tables.ledger import ledger_payloads
from zhanggui.trust.types.watch import Alert, AlertKind, Departure, WatchLimits


class Channel:
    def __init__(self, *, refuses: bool = False) -> None:
        self.sent: list[Alert] = []
        self.refuses = refuses

    def send(self, alerts: Sequence[Alert], key: str) -> None:
        if self.refuses:
            raise Unavailable(f"busy {key}")
        self.sent += alerts


DRIFT = Departure(kind=AlertKind.MODEL, subject="clicks", seen=5.0, usual=None, most=3.0)


def a_watch(db: Database, clock: FixedClock, channel: Channel | None = None, *drifts: Departure) -> Watch:
    return Watch(
        db=db,
        clock=clock,
        today=lambda: clock().date(),
        ledger=Ledger(db=db, clock=clock, entropy=lambda n: bytes(n), shop="teahouse"),
        limits=WatchLimits(),
        departures=(lambda: drifts,),
        channels=() if channel is None else (channel,),
    )


def read_by(watch: Watch, actor: str, times: int) -> None:
    day = watch._day()
    watch.db.write(lambda db: [tables.add_count(db, AlertKind.READING, actor, day) for _ in range(times)])


def test_who_reads_far_more_than_usual_is_told_once_that_day(any_database: Database, clock: FixedClock) -> None:
    watch = a_watch(any_database, clock)
    for _ in range(10):
        read_by(watch, "user:li", 12)
        assert watch.look() == []
        clock.advance(days=1)
    read_by(watch, "user:li", 100)
    read_by(watch, "user:wang", 12)

    (alert,) = watch.look()

    assert (alert.kind, alert.subject, alert.seen, alert.usual) == (AlertKind.READING, "user:li", 100, 12)
    assert watch.look() == []
    clock.advance(days=1)
    read_by(watch, "user:li", 100)
    assert len(watch.look()) == 1


def test_an_act_that_is_counted_is_compared(sqlite: Database, clock: FixedClock) -> None:
    watch = a_watch(sqlite, clock)
    for _ in range(7):
        watch.count(AlertKind.EXPORT, "key:k1")
    sqlite.write(lambda _: None)  # what was submitted before is committed by now

    assert [(one.kind, one.seen) for one in watch.look()] == [(AlertKind.EXPORT, 7)]


def test_a_ledger_that_was_changed_is_told(sqlite: Database, clock: FixedClock) -> None:
    watch = a_watch(sqlite, clock)
    sqlite.write(lambda db: watch.ledger.append(db, "autonomy.level", {"kind": "x"}))
    sqlite.write(lambda db: db.execute(ledger_payloads.update().values(payload=b"{}")))

    assert [one.kind for one in watch.look()] == [AlertKind.LEDGER]


def test_what_other_rooms_find_is_told_once_a_day_and_stands_in_the_ledger(sqlite: Database, clock: FixedClock) -> None:
    watch = a_watch(sqlite, clock, None, DRIFT)

    assert [(one.subject, one.usual) for one in watch.look()] == [("clicks", None)]
    assert [one.usual for one in watch.alerts()] == [None]
    assert watch.look() == []
    assert [entry.kind for entry in watch.ledger.entries().items] == ["watch.told"]


def test_alerts_go_out_by_their_channel_and_a_failure_is_said(sqlite: Database, clock: FixedClock) -> None:
    channel = Channel()
    watch = a_watch(sqlite, clock, channel, DRIFT)
    ids = [one.id for one in watch.look()]

    watch.send(ids, "key")
    channel.refuses = True

    assert [one.id for one in channel.sent] == ids
    with pytest.raises(AlertNotSent, match="busy"):
        watch.send(ids, "key")
    waiting = sqlite.peek("SELECT count(*) FROM jobs WHERE kind = 'trust.watch.tell'")
    assert waiting == (1,)


def test_an_alert_is_acknowledged_by_the_first_who_has_seen_to_it(any_database: Database, clock: FixedClock) -> None:
    watch = a_watch(any_database, clock, None, DRIFT)
    (alert,) = watch.look()

    watch.acknowledge(alert.id, "a new season", "user:li")
    clock.advance(timedelta(hours=1))
    seen = watch.acknowledge(alert.id, "mine", "user:wang")

    assert (seen.acknowledged_by, seen.note) == ("user:li", "a new season")
    assert watch.alerts(open_only=True) == []
    assert [entry.kind for entry in watch.ledger.entries().items] == ["watch.told", "watch.acknowledged"]
    with pytest.raises(UnknownAlert):
        watch.acknowledge("01J", "", "user:li")
