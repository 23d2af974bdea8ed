"""Finding entries of a ledger, and looking at one of them in its place."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.ids import hash64
from zhanggui.trust.engines.chain import entry_hash, payload_hash
from zhanggui.trust.errors import UnknownEntry
from zhanggui.trust.tables import ledger as tables
from zhanggui.trust.types.ledger import LedgerAsk, LedgerEntry, LedgerFinds, LedgerPlace

PRODUCT = "product"
WINDOW = 50_000
"""Entries whose payloads one search looks into; the next goes on from there."""


class Envelope(msgspec.Struct, frozen=True):
    """What a payload is, with who did it."""

    actor: str
    payload: object


def find_entries(db: sa.Connection, ask: LedgerAsk, limit: int) -> LedgerFinds:
    """Entries that fit; see `Ledger.find`."""
    about = _about(db, ask)
    parts = _parts(ask, is_about=about is not None)
    above, below = _bounds(db, ask)
    last_above, last_below = above, below
    is_slow = about is None and bool(parts)
    if is_slow and ask.is_oldest_first:
        last_below = min(below, above + 1 + WINDOW)
    elif is_slow:
        last_above = max(above, below - 1 - WINDOW)
    rows = tables.found(
        db,
        above=last_above,
        below=last_below,
        limit=limit + 1,
        kind=ask.kind,
        parts=parts,
        about=about,
        is_oldest_first=ask.is_oldest_first,
    )
    items = tuple(entry_of(row.seq, row.kind, row.at_ms, row.hash, row.payload, row.receipt) for row in rows[:limit])
    if len(rows) > limit:
        return LedgerFinds(items=items, next=items[-1].seq)
    if (last_above, last_below) == (above, below):
        return LedgerFinds(items=items, next=None)
    return LedgerFinds(items=items, next=last_below - 1 if ask.is_oldest_first else last_above + 1)


def entry_in_place(db: sa.Connection, seq: int) -> LedgerPlace:
    """One entry, and whether its hashes follow from what stands there.

    Raises:
        UnknownEntry: no entry has that number.
    """
    head = tables.read_head(db)[0]
    row = tables.entry_row(db, seq)
    if row is None:
        raise UnknownEntry(
            f"The ledger has no entry {seq}.", hint=f"Its entries are 1 to {head}.", params={"last": str(head)}
        )
    previous = tables.hash_before(db, seq)
    follows = entry_hash(previous, row.seq, row.kind, row.at_ms, bytes(row.payload_hash)) == bytes(row.hash)
    if row.salt is None or row.payload is None:
        is_kept = row.receipt is not None
    else:
        is_kept = payload_hash(bytes(row.salt), bytes(row.payload)) == bytes(row.payload_hash)
    return LedgerPlace(
        entry=entry_of(row.seq, row.kind, row.at_ms, row.hash, row.payload, row.receipt),
        previous=previous.hex(),
        payload_hash=bytes(row.payload_hash).hex(),
        is_sound=follows and is_kept,
        entries=head,
    )


def entry_of(seq: int, kind: str, at_ms: int, entry: bytes, payload: bytes | None, receipt: int | None) -> LedgerEntry:
    """A row as an entry."""
    envelope = None if payload is None else _opened(bytes(payload))
    return LedgerEntry(
        seq=seq,
        kind=kind,
        at_ms=at_ms,
        hash=bytes(entry).hex(),
        actor="" if envelope is None else envelope.actor,
        payload=None if envelope is None else envelope.payload,
        receipt=receipt,
    )


def _opened(payload: bytes) -> Envelope:
    try:
        return msgspec.json.decode(payload, type=Envelope)
    except (msgspec.DecodeError, UnicodeDecodeError):  # somebody edited it: it is shown as it stands, verify names it
        return Envelope("", payload.decode("utf-8", "replace"))


def _bounds(db: sa.Connection, ask: LedgerAsk) -> tuple[int, int]:
    """Between which entries to look, both excluded."""
    above = 0 if ask.from_ms is None else tables.first_since(db, ask.from_ms) - 1
    below = tables.read_head(db)[0] + 1 if ask.until_ms is None else tables.first_since(db, ask.until_ms)
    if ask.beyond is None:
        return above, below
    return (max(above, ask.beyond), below) if ask.is_oldest_first else (above, min(below, ask.beyond))


def _about(db: sa.Connection, ask: LedgerAsk) -> int | None:
    """The hash of the thing that is asked for, by its whole name or by the bare id of a product; None without any."""
    named = (ask.subject, f"{PRODUCT}:{ask.subject}") if ask.subject and not _is_person(ask) else ()
    return next((hash_ for hash_ in map(hash64, named) if tables.is_about_any(db, hash_)), None)


def _is_person(ask: LedgerAsk) -> bool:
    return ask.subject.isascii() and ask.subject.isdigit()


def _parts(ask: LedgerAsk, *, is_about: bool) -> tuple[tuple[bytes, ...], ...]:
    """What a payload must contain, as `Ledger.append_many` wrote it: of each group any one."""
    wanted: list[tuple[bytes, ...]] = []
    if ask.actors:
        wanted.append(tuple(b'{"actor":' + msgspec.json.encode(actor) for actor in ask.actors))
    if is_about:
        return tuple(wanted)
    if _is_person(ask):
        wanted.append((b'"person":' + ask.subject.encode() + b",",))
    elif ask.subject:
        wanted.append((b'"subject":' + msgspec.json.encode(ask.subject),))
    return tuple(wanted)
