"""What of an event somebody may have written freely, without the personal data in it.

Searches, campaigns and fields that we do not know hold whatever a page or a file put there; figures, profiles and
pages read them, so they pass the guard before they are stored, by whichever way they come in.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from zhanggui.kernel.guarding import TextGuard
from zhanggui.shop.types import Event
from zhanggui.shop.types.events import EventContext

LONGEST = 512
_FREE = ("query", "campaign", "surface", "channel", "arm")
_SUSPECT = re.compile(r"[^\x00-\x7f]|\d{5}|@|[A-Za-z] +[A-Za-z]")
"""Without any of these texts are codes: no name, number, address or e-mail stands in them."""


def without_personal(event: Event, guard: TextGuard) -> Event:
    """The event with its free texts redacted; the same object where there is nothing to hide.

    Keywords stay: they are words of products, and brands bear names of people.
    """
    context = event.context
    told = f"{context.query}\n{context.campaign}\n{context.surface}\n{context.channel}\n{context.arm}"
    if not event.extra and not _SUSPECT.search(told):
        return event
    extra = {guard.redacted(name): _guarded(value, guard) for name, value in event.extra.items()}
    return msgspec.structs.replace(event, context=_context(context, guard), extra=extra)


def _context(context: EventContext, guard: TextGuard) -> EventContext:
    found = {name: guard.redacted(text)[:LONGEST] for name in _FREE if (text := getattr(context, name))}
    return msgspec.structs.replace(context, **found) if found else context


def _guarded(value: Any, guard: TextGuard) -> Any:
    """A field that we do not know, however deep; a number that reads as a phone or a card becomes its placeholder."""
    match value:
        case str():
            return guard.redacted(value)
        case dict():
            return {guard.redacted(name): _guarded(one, guard) for name, one in value.items()}
        case list():
            return [_guarded(one, guard) for one in value]
        case int() if not isinstance(value, bool):
            return value if (hidden := guard.redacted(str(value))) == str(value) else hidden
        case _:
            return value
