"""The morning brief: at most three decisions, and how old the facts are that they rest on."""

from __future__ import annotations

from datetime import date, datetime

import msgspec

from .proposals import Effect


class BriefDecision(msgspec.Struct, frozen=True, kw_only=True):
    """One thing to decide. `worth_minor` is its money times confidence, 0 where nobody could estimate.

    `href` leads to it on the console; it begins with the setting `server.public_address`.
    """

    id: str
    room: str
    kind: str
    subject: str
    effect: Effect
    is_blocked: bool
    worth_minor: int
    href: str
    expires_at: datetime | None = None


class FactsAge(msgspec.Struct, frozen=True, kw_only=True):
    """When the newest order and the newest event are of; None where there is none."""

    order_at: datetime | None = None
    event_at: datetime | None = None


class ModelHealth(msgspec.Struct, frozen=True, kw_only=True):
    """How the shop's model stands: of when it is, whether that is too long ago, and what departs in the last week.

    `departs` names `categories`, with the category that gained most, `clicks` and `purchases`, which fell.
    """

    trained_at: datetime
    is_old: bool = False
    departs: dict[str, str] = {}


class Brief(msgspec.Struct, frozen=True, kw_only=True):
    """The brief as it stands now: the decisions worth most, first first, and how many wait in all.

    `model` is None where none serves. `late_contests` wait for an answer beyond their day.
    """

    shop: str
    day: date
    made_at: datetime
    decisions: tuple[BriefDecision, ...]
    waiting: int
    facts: FactsAge
    model: ModelHealth | None = None
    late_contests: int = 0
    contests_href: str = ""


class BriefReport(msgspec.Struct, frozen=True, kw_only=True):
    """By which channels a day's brief went out just now, which had it already, and which failed with what.

    `refused` tells what a channel that took it did not bring to everybody; it is not tried again.
    """

    sent: tuple[str, ...] = ()
    already: tuple[str, ...] = ()
    failed: dict[str, str] = {}
    refused: dict[str, str] = {}
