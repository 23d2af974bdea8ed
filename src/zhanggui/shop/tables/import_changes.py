"""What each import changed, fact by fact, with what stood before: kept for a time, so that an import can be taken back.

A change is written in the transaction that makes it. Its place tells in which order changes came; going backwards
over them undoes an import. What an import appended to the history is kept as spans of arrival numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.db import BigKey, hot_rows, insert_ignoring, shop_metadata
from zhanggui.kernel.personal import Columns, Personal, PersonalText
from zhanggui.kernel.privacy import Duty

from .bulk import Row, put_rows, take_numbers
from .noted import Noted, Owner, Part, Span, unbroken
from .snapshots import (
    Place,
    State,
    columns_of,
    fingerprint,
    marked_states_of,
    numbers_of,
    packed,
    states_of,
    value_of,
)

import_changes = Personal(
    sa.Table(
        "import_changes",
        shop_metadata,
        sa.Column("import_id", sa.String(26), primary_key=True),
        sa.Column("place", BigKey, primary_key=True, autoincrement=False),  # turn of the import << 32 | place in it
        sa.Column("part", sa.SmallInteger, nullable=False),  # noted.Part
        sa.Column("number", sa.BigInteger, nullable=False),
        sa.Column("slot", sa.BigInteger, nullable=False),
        sa.Column("person", sa.BigInteger, index=True),  # whom the fact is about
        sa.Column("former", sa.BigInteger, index=True),  # whom it was about before
        sa.Column("after", sa.BigInteger, nullable=False),  # hash of how the import left it
        sa.Column("before", sa.LargeBinary),  # MessagePack of what stood there; null: nothing
        sa.Column("spans", sa.LargeBinary),  # MessagePack of [first, last] arrival numbers of what the history was told
    )
)

_TURN = 32
_COLUMNS = import_changes.columns
_COUNTED = ("order", "return", "link", "reviews", "questions", "person")
_LAST_SEQ = PersonalText("SELECT COALESCE(MAX(seq), 0) FROM events")
_NEW_ENDS = PersonalText("SELECT MIN(seq), MAX(seq) FROM events WHERE seq > ?")
# Others may append meanwhile: what this very transaction wrote carries its number.
_NEW_SEQS_HERE = PersonalText(
    "SELECT seq FROM events WHERE seq > ? AND xmin::text = mod(txid_current(), 4294967296)::text ORDER BY seq"
)
_NEW_PERSONS = PersonalText("SELECT number FROM persons WHERE number > ? ORDER BY number")
_NEW_PERSONS_HERE = PersonalText(
    "SELECT number FROM persons WHERE number > ? AND xmin::text = mod(txid_current(), 4294967296)::text ORDER BY number"
)
_NEW_LINKS = PersonalText("SELECT number FROM person_links WHERE number > ? ORDER BY number")


class Change(msgspec.Struct, frozen=True):
    """One change of one fact, or what events by file added to the history."""

    place: int
    part: Part
    number: int
    slot: int
    after: int
    before: bytes | None
    spans: tuple[Span, ...]

    def numbers(self) -> list[int]:
        """Of events that came by file the hashes of their ids, of new persons their numbers."""
        return [] if self.before is None else msgspec.msgpack.decode(self.before, type=list[int])


@dataclass(slots=True)
class Before:
    """What stood before a slice of an import was stored; `noted` is filled while it is."""

    names: Mapping[Part, Collection[str]]
    stood: dict[Part, dict[Place, State]]
    last_seq: int
    counters: dict[str, int]
    has_events: bool
    noted: Noted = field(default_factory=Noted)


def look_before(db: sa.Connection, names: Mapping[Part, Collection[str]], *, has_events: bool) -> Before:
    """Look at what the facts of a slice will change: ids by part, of prices and labels their products'."""
    if has_events and db.dialect.name == "postgresql":
        take_numbers(db, "link", 0)  # until the commit every new login is ours
    stood = {part: states_of(db, part, numbers_of(db, part, ids)) for part, ids in names.items() if ids}
    counters = dict(hot_rows(db, "SELECT kind, last FROM number_counters"))
    last_seq = int(_LAST_SEQ.rows(db, Duty.UPKEEP)[0][0])
    return Before(names, stood, last_seq, {kind: int(counters.get(kind, 0)) for kind in _COUNTED}, has_events)


