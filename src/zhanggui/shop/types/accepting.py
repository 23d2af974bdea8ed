"""What the events door answers, and the log of served lists."""

from __future__ import annotations

import msgspec


class RefusedEvent(msgspec.Struct, frozen=True):
    """One event that was not taken: its place in what was sent (from 0), its id where it could be read, and why."""

    index: int
    code: str
    reason: str
    hint: str = ""
    id: str = ""


class EventReceipt(msgspec.Struct, frozen=True):
    """What became of the events that were sent. Accepted ones are on disk; duplicates were there already."""

    accepted: int
    duplicates: int
    refused: tuple[RefusedEvent, ...] = ()


class ServedList(msgspec.Struct, frozen=True, kw_only=True):
    """One list that a shopper was shown, by dense numbers; `propensities` is empty or as long as `products`."""

    id: str  # ULID
    person: int  # 0: nobody known
    surface: str
    at_ms: int
    products: tuple[int, ...]
    propensities: tuple[float, ...] = ()
    model: str = ""
