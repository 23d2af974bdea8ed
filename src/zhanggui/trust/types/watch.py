"""What is watched, and what is told when it is unlike what it was."""

from __future__ import annotations

import enum
from typing import Annotated

import msgspec


class AlertKind(enum.StrEnum):
    """What an alert is about."""

    READING = "reading"  # one actor read rows about people more often than usual
    EXPORT = "export"  # more was taken out in files than usual
    LOGINS = "logins"  # more logins failed than usual
    LEDGER = "ledger"  # the ledger is not as it was written
    DATA = "data"  # a day's facts are unlike those of the days before
    MODEL = "model"  # a model does worse than it did, or people or goods are not treated evenly


class Departure(msgspec.Struct, frozen=True, kw_only=True):
    """Something unlike what it was.

    Attributes:
        subject: whom or what it is about: `user:…`, `shop`, `categories`; never a customer.
        seen: what was counted on the day that was looked at.
        usual: the median of the days before; None where there are too few of them, or a limit is all there is.
        most: beyond this it is told; below `usual` where too little is what is told.
    """

    kind: AlertKind
    subject: str
    seen: float
    usual: float | None
    most: float


class Alert(msgspec.Struct, frozen=True, kw_only=True):
    """A departure that was told, once a day; see `Departure`.

    Attributes:
        day: the day that was looked at, ISO 8601, of the shop's zone.
        note: what whoever acknowledged it says.
    """

    id: str
    kind: AlertKind
    subject: str
    at_ms: int
    day: str
    seen: float
    usual: float | None
    most: float
    acknowledged_ms: int | None = None
    acknowledged_by: str = ""
    note: str = ""


class Acknowledge(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What somebody who has seen to an alert says of it."""

    note: Annotated[str, msgspec.Meta(max_length=512)] = ""


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """One measure of one subject by day.

    Attributes:
        history: the days before, oldest first; a day without anything is a 0.
        seen: the day that is looked at.
        tells_too_little: whether too little is told as well.
    """

    kind: AlertKind
    subject: str
    history: tuple[float, ...]
    seen: float
    tells_too_little: bool = False


class WatchLimits(msgspec.Struct, frozen=True, kw_only=True):
    """From where on something is told.

    Attributes:
        sensitivity: so many robust standard deviations above the median of the own history.
        least: nothing below this is told, whatever the history, by kind; also all there is while history is short.
        least_days: so many days make a history.
    """

    sensitivity: float = 5.0
    least: dict[str, float] = msgspec.field(default_factory=lambda: {"reading": 60.0, "export": 5.0, "logins": 20.0})
    least_days: int = 7