def note_changes(db: sa.Connection, import_id: str, turn: int, before: Before) -> None:
    """Note what storing a slice changed; in the same transaction."""
    spans = _spans(db, before)
    rows: list[Row] = []
    for part, ids in before.names.items():
        stood = before.stood.get(part, {})
        stands = marked_states_of(db, part, numbers_of(db, part, ids)) if ids else {}
        for place, state in stands.items():
            was = stood.get(place)
            if was is None or fingerprint(part, state) != fingerprint(part, was):
                rows.append(_row(part, place, was, state, spans.get((part, place[0]), [])))
    rows += _new_logins(db, before) if before.has_events else []
    rows += _new_persons(db, before)
    if before.noted.event_ids:
        kept = msgspec.msgpack.encode(before.noted.event_ids)
        told = msgspec.msgpack.encode(spans.get((Part.EVENTS, 0), []))
        rows.append((int(Part.EVENTS), 0, 0, None, None, 0, kept, told))
    if rows:
        _note_marks(db, import_id, before)
        first = (turn << _TURN) + 1
        put_rows(db, import_changes, _COLUMNS, [(import_id, first + n, *row) for n, row in enumerate(rows)])


def _new_logins(db: sa.Connection, before: Before) -> list[Row]:
    new = [row[0] for row in _NEW_LINKS.rows(db, Duty.UPKEEP, (before.counters["link"],))]
    return [_row(Part.LOGINS, place, None, state, []) for place, state in states_of(db, Part.LOGINS, new).items()]


def _new_persons(db: sa.Connection, before: Before) -> list[Row]:
    asked = _NEW_PERSONS_HERE if db.dialect.name == "postgresql" else _NEW_PERSONS
    new = [int(row[0]) for row in asked.rows(db, Duty.UPKEEP, (before.counters["person"],))]
    return [(int(Part.PERSONS), 0, 0, None, None, 0, msgspec.msgpack.encode(new), None)] if new else []


def next_turn(db: sa.Connection, import_id: str) -> int:
    """The turn with which an import goes on that was stopped; 0 for a new one."""
    c = import_changes.for_(Duty.UPKEEP).c
    last = db.execute(sa.select(sa.func.max(c.place)).where(c.import_id == import_id)).scalar()
    return 0 if last is None else (int(last) >> _TURN) + 1


def _row(part: Part, place: Place, was: State | None, state: State, spans: Sequence[Span]) -> Row:
    told = msgspec.msgpack.encode(spans) if spans else None
    whose, former = _person(part, state), None if was is None else _person(part, was)
    kept = None if was is None else packed(was)
    return (int(part), *place, whose, former, fingerprint(part, state), kept, told)


def _person(part: Part, state: State) -> int | None:
    columns = columns_of(part)
    name = next((name for name in ("person", "customer") if name in columns), "")
    person = value_of(part, state, name) if name else None
    return person if isinstance(person, int) else None


def _spans(db: sa.Connection, before: Before) -> dict[Owner, list[Span]]:
    """Runs of arrival numbers by whose word they are."""
    owners = before.noted.owners
    if not owners:
        return {}
    seqs = _new_seqs(db, before)
    if len(seqs) != len(owners):
        raise RuntimeError(f"an import appended {len(owners)} events, and {len(seqs)} are new")
    found: dict[Owner, list[Span]] = {}
    start = 0
    for owner, run in groupby(owners):
        end = start + sum(1 for _ in run)
        found.setdefault(owner, []).extend(unbroken(seqs[start:end]))
        start = end
    return found


def _new_seqs(db: sa.Connection, before: Before) -> Sequence[int]:
    """The arrival numbers of what this transaction told the history, upwards."""
    if db.dialect.name == "postgresql":
        return [int(row[0]) for row in _NEW_SEQS_HERE.rows(db, Duty.UPKEEP, (before.last_seq,))]
    # One writer at a time, and each event gets the next number: nothing of others stands between.
    first, last = _NEW_ENDS.rows(db, Duty.UPKEEP, (before.last_seq,))[0]
    return range(0) if first is None else range(first, last + 1)


def _note_marks(db: sa.Connection, import_id: str, before: Before) -> None:
    """Note how far the shop's numbers were when the import began, and the history as of now."""
    last_seq = int(_LAST_SEQ.rows(db, Duty.UPKEEP)[0][0])
    row = {"import_id": import_id, "place": 0, "part": int(Part.MARKS), "number": 0, "slot": 0, "after": last_seq}
    row["before"] = msgspec.json.encode(before.counters)
    insert_ignoring(db, import_changes.for_(Duty.UPKEEP), [row], keys=["import_id", "place"])
    marks = import_changes.update(lambda c: (c.import_id == import_id) & (c.place == 0) & (c.after < last_seq))
    db.execute(marks.values(after=last_seq))


