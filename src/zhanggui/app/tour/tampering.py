"""A copy of a ledger to break into, past every door of the software: straight into its table, as a thief would."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa

from zhanggui.app.migrations import upgrade
from zhanggui.app.rooms import Rooms
from zhanggui.app.web.phrases import MINOR
from zhanggui.kernel.db import Database, open_database
from zhanggui.trust import Ledger, LedgerAsk, LedgerEntry, VerifyReport
from zhanggui.trust.engines.chain import entry_hash, payload_hash
from zhanggui.trust.service.ledger_reading import Envelope
from zhanggui.trust.tables import ledger as tables

FILE = "copy.db"
TABLES = (tables.ledger, tables.ledger_payloads, tables.ledger_checkpoints, tables.ledger_head)
LOOKED_AT = 200
SHOWN = 6
HOWS = ("content", "fingerprint", "gone")
_DECODER = msgspec.json.Decoder(Envelope)


class Amount(msgspec.Struct, frozen=True, kw_only=True):
    """A figure in an entry that a thief would like to change, and where in its content it stands."""

    entry: LedgerEntry
    path: tuple[str | int, ...]
    value: int

    @property
    def field(self) -> str:
        """What it is called in the content."""
        return str(self.path[-1])

    @property
    def is_money(self) -> bool:
        """Whether it counts minor units of a currency."""
        return self.field.endswith(MINOR)


def copy_ledger(rooms: Rooms, home: Path) -> None:
    """Copy the four tables of a shop's ledger, and nothing else, into a store of its own. Its key stays where it is."""
    copy = _opened(home)
    upgrade(copy, "shop")
    with rooms.db.read() as db:
        rows = {table.name: [dict(row) for row in db.execute(sa.select(table)).mappings()] for table in TABLES}

    def work(db: sa.Connection) -> None:
        for table in TABLES:
            if rows[table.name]:
                db.execute(sa.insert(table), rows[table.name])

    copy.write(work)
    copy.close()


def amounts(rooms: Rooms, home: Path) -> list[Amount]:
    """The newest entries of the copy that hold a figure, which is not nought: of money, or where none is, of others."""
    ledger = _ledger(rooms, home)
    try:
        entries = ledger.find(LedgerAsk(), limit=LOOKED_AT).items
    finally:
        ledger.db.close()
    first = [(entry, figure) for entry in entries for figure in _figures(entry.payload)[:1]]
    found = [Amount(entry=entry, path=path, value=value) for entry, (path, value) in first if value]
    return ([one for one in found if one.is_money] or found)[:SHOWN]


def verify(rooms: Rooms, home: Path) -> VerifyReport:
    """Verify the copy as the shop's own ledger is verified."""
    ledger = _ledger(rooms, home)
    try:
        return ledger.verify()
    finally:
        ledger.db.close()


def tamper(home: Path, seq: int, value: int, how: str) -> None:
    """Change the first figure of an entry in the table itself.

    Args:
        home: where the copy lies.
        seq: number of the entry.
        value: what shall stand there.
        how: `content` changes what the entry says; `fingerprint` makes the entry's own hashes fit again as well;
            `gone` takes the entry out.
    """
    copy = _opened(home)
    try:
        copy.write(lambda db: _take_out(db, seq) if how == "gone" else _rewrite(db, seq, value, how))
    finally:
        copy.close()


def _rewrite(db: sa.Connection, seq: int, value: int, how: str) -> None:
    row = tables.entry_row(db, seq)
    if row is None or row.payload is None:
        return
    held = _DECODER.decode(row.payload)
    figures = _figures(held.payload)
    if not figures:
        return
    _put(held.payload, figures[0][0], value)
    payload = msgspec.json.encode(held)
    p = tables.ledger_payloads
    db.execute(sa.update(p).where(p.c.seq == seq).values(payload=payload))
    if how == "fingerprint":
        digest = payload_hash(bytes(row.salt), payload)
        fits = entry_hash(tables.hash_before(db, seq), seq, row.kind, row.at_ms, digest)
        e = tables.ledger
        db.execute(sa.update(e).where(e.c.seq == seq).values(payload_hash=digest, hash=fits))


def _take_out(db: sa.Connection, seq: int) -> None:
    for table in (tables.ledger, tables.ledger_payloads):
        db.execute(sa.delete(table).where(table.c.seq == seq))


def _figures(held: object, path: tuple[str | int, ...] = ()) -> list[tuple[tuple[str | int, ...], int]]:
    """Whole numbers in a content with where they stand: nought last, and amounts of money before others."""
    found: list[tuple[tuple[str | int, ...], int]] = []
    parts: Any = held.items() if isinstance(held, dict) else enumerate(held) if isinstance(held, list) else ()
    for key, value in parts:
        if isinstance(value, int) and not isinstance(value, bool):
            found.append(((*path, key), value))
        else:
            found += _figures(value, (*path, key))
    return sorted(found, key=lambda one: (not one[1], not str(one[0][-1]).endswith(MINOR)))


def _put(held: Any, path: tuple[str | int, ...], value: int) -> None:
    for key in path[:-1]:
        held = held[key]
    held[path[-1]] = value


def _opened(home: Path) -> Database:
    return open_database(f"sqlite:///{home / FILE}")


def _ledger(rooms: Rooms, home: Path) -> Ledger:
    return Ledger(db=_opened(home), clock=rooms.clock, entropy=_none, shop=rooms.name)


def _none(_: int) -> bytes:
    raise AssertionError("nothing is written into the copy by way of the ledger")
