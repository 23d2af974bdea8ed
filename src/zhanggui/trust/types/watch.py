"""What is watched, and what is told when it is unlike what it was."""

from __future__ import annotations

import enum

import msgspec


class AlertKind(enum.StrEnum):
    """What an alert is about."""

    READING = "reading"  # one actor was shown personal data of more people than usual
    EXPORT = "export"  # more left the shop in files than usual
    LOGINS = "logins"  # more logins failed than usual
    LEDGER = "ledger"  # the ledger is not as it was written
    DATA = "data"  # a day's facts are unlike those of the days before
    MODEL = "model"  # a model does worse than it did


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """Something unlike what it was, told once a day.

    Attributes:
        subject: whom or what it is about: `user:…`, `shop`, `model:…`; never a customer.
        day: the day that was looked at, ISO 8601, UTC.
        seen: what was counted that day.
        usual: the median of the days before.
        most: above this it is told.
        note: what whoever acknowledged it says.
    """

    id: str
    kind: AlertKind
    subject: str
    at_ms: int
    day: str
    seen: float
    usual: float
    most: float
    acknowledged_ms: int | None = None
    acknowledged_by: str = ""
    note: str = ""


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """One measure of one subject by day.

    Attributes:
        history: the days before, oldest first; a day without anything is a 0.
        today: the day that is looked at.
        is_whole: whether more of it is always worth a word, however much there was before (a broken ledger).
    """

    kind: AlertKind
    subject: str
    history: tuple[float, ...]
    today: float
    is_whole: bool = False
