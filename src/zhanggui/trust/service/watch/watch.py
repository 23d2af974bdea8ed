"""Counts what may be too much, compares each day with its own history, and tells what departs.

Law: PIPL art. 51 (measures against leaks), art. 54 (regular audits); GDPR art. 32. Texts not read here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import msgspec
import sqlalchemy as sa
import structlog

from zhanggui.kernel.clock import Clock, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.errors import Unavailable
from zhanggui.kernel.ids import new_id
from zhanggui.kernel.jobs import enqueue
from zhanggui.trust.engines.watch.robust import judge
from zhanggui.trust.errors import AlertNotSent, UnknownAlert
from zhanggui.trust.service.ledger import Ledger
from zhanggui.trust.tables import watch as tables
from zhanggui.trust.types.watch import Alert, AlertKind, Departure, Series, WatchLimits

log = structlog.get_logger(__name__)
HISTORY_DAYS = 28
TELL_KIND = "trust.watch.tell"
EPOCH = date(1970, 1, 1)

Measure = Callable[[date], Iterable[tuple[AlertKind, str, float]]]
"""What a day held: kind, subject and value; for what nobody counts as it happens."""
Histories = Callable[[], Iterable[Series]]
"""What keeps its own history by day, such as sales."""
Departures = Callable[[], Iterable[Departure]]
"""What another room has found to depart by its own rules: drift of data and models, uneven treatment."""


class AlertChannel(Protocol):
    """A way out for alerts, beside the log and the console."""

    def send(self, alerts: Sequence[Alert], key: str) -> None:
        """Send alerts; `key` is the same for each try.

        Raises:
            Unavailable: the other side did not take them.
        """


class TellAlerts(msgspec.Struct, frozen=True):
    """Send the alerts of these ids."""

    ids: tuple[str, ...]


class AlertTold(msgspec.Struct, frozen=True, kw_only=True):
    """The ledger's word of an alert, and of whoever has seen to it."""

    subject: str
    about: str
    what: str
    day: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """The watch of one shop.

    Args:
        today: the shop's day.
        measures: what is measured at each look.
        histories: what another room keeps by day.
        departures: what other rooms have found; asked in the first look of a day.
        channels: ways out beside the log and the console.
    """

    db: Database
    clock: Clock
    today: Callable[[], date]
    ledger: Ledger
    limits: WatchLimits
    measures: tuple[Measure, ...] = ()
    histories: tuple[Histories, ...] = ()
    departures: tuple[Departures, ...] = ()
    channels: tuple[AlertChannel, ...] = ()

    def count(self, kind: AlertKind, subject: str) -> None:
        """Count one act; nobody waits for it."""
        day = self._day()
        self.db.submit(lambda db: tables.add_count(db, kind, subject, day))

    def look(self) -> list[Alert]:
        """Measure, compare, and tell what was not told today; the first look of a day walks the ledger too."""
        day, is_first = self._day(), self._is_first()
        found: list[Departure] = []
        if is_first:
            found = [one for ask in self.departures for one in ask()]
            breaks = len(self.ledger.verify().breaks)
            if breaks:
                found.append(Departure(kind=AlertKind.LEDGER, subject="ledger", seen=breaks, usual=0, most=0))
        measured = [one for measure in self.measures for one in measure(self.today())]
        self.db.write(lambda db: self._store_counts(db, measured, day))
        with self.db.read() as db:
            series = _series(tables.counts_since(db, day - HISTORY_DAYS), tables.first_day(db), day)
        series += [one for ask in self.histories for one in ask()]
        found += [departure for one in series if (departure := judge(one, self.limits)) is not None]
        return self.tell(found)

    def tell(self, found: Sequence[Departure]) -> list[Alert]:
        """Tell departures, each once a day: console, ledger, log at once; other channels by a job."""
        if not found:
            return []
        at_ms, day = to_ms(self.clock()), self.today().isoformat()
        alerts = [
            Alert(
                id=new_id(),
                kind=one.kind,
                subject=one.subject,
                at_ms=at_ms,
                day=day,
                seen=one.seen,
                usual=one.usual,
                most=one.most,
            )
            for one in found
        ]
        fresh = self.db.write(lambda db: self._keep(db, alerts))
        for one in fresh:
            log.warning("watch.alert", kind=one.kind.value, about=one.subject, seen=one.seen, most=one.most)
        return fresh

    def send(self, ids: Sequence[str], key: str) -> None:
        """Send alerts by every channel.

        Raises:
            AlertNotSent: one did not take them.
        """
        with self.db.read() as db:
            alerts = [one for one in (tables.alert_of(db, alert_id) for alert_id in ids) if one is not None]
        for channel in self.channels:
            try:
                channel.send(alerts, key)
            except Unavailable as error:
                raise AlertNotSent(f"Alerts did not reach their channel: {error}", hint=error.hint) from error

    def alerts(self, *, open_only: bool = False, limit: int = 200) -> list[Alert]:
        """Alerts, the newest first."""
        with self.db.read() as db:
            return tables.alerts_page(db, open_only=open_only, limit=limit)

    def acknowledge(self, alert_id: str, note: str, actor: str) -> Alert:
        """Note that somebody has seen to an alert; who did so first stays.

        Raises:
            UnknownAlert: there is none of that id.
        """

        def work(db: sa.Connection) -> Alert:
            held = tables.alert_of(db, alert_id)
            if held is None:
                raise UnknownAlert(f"No alert has the id {alert_id[:80]!r}.", hint="List: zhanggui watch list SHOP")
            if held.acknowledged_ms is None:
                tables.acknowledge(db, alert_id, actor, note, to_ms(self.clock()))
                self.ledger.append(db, "watch.acknowledged", _told(held, note), actor)
            return tables.alert_of(db, alert_id) or held

        return self.db.write(work)

    def _keep(self, db: sa.Connection, alerts: Sequence[Alert]) -> list[Alert]:
        fresh = tables.store_alerts(db, alerts)
        for one in fresh:
            self.ledger.append(db, "watch.told", _told(one, ""))
        if fresh and self.channels:
            ids = tuple(one.id for one in fresh)
            enqueue(db, TELL_KIND, TellAlerts(ids), dedupe_key=ids[0])
        return fresh

    def _store_counts(self, db: sa.Connection, measured: Sequence[tuple[AlertKind, str, float]], day: int) -> None:
        for kind, subject, value in measured:
            tables.set_count(db, kind, subject, day, value)
        tables.set_count(db, AlertKind.LEDGER, "looked", day, 0)
        tables.forget_counts(db, day - HISTORY_DAYS - 1)

    def _is_first(self) -> bool:
        with self.db.read() as db:
            looked = {day for kind, subject, day, _ in tables.counts_since(db, self._day()) if subject == "looked"}
        return not looked

    def _day(self) -> int:
        return (self.today() - EPOCH).days


def _series(counts: Iterable[tuple[AlertKind, str, int, float]], first: int | None, day: int) -> list[Series]:
    by_subject: dict[tuple[AlertKind, str], dict[int, float]] = {}
    for kind, subject, at, value in counts:
        by_subject.setdefault((kind, subject), {})[at] = value
    start = max(day - HISTORY_DAYS, day if first is None else first)
    return [
        Series(
            kind=kind,
            subject=subject,
            history=tuple(held.get(at, 0.0) for at in range(start, day)),
            seen=held[day],
            tells_too_little=kind is AlertKind.DATA,
        )
        for (kind, subject), held in sorted(by_subject.items())
        if day in held and subject != "looked"
    ]


def _told(alert: Alert, note: str) -> AlertTold:
    return AlertTold(subject=f"alert:{alert.id}", about=alert.subject, what=alert.kind.value, day=alert.day, note=note)
