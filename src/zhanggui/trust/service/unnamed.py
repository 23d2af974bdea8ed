"""Entries and alerts for who may not see people: without ids of shoppers, and with free texts through the guard.

An auditor proves the chain by numbers and hashes; whom it was about is nothing that they need (PIPL art. 6).
"""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from zhanggui.trust.types.ledger import LedgerEntry
from zhanggui.trust.types.watch import Alert

SHOPPERS = frozenset({"customer", "visitor"})
OF_SHOPPERS = frozenset({"customer_id", "visitor_id", "customer", "visitor", "customers", "visitors", "members"})
HIDDEN = "…"
_CODE = re.compile(r"[a-z_.:-]*|[0-9a-f]{64}|[0-9A-HJKMNP-TV-Z]{26}")
"""Words of the software, hashes and its own ids: nobody wrote them."""

Redacted = Callable[[str], str]
"""A text without personal data: `PiiGuard.redacted` in the reader's language."""


def unnamed_entry(entry: LedgerEntry, redacted: Redacted) -> LedgerEntry:
    """An entry whose numbers and hashes stay, however deep in its payload a text or an id stands."""
    kind, colon, _ = entry.actor.partition(":")
    actor = kind if colon and kind in SHOPPERS else entry.actor
    return msgspec.structs.replace(entry, actor=actor, payload=_unnamed(entry.payload, redacted))


def unnamed_alert(alert: Alert, redacted: Redacted) -> Alert:
    """An alert whose note passed the guard."""
    return msgspec.structs.replace(alert, note=_text(alert.note, redacted))


def _unnamed(held: object, redacted: Redacted) -> object:
    match held:
        case str():
            return _text(held, redacted)
        case dict():
            return {
                name: HIDDEN if name in OF_SHOPPERS and isinstance(value, str | list) else _unnamed(value, redacted)
                for name, value in held.items()
            }
        case list():
            return [_unnamed(one, redacted) for one in held]
        case _:
            return held


def _text(text: str, redacted: Redacted) -> str:
    kind, colon, _ = text.partition(":")
    if colon and kind in SHOPPERS:
        return f"{kind}:{HIDDEN}"
    return text if _CODE.fullmatch(text) else redacted(text)
