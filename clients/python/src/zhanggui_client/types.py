"""What the server takes and answers. Members that this version does not know are ignored."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec


class Evidence(msgspec.Struct, frozen=True):
    """One event that speaks for a product, with its share of the score."""

    seq: int
    product_id: str
    share: float


class Reason(msgspec.Struct, frozen=True):
    """Why a product is shown: a code, its parameters, the events it rests on."""

    code: str = ""
    params: dict[str, str] = {}
    evidence: tuple[Evidence, ...] = ()
    shares: dict[str, float] = {}


class Item(msgspec.Struct, frozen=True):
    """One place of a list; `explanation` is the reason in words, in the language that was asked for."""

    product_id: str
    title: str = ""
    explanation: str = ""
    reason: Reason = Reason()
    score: float = 0.0
    position: int = 0
    propensity: float = 1.0


class Recommendations(msgspec.Struct, frozen=True):
    """A served list, or the caller's own fallback (`is_fallback`, without a `list_id`)."""

    items: list[Item]
    list_id: str = ""
    model: str = ""
    is_personal: bool = True
    notice: str = ""
    notice_text: str = ""
    is_fallback: bool = False


class Chip(msgspec.Struct, frozen=True):
    """A trait of a product that a shopper may see less of."""

    kind: str
    value: str
    key: str
    is_chosen: bool = False


class Preference(msgspec.Struct, frozen=True):
    """A "show me less": its id undoes it."""

    id: str
    product_id: str = ""
    chips: tuple[Chip, ...] = ()
    is_undone: bool = False


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing a shopper did; `id` is random and the sender's, so that sending twice counts once."""

    id: str
    name: str
    at: datetime | None = None
    customer_id: str | None = None
    visitor_id: str | None = None
    product_id: str | None = None
    quantity: int | None = None
    value_minor: int | None = None
    currency: str | None = None
    engagement_time_msec: int | None = None
    rating: int | None = None
    context: dict[str, Any] = {}


class RefusedEvent(msgspec.Struct, frozen=True):
    """An event of a batch that was not taken, and why."""

    index: int
    code: str = ""
    reason: str = ""
    hint: str = ""
    id: str = ""


class EventReceipt(msgspec.Struct, frozen=True):
    """What became of a batch."""

    accepted: int
    duplicates: int = 0
    refused: tuple[RefusedEvent, ...] = ()