class Marks(msgspec.Struct, frozen=True):
    """How far the shop's numbers were when an import began, by kind; `last_seq`: the history when it ended."""

    counters: dict[str, int]
    last_seq: int


def marks_of(db: sa.Connection, import_id: str) -> Marks | None:
    """The marks of an import that changed anything that can still be taken back."""
    rows = _read(db, import_id, import_changes.for_(Duty.UPKEEP).c.place == 0, 1, is_backwards=False)
    if not rows or rows[0].part is not Part.MARKS or rows[0].before is None:
        return None
    return Marks(msgspec.json.decode(rows[0].before, type=dict[str, int]), rows[0].after)


def last_changes(db: sa.Connection, import_id: str, limit: int, below: int | None = None) -> list[Change]:
    """The last changes of facts by an import that were not taken back yet, the last one first."""
    c = import_changes.for_(Duty.UPKEEP).c
    wanted = (c.place > 0) & (c.part != int(Part.PERSONS))
    return _read(db, import_id, wanted if below is None else wanted & (c.place < below), limit, is_backwards=True)


def new_persons(db: sa.Connection, import_id: str, limit: int) -> list[Change]:
    """Some of the slices with which people got numbers."""
    c = import_changes.for_(Duty.UPKEEP).c
    return _read(db, import_id, c.part == int(Part.PERSONS), limit, is_backwards=True)


def count_changes(db: sa.Connection, import_id: str) -> int:
    """How many changes of an import were not taken back yet."""
    c = import_changes.for_(Duty.UPKEEP).c
    chosen = sa.select(sa.func.count()).where(c.import_id == import_id, c.place > 0)
    return int(db.execute(chosen).scalar_one())


def drop_changes(db: sa.Connection, import_id: str, places: Sequence[int]) -> None:
    """Forget changes that were dealt with."""
    wanted = list(places)
    db.execute(import_changes.delete(lambda c: (c.import_id == import_id) & c.place.in_(wanted)))


def drop_marks(db: sa.Connection, import_id: str) -> None:
    """Forget an import that was taken back."""
    db.execute(import_changes.delete(lambda c: c.import_id == import_id))


def drop_old_changes(db: sa.Connection, before_id: str, limit: int) -> int:
    """Forget some changes of imports older than an id (ids sort by time); returns how many rows went."""
    c = import_changes.for_(Duty.UPKEEP).c
    chosen = sa.select(c.import_id, c.place).where(c.import_id < before_id).order_by(c.import_id, c.place).limit(limit)
    old = db.execute(chosen).all()
    for import_id in {row.import_id for row in old}:
        drop_changes(db, import_id, [row.place for row in old if row.import_id == import_id])
    return len(old)


def changes_about(db: sa.Connection, persons: Collection[int]) -> list[tuple[str, Part]]:
    """Which import changed what about some persons, oldest first."""
    c, wanted = import_changes.for_(Duty.RIGHTS).c, list(persons)
    asked = sa.select(c.import_id, c.part).where(c.person.in_(wanted) | c.former.in_(wanted))
    rows = db.execute(asked.order_by(c.import_id, c.place))
    return list(dict.fromkeys((row.import_id, Part(row.part)) for row in rows))


def scrub_changes(db: sa.Connection, persons: Collection[int]) -> int:
    """Take what stood before about some persons out of what imports changed; it can be taken back no more.

    What stood in questions goes for everybody: others may have answered them.
    """
    wanted, questions = list(persons), int(Part.QUESTIONS)

    def is_theirs(c: Columns) -> sa.ColumnElement[bool]:
        asked = (c.part == questions) & c.before.is_not(None)
        return c.person.in_(wanted) | c.former.in_(wanted) | asked

    return db.execute(import_changes.update(is_theirs).values(before=None, after=0, person=None, former=None)).rowcount


def _read(
    db: sa.Connection, import_id: str, wanted: sa.ColumnElement[bool], limit: int, *, is_backwards: bool
) -> list[Change]:
    c = import_changes.for_(Duty.UPKEEP).c
    chosen = sa.select(*(c[name] for name in Change.__struct_fields__)).where(c.import_id == import_id, wanted)
    rows = db.execute(chosen.order_by(c.place.desc() if is_backwards else c.place).limit(limit))
    return [_change(row) for row in rows]


def _change(row: sa.Row[Any]) -> Change:
    spans = msgspec.msgpack.decode(row.spans, type=tuple[Span, ...]) if row.spans else ()
    return Change(row.place, Part(row.part), row.number, row.slot, row.after, row.before, spans)
