"""What the watch of a shop looks at, and where it tells."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypedDict

import msgspec

from zhanggui.app.places import control_store
from zhanggui.kernel.clock import to_ms
from zhanggui.kernel.egress import EgressDoor, EgressUse
from zhanggui.kernel.errors import Unavailable
from zhanggui.kernel.settings import Settings, WatchSettings, load_secret
from zhanggui.recommend import ModelDesk
from zhanggui.shop.outbox import WebhookOutlet
from zhanggui.shop.outbox.ports import Refused, TryAgain
from zhanggui.shop.outbox.types import Card, OutboxEntry, OutboxState
from zhanggui.shop.service.figures import ShopFigures
from zhanggui.trust.service.fairness.reporting import Fairness
from zhanggui.trust.service.watch import AlertChannel, Watch
from zhanggui.trust.tables.users import failed_since
from zhanggui.trust.types.watch import Alert, AlertKind, Departure, Series, WatchLimits

from .base import Base
from .shop import Facts
from .trust import Promises


class Watching(TypedDict):
    """The watch."""

    watch: Watch


def watch_of(base: Base, facts: Facts, promises: Promises, models: ModelDesk, fairness: Fairness) -> Watching:
    """The watch of a shop, over what its rooms can say of themselves.

    Raises:
        Unavailable: alerts have an address, and no secret to sign them with.
    """
    logins = _Logins(base=base)
    return Watching(
        watch=Watch(
            db=base.db,
            clock=base.clock,
            today=lambda: base.clock().astimezone(base.zone).date(),
            ledger=promises["ledger"],
            limits=limits_of(base.settings.watch),
            measures=(logins,),
            histories=(lambda: sales(facts["figures"], base.clock().astimezone(base.zone).date()),),
            departures=(lambda: drifts(models), lambda: uneven(fairness)),
            channels=tuple(_channels(base, promises["egress"].door())),
        )
    )


def limits_of(held: WatchSettings) -> WatchLimits:
    """From where on something is told, as the settings say."""
    least: dict[str, float] = {
        AlertKind.READING: held.least_reading,
        AlertKind.EXPORT: held.least_export,
        AlertKind.LOGINS: held.least_logins,
    }
    return WatchLimits(sensitivity=held.sensitivity, least=least, least_days=held.least_days)


def sales(figures: ShopFigures, today: date) -> Iterator[Series]:
    """Yesterday's sales beside those of the days before; nothing for a shop that never sold."""
    seen = figures.overview(28)
    by_day = dict(
        zip((moment.date() for moment in _days(seen.first_day, len(seen.curve.now))), seen.curve.now, strict=True)
    )
    yesterday = today - timedelta(days=1)
    before = [by_day.get(yesterday - timedelta(days=back), 0) for back in range(27, 0, -1)]
    while before and not before[0]:
        before.pop(0)
    if before:
        history, last = tuple(map(float, before)), float(by_day.get(yesterday, 0))
        yield Series(kind=AlertKind.DATA, subject="sales", history=history, seen=last, tells_too_little=True)


def drifts(models: ModelDesk) -> Iterator[Departure]:
    """What the recommender's own watch has found: other goods wanted, lists less taken up."""
    for one in models.quality.report().drifts:
        kind = AlertKind.DATA if one.what == "categories" else AlertKind.MODEL
        yield Departure(kind=kind, subject=one.what, seen=one.strength, usual=None, most=one.limit)


def uneven(fairness: Fairness) -> Iterator[Departure]:
    """Gaps between groups of people, and lists too narrow, beyond the limits of `[fairness]`."""
    for one in fairness.report().alerts:
        subject = f"{one.code}:{one.about}" if one.about else one.code
        yield Departure(kind=AlertKind.MODEL, subject=subject, seen=one.value, usual=None, most=one.limit)


def _days(first: date, count: int) -> Iterable[datetime]:
    return (datetime(first.year, first.month, first.day) + timedelta(days=n) for n in range(count))  # noqa: DTZ001


@dataclass(frozen=True, slots=True, kw_only=True)
class _Logins:
    """Failed logins of the installation within the last day; they are counted for each of its shops."""

    base: Base

    def __call__(self, _today: date) -> Iterator[tuple[AlertKind, str, float]]:
        settings = self.base.settings
        if settings.database == "sqlite" and not (settings.home / "control.db").exists():
            return  # a shop of the tour stands alone
        control = control_store(settings)
        try:
            with control.read() as db:
                failed = failed_since(db, to_ms(self.base.clock() - timedelta(days=1)))
        finally:
            control.close()
        if failed:
            yield AlertKind.LOGINS, "installation", float(failed)


def _channels(base: Base, door: EgressDoor) -> Iterator[AlertChannel]:
    if base.settings.watch.webhook_url:
        yield WebhookAlerts(outlet=_outlet(base.settings, base, door), shop=base.name)


def _outlet(settings: Settings, base: Base, door: EgressDoor) -> WebhookOutlet:
    secret = load_secret("webhook_secret", settings.home, os.environ)
    if secret is None:
        raise Unavailable(
            "Alerts have an address and nothing to sign them with.",
            hint="Set ZHANGGUI_WEBHOOK_SECRET to the secret that the receiver knows.",
        )
    return WebhookOutlet(
        url=settings.watch.webhook_url,
        secret=secret.encode(),
        client=door.client(EgressUse.ALERTS, timeout_s=settings.outbox.timeout_s),
        clock=base.clock,
        timeout_s=settings.outbox.timeout_s,
        allow_private=settings.outbox.allow_private,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookAlerts:
    """Posts alerts in the outbox's signed form, kind `watch.alerts`."""

    outlet: WebhookOutlet
    shop: str

    def send(self, alerts: Sequence[Alert], key: str) -> None:
        """Post them; see `AlertChannel.send`."""
        now = self.outlet.clock()
        entry = OutboxEntry(
            id=key,
            outlet="alerts",
            kind="watch.alerts",
            payload={"shop": self.shop, "alerts": [msgspec.to_builtins(one) for one in alerts]},
            card=Card(code="watch.alerts"),
            reference="",
            idempotency_key=key,
            state=OutboxState.QUEUED,
            created_at=now,
            updated_at=now,
        )
        outcome = self.outlet.send(entry)
        if isinstance(outcome, Refused | TryAgain):
            raise Unavailable(outcome.note, hint="Check watch.webhook_url and the receiver.")
