"""The two tables of the page about data protection: alerts, and the hosts that the shop calls."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from zhanggui.app.web.tables import Column, TableAsk
from zhanggui.kernel.egress import EgressUse
from zhanggui.kernel.words import N_
from zhanggui.trust.service.unnamed import unnamed_alert
from zhanggui.trust.types.egress import EgressHost
from zhanggui.trust.types.watch import Alert, AlertKind

from .fairness import uneven_words
from .ledger_words import Teller
from .shell import Console

ALERTS: Mapping[AlertKind, str] = {
    AlertKind.READING: N_("Somebody reads far more about people than usual"),
    AlertKind.EXPORT: N_("Far more is exported than usual"),
    AlertKind.LOGINS: N_("Many logins fail"),
    AlertKind.LEDGER: N_("The ledger is not as it was written"),
    AlertKind.DATA: N_("The shop's figures are unlike the days before"),
    AlertKind.MODEL: N_("Recommendations do worse than before"),
}
ABOUT: Mapping[str, str] = {
    "sales": N_("sales of a day"),
    "categories": N_("wanted categories"),
    "clicks": N_("clicks on lists"),
    "purchases": N_("purchases from lists"),
    "ledger": N_("the ledger"),
    "installation": N_("all shops here"),
}
USES: Mapping[EgressUse, str] = {
    EgressUse.OUTBOX: N_("Approved changes"),
    EgressUse.BRIEF_EMAIL: N_("Morning brief by e-mail"),
    EgressUse.BRIEF_ROBOT: N_("Morning brief to a robot"),
    EgressUse.PICTURES: N_("Pictures of an import"),
    EgressUse.KMS: N_("Key management"),
    EgressUse.ALERTS: N_("Alerts"),
    EgressUse.LLM: N_("Language model"),
}
ALERT, HOST = "alert-", "host-"
"""Before the names of each table in the address of the page."""


@dataclass(frozen=True, slots=True)
class AlertTable:
    """The alerts that fit, the newest first, and what was asked for."""

    ask: TableAsk
    rows: list[Alert]
    columns: tuple[Column, ...]
    console: Console
    teller: Teller
    say: Callable[[str], str]

    @classmethod
    def of(cls, console: Console) -> AlertTable:
        """As the address asks; for who may not see people without what free texts say of them."""
        say, teller = console.view._, Teller(console)
        sorts: Mapping[str, Callable[[Alert], Any]] = {
            "alert": lambda one: say(ALERTS[one.kind]),
            "time": lambda one: one.at_ms,
            "seen": lambda one: one.seen,
            "usual": lambda one: (one.usual is not None, one.usual),
            "acknowledged": lambda one: one.acknowledged_ms or 0,
        }
        ask = _asked(console, sorts, ALERT, HOST)
        held = console.rooms.watch.alerts()
        shown = held if console.may("shop:people") else [unnamed_alert(one, console.redacted) for one in held]
        table = cls(ask, [], _alert_columns(say), console, teller, say)
        rows = ask.arranged(shown, sorts, lambda one: (say(ALERTS[one.kind]), table.about(one), one.note))
        return cls(ask, rows, table.columns, console, teller, say)

    def about(self, alert: Alert) -> str:
        """Whom or what an alert is about, in words."""
        if alert.subject in ABOUT:
            return self.say(ABOUT[alert.subject])
        return uneven_words(self.console, alert.subject) or self.teller.who(alert.subject)


@dataclass(frozen=True, slots=True)
class HostTable:
    """The hosts that fit, and what was asked for."""

    ask: TableAsk
    rows: list[EgressHost]
    columns: tuple[Column, ...]

    @classmethod
    def of(cls, console: Console) -> HostTable:
        """As the address asks."""
        say = console.view._
        sorts: Mapping[str, Callable[[EgressHost], Any]] = {
            "host": lambda one: one.host,
            "use": lambda one: say(USES[one.use]),
            "country": lambda one: one.country,
        }
        ask = _asked(console, sorts, HOST, ALERT)
        rows = ask.arranged(
            console.rooms.egress.hosts(), sorts, lambda one: (one.host, say(USES[one.use]), one.country, one.contract)
        )
        columns = (
            Column("host", say(N_("Host"))),
            Column("use", say(N_("Gets")), is_wide=True),
            Column("country", say(N_("Country"))),
        )
        return cls(ask, rows, columns)


def _asked(console: Console, sorts: Mapping[str, Any], prefix: str, other: str) -> TableAsk:
    path = f"{console.base}/protection"
    return TableAsk.of(console.view.query, sorts=sorts, prefix=prefix, beside=(other,), path=path)


def _alert_columns(say: Callable[[str], str]) -> tuple[Column, ...]:
    return (
        Column("alert", say(N_("Alert"))),
        Column("time", say(N_("Time")), is_wide=True),
        Column("seen", say(N_("Seen"))),
        Column("usual", say(N_("Usual")), is_wide=True),
        Column("acknowledged", say(N_("Acknowledged"))),
    )
