"""From the bytes of a request to events: whole batches at once, one by one only where something does not fit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated

import msgspec

from zhanggui.kernel.errors import did_you_mean
from zhanggui.kernel.ids import MAX_ID_LENGTH
from zhanggui.shop.errors import BadEvents
from zhanggui.shop.types import Event, EventContext, EventName
from zhanggui.shop.types.accepting import RefusedEvent


class _StrictContext(EventContext, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """A context without surprises."""


class _StrictEvent(Event, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True, gc=False):
    """An event without surprises: what nearly all are, and what can be decoded without a second look."""

    context: _StrictContext = _StrictContext()


# The patterns of `Id` and `ShortText` keep control characters out, at some 1 µs a string. JSON writes a control
# character with a backslash (or, DEL alone, as it is), so a body that has neither cannot hold one: it needs no pattern.
_PlainId = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_ID_LENGTH)]
_PlainText = Annotated[str, msgspec.Meta(max_length=512)]


class _PlainContext(_StrictContext, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    channel: _PlainText = ""
    surface: _PlainText = ""
    query: _PlainText = ""
    campaign: _PlainText = ""
    arm: _PlainText = ""
    list_id: _PlainText = ""
    province: _PlainText = ""


class _PlainEvent(_StrictEvent, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True, gc=False):
    id: _PlainId
    customer_id: _PlainId | None = None
    visitor_id: _PlainId | None = None
    product_id: _PlainId | None = None
    keywords: tuple[_PlainText, ...] = ()
    context: _PlainContext = _PlainContext()


_STRICT = msgspec.json.Decoder(_StrictEvent)
_STRICT_ARRAY = msgspec.json.Decoder(list[_StrictEvent])
_PLAIN = msgspec.json.Decoder(_PlainEvent)
_PLAIN_ARRAY = msgspec.json.Decoder(list[_PlainEvent])
_LENIENT = msgspec.json.Decoder(Event)
_RAW_ARRAY = msgspec.json.Decoder(list[msgspec.Raw])
_ANYTHING = msgspec.json.Decoder(dict[str, object])
_FIELDS = frozenset(Event.__struct_fields__)
_CONTEXT_FIELDS = frozenset(EventContext.__struct_fields__)
_UNKNOWN_NAME = re.compile(r"^Invalid enum value '(.*)' - at `\$\.name`")
_FIELDS_LISTED = "docs/events.md lists the fields and names of events."
_CUT, _NOT_WHOLE = "Input data was truncated", "The body is no whole JSON"
_UNREADABLE = (msgspec.MsgspecError, UnicodeError, RecursionError, ValueError)

Decoded = Event | RefusedEvent


def decode_one(body: bytes) -> Decoded:
    """One event from one JSON object."""
    if _is_plain(body):
        try:
            return _PLAIN.decode(body)
        except _UNREADABLE:
            pass
    return _decode(0, body)


def decode_batch(body: bytes) -> Sequence[Decoded]:
    """Events from a JSON array, or from one JSON object a line; which of the two the first character tells.

    Raises:
        BadEvents: the body as a whole cannot be read, so no event in it can be named.
    """
    is_array = body[:256].lstrip()[:1] == b"["
    is_plain = _is_plain(body)
    try:
        if is_array:
            return (_PLAIN_ARRAY if is_plain else _STRICT_ARRAY).decode(body)
        return (_PLAIN if is_plain else _STRICT).decode_lines(body)
    except _UNREADABLE:
        pieces = _array_pieces(body) if is_array else [line for line in body.splitlines() if line.strip()]
    return [_decode(index, piece) for index, piece in enumerate(pieces)]


def _is_plain(body: bytes) -> bool:
    return b"\\" not in body and b"\x7f" not in body


def _array_pieces(body: bytes) -> Sequence[msgspec.Raw]:
    try:
        return _RAW_ARRAY.decode(body)
    except _UNREADABLE as error:
        raise BadEvents(
            f"The body is no JSON array of events: {error}.".replace(_CUT, "it is no whole JSON"),
            hint="Send a JSON array, or one JSON object a line; the encoding is UTF-8.",
        ) from error


def _decode(index: int, piece: bytes | msgspec.Raw) -> Decoded:
    try:
        return _STRICT.decode(piece)
    except _UNREADABLE:
        pass
    try:
        return _with_unknown_fields(_LENIENT.decode(piece), _ANYTHING.decode(piece))
    except _UNREADABLE as error:
        reason = f"{error}." if bytes(piece).strip() else "The body is empty."
        return RefusedEvent(index, "shop.event_invalid", reason.replace(_CUT, _NOT_WHOLE), _hint(str(error)))


def _hint(fault: str) -> str:
    seen = _UNKNOWN_NAME.search(fault)
    near = did_you_mean(seen.group(1), [name.value for name in EventName]) if seen else ""
    names = f"Known names: {', '.join(name.value for name in EventName)}." if seen else ""
    return " ".join(part for part in (near, names, _FIELDS_LISTED) if part)


def _with_unknown_fields(event: Event, fields: dict[str, object]) -> Event:
    unknown = {name: value for name, value in fields.items() if name not in _FIELDS}
    context = fields.get("context")
    if isinstance(context, dict) and (strange := {n: v for n, v in context.items() if n not in _CONTEXT_FIELDS}):
        unknown["context"] = strange
    return msgspec.structs.replace(event, extra={**unknown, **event.extra})
