"""Which events are taken: whose they are, when they happened, and what of them has a column."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Literal

import msgspec

from zhanggui.kernel.clock import DAY_MS, EPOCH
from zhanggui.kernel.ids import hash64
from zhanggui.shop.types import EVENT_NUMBERS, EVENT_SCHEMA, Event, EventContext, EventName
from zhanggui.shop.types.accepting import RefusedEvent

REMEMBERED_DAYS = 30
"""Days for which the ids of events are remembered; older events cannot be told from repeats."""

MAX_AHEAD_MS = 600_000
"""How fast a sender's clock may be. Up to this an event counts as happening now; beyond, it is refused."""

MAX_EXTRA_BYTES = 16_384

CUSTOMER, VISITOR = 0, 1

_NUMBERS = {name.value: number for name, number in EVENT_NUMBERS.items()}
_MILLISECOND = timedelta(milliseconds=1)


NO_CONTEXT = EventContext()
_NO_OTHERS: tuple[object, ...] = (None, None, None, (), {}, EVENT_SCHEMA)  # nearly every event has a context at most


class Extra(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What of an event has no column; kept as JSON."""

    currency: str | None = None
    engagement_time_msec: int | None = None
    rating: int | None = None
    keywords: tuple[str, ...] = ()
    context: EventContext = NO_CONTEXT
    extra: dict[str, object] = {}
    schema: int = EVENT_SCHEMA
    derived_from: Literal["order", "return"] | None = None  # a line of it told the history


class Admitted(msgspec.Struct, gc=False):
    """An event that may be stored; numbers for its person and product are found inside the write."""

    id_day: int  # whose id table knows it: the day of the moment that the sender stated
    id_hash: int
    is_timeless: bool  # the sender stated no moment, so a repeat may arrive on the next day
    person_kind: int
    person_id: str
    product_id: str | None
    kind: int
    at_ms: int
    quantity: int | None
    value_minor: int | None
    extra: str | None
    login_customer: str | None  # of an `identify`: who the visitor turned out to be


_encode = msgspec.json.Encoder().encode
_decode_extra = msgspec.json.Decoder(Extra).decode


def read_extra(stored: bytes | None) -> Extra:
    """The fields without a column, from the store."""
    return Extra() if stored is None else _decode_extra(stored)


def write_extra(extra: Extra) -> str | None:
    """What `read_extra` reads; None when every field stands at its default."""
    written = _encode(extra)
    return None if written == b"{}" else written.decode()


def admit_all(
    decoded: Iterable[Event | RefusedEvent],
    now_ms: int,
    only_visitor: str | None = None,
    only_customer: str | None = None,
) -> tuple[list[Admitted], list[RefusedEvent]]:
    """Part what may be stored from what is refused.

    Args:
        decoded: events in the order in which they were sent.
        now_ms: the moment of arrival.
        only_visitor: set for a sender who may speak for one visitor only (a publishable key).
        only_customer: set for a sender who may speak for one customer only (a minted token).
    """
    admitted: list[Admitted] = []
    refused: list[RefusedEvent] = []
    for index, event in enumerate(decoded):
        if isinstance(event, RefusedEvent):
            refused.append(event)
            continue
        refusal = _speaker_refusal(event, only_visitor, only_customer)
        answer = _admit(index, event, now_ms, refusal)
        if isinstance(answer, Admitted):
            admitted.append(answer)
        else:
            refused.append(answer)
    return admitted, refused


def _admit(index: int, event: Event, now_ms: int, refusal: Refusal | None) -> Admitted | RefusedEvent:
    stated_ms = now_ms if event.at is None else (event.at - EPOCH) // _MILLISECOND
    refusal = _time_refusal(stated_ms, now_ms) or person_refusal(event) or refusal
    extra = None if refusal else extra_of(event)
    if extra is not None and len(extra) > MAX_EXTRA_BYTES:
        refusal = ("shop.event_too_large", f"{len(extra)} bytes of further fields; {MAX_EXTRA_BYTES} are kept.", "")
    if refusal:
        code, reason, hint = refusal
        return RefusedEvent(index, code, reason, hint, event.id)
    is_login = event.name is EventName.IDENTIFY
    is_customer = event.customer_id is not None and not is_login
    return Admitted(
        stated_ms // DAY_MS,
        hash64(event.id),
        event.at is None,
        CUSTOMER if is_customer else VISITOR,
        (event.customer_id if is_customer else event.visitor_id) or "",
        event.product_id,
        _NUMBERS[event.name._value_],
        min(stated_ms, now_ms),
        event.quantity,
        event.value_minor,
        extra,
        event.customer_id if is_login else None,
    )


def extra_of(event: Event) -> str | None:
    """JSON of the fields of an event that have no column; None when there is none."""
    context = _encode(event.context)
    others = (event.currency, event.engagement_time_msec, event.rating, event.keywords, event.extra, event.schema)
    if others == _NO_OTHERS:
        return None if context == b"{}" else f'{{"context":{context.decode()}}}'
    return write_extra(
        Extra(
            currency=event.currency,
            engagement_time_msec=event.engagement_time_msec,
            rating=event.rating,
            keywords=event.keywords,
            context=NO_CONTEXT if context == b"{}" else event.context,
            extra=event.extra,
            schema=event.schema,
        )
    )


Refusal = tuple[str, str, str]
"""(code, reason, hint)."""


def _time_refusal(stated_ms: int, now_ms: int) -> Refusal | None:
    if stated_ms < now_ms - REMEMBERED_DAYS * DAY_MS:
        return (
            "shop.event_too_old",
            f"It is older than {REMEMBERED_DAYS} days, for which the ids of events are remembered.",
            "Older events come in by file: zhanggui import SHOP events FILE",
        )
    if stated_ms > now_ms + MAX_AHEAD_MS:
        return (
            "shop.event_in_future",
            f"It is {(stated_ms - now_ms) // 60_000} minutes ahead of this server's clock; 10 are borne.",
            "Set the sender's clock, or leave `at` out: then the moment of arrival counts.",
        )
    return None


def person_refusal(event: Event) -> Refusal | None:
    """Why an event cannot be, whoever sent it: nobody did it, or it lacks what its name needs."""
    if event.customer_id is None and event.visitor_id is None:
        return "shop.event_of_nobody", "It names neither customer_id nor visitor_id.", "Name one of them."
    if event.name is EventName.IDENTIFY and (event.customer_id is None or event.visitor_id is None):
        return "shop.event_of_nobody", "An identify event links a visitor to a customer.", "Name both of them."
    if event.name is EventName.DISMISS and event.product_id is None and not event.keywords:
        return "shop.event_invalid", "A dismissal names a product, keywords or both.", "Add product_id or keywords."
    if event.name is EventName.UNDISMISS and event.product_id is None:
        return "shop.event_invalid", "It names no product whose dismissal is taken back.", "Add product_id."
    return None


def _speaker_refusal(event: Event, only_visitor: str | None, only_customer: str | None) -> Refusal | None:
    if only_customer is not None and (event.customer_id != only_customer or event.name is EventName.IDENTIFY):
        # A login would give the customer the history of whichever visitor they name.
        return (
            "shop.event_of_another",
            "This token may post events of its own customer only, and no logins.",
            "Send the token's customer_id; logins need a service key.",
        )
    if only_visitor is not None and (event.customer_id is not None or event.visitor_id != only_visitor):
        return (
            "shop.event_of_another",
            "This key may post events of its own visitor only.",
            "Send the visitor's id alone; events of customers need a service key.",
        )
    return None
