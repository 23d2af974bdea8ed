"""Stored profiles: one row a person's number, and how far the log was folded."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.db import hot_rows, hot_run_many, shop_metadata, upsert
from zhanggui.kernel.personal import Columns, Personal, PersonalText
from zhanggui.kernel.privacy import Reason
from zhanggui.kernel.slices import sliced

profiles = Personal(
    sa.Table(
        "audience_profiles",
        shop_metadata,
        sa.Column("person", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("seen_seq", sa.BigInteger, nullable=False),  # the last event that the state has seen
        sa.Column("last_ms", sa.BigInteger, nullable=False),
        sa.Column("orders", sa.BigInteger, nullable=False),
        sa.Column("last_order_ms", sa.BigInteger, nullable=False),  # 0 for none
        sa.Column("spent_minor", sa.BigInteger, nullable=False),
        sa.Column("state", sa.LargeBinary, nullable=False),  # MessagePack of engines.profile.State
    )
)

starts = Personal(
    sa.Table(
        "audience_starts",
        shop_metadata,
        sa.Column("person", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("after_seq", sa.BigInteger, nullable=False),  # events up to here count no more; `_ALL_AGAIN`
    )
)

foldings = sa.Table(
    "audience_foldings",
    shop_metadata,
    sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=False),  # 1: there is one
    sa.Column("until_seq", sa.BigInteger, nullable=False),  # events up to here are folded in
    sa.Column("change_seq", sa.BigInteger, nullable=False),  # the change feed as of then
    sa.Column("at_ms", sa.BigInteger, nullable=False),
    sa.Column("fifths", sa.LargeBinary, nullable=False),  # JSON: where the shop's customers part into fifths
)

_AT_ONCE = 500
_ALL_AGAIN = -1
"""As `after_seq`: everything counts again, and the row is still to be folded from the archive."""
_ROW = PersonalText("SELECT state FROM audience_profiles WHERE person = ?")
_START = PersonalText("SELECT after_seq FROM audience_starts WHERE person = ?")
_STATES = PersonalText("SELECT person, state FROM audience_profiles WHERE person")
_STARTS = PersonalText("SELECT person, after_seq FROM audience_starts WHERE person")
_FOLDING = "SELECT until_seq, change_seq, at_ms, fifths FROM audience_foldings"


class StoredProfile(msgspec.Struct, frozen=True, gc=False):
    """One row of `audience_profiles`."""

    person: int
    seen_seq: int
    last_ms: int
    orders: int
    last_order_ms: int
    spent_minor: int
    state: bytes


class StoredFolding(msgspec.Struct, frozen=True):
    """How far the log was folded, and what was counted of all then."""

    until_seq: int
    change_seq: int
    at_ms: int
    fifths: bytes


def state_of(db: sa.Connection, person: int, *, purpose: Reason) -> bytes | None:
    """The stored state of one number: the hot way."""
    rows = _ROW.rows(db, purpose, (person,))
    return rows[0][0] if rows else None


def start_of(db: sa.Connection, person: int, *, purpose: Reason) -> int:
    """Up to which event nothing counts of one number; 0 where everything does."""
    rows = _START.rows(db, purpose, (person,))
    return max(0, int(rows[0][0])) if rows else 0


def states_of(db: sa.Connection, persons: Collection[int], *, purpose: Reason) -> dict[int, bytes]:
    """The stored states of these numbers."""
    return dict(_STATES.rows_among(db, purpose, persons))


def starts_of(db: sa.Connection, persons: Collection[int], *, purpose: Reason) -> dict[int, int]:
    """Up to which event nothing counts, for those of whom that was said."""
    return {person: max(0, seq) for person, seq in said_starts(db, persons, purpose=purpose).items()}


def said_starts(db: sa.Connection, persons: Collection[int], *, purpose: Reason) -> dict[int, int]:
    """What was said of them, as it stands: two readings that differ had a forgetting between them, or its undoing."""
    return dict(_STARTS.rows_among(db, purpose, persons))


_COLUMNS = StoredProfile.__struct_fields__
_STORE = (
    f"INSERT INTO audience_profiles ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))}) "  # noqa: S608
    f"ON CONFLICT (person) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in _COLUMNS[1:])} "
    "WHERE excluded.seen_seq >= audience_profiles.seen_seq"
)


def store_profiles(db: sa.Connection, rows: Sequence[StoredProfile]) -> None:
    """Write rows anew, but over none that has seen later events: of two who fold at once the slower may be the last.

    At a fifth of the cost of `upsert`, for whole logs are folded through here.
    """
    if rows:
        hot_run_many(db, _STORE, [msgspec.structs.astuple(row) for row in rows])


def drop_profiles(db: sa.Connection, persons: Collection[int]) -> int:
    """Delete the rows of these numbers; returns how many there were."""
    return profiles.delete_people(db, persons)


def set_starts(db: sa.Connection, after: Mapping[int, int]) -> None:
    """Say from where on events count."""
    starts.upsert(db, [{"person": person, "after_seq": seq} for person, seq in after.items()], keys=["person"])


def set_all_again(db: sa.Connection, persons: Collection[int]) -> None:
    """Let everything count again, what lies in the archive as soon as it has been folded: see `still_to_fold`."""
    set_starts(db, dict.fromkeys(persons, _ALL_AGAIN))


def still_to_fold(db: sa.Connection, *, purpose: Reason) -> list[int]:
    """Of whom everything counts again, and whose rows were not folded since."""
    table = starts.for_(purpose)
    return [row[0] for row in db.execute(sa.select(table.c.person).where(table.c.after_seq == _ALL_AGAIN))]


def take_to_fold(db: sa.Connection, persons: Collection[int]) -> set[int]:
    """Those of these of whom everything still counts again; they are then as anybody else."""
    taken: set[int] = set()
    for some in sliced(list(persons), _AT_ONCE):
        due = starts.delete(partial(_to_fold_among, some))
        taken.update(db.execute(due.returning(sa.literal_column("person", sa.BigInteger))).scalars())
    return taken


def _to_fold_among(persons: Sequence[int], c: Columns) -> sa.ColumnElement[bool]:
    return c.person.in_(persons) & (c.after_seq == _ALL_AGAIN)


def drop_starts(db: sa.Connection, persons: Collection[int]) -> int:
    """Let everything count again; returns for how many something else was said."""
    return starts.delete_people(db, persons)


def persons_with_profiles(db: sa.Connection, *, purpose: Reason) -> list[int]:
    """All numbers that have a row."""
    return [row[0] for row in db.execute(sa.select(profiles.for_(purpose).c.person))]


def money_of_all(db: sa.Connection, *, purpose: Reason) -> list[tuple[int, int, int]]:
    """(last_order_ms, orders, spent_minor) of all who have ordered; nobody is named."""
    c = profiles.for_(purpose).c
    rows = db.execute(sa.select(c.last_order_ms, c.orders, c.spent_minor).where(c.orders > 0))
    return [(row[0], row[1], row[2]) for row in rows]


def folding(db: sa.Connection) -> StoredFolding | None:
    """How far the log was folded; None before the first time."""
    rows = hot_rows(db, _FOLDING)
    return StoredFolding(*rows[0]) if rows else None


def set_folding(db: sa.Connection, held: StoredFolding) -> None:
    """Note how far the log was folded, unless somebody else noted that it was folded further."""
    before = folding(db)
    if before is not None and before.until_seq > held.until_seq:
        return
    upsert(db, foldings, [{"id": 1, **msgspec.structs.asdict(held)}], keys=["id"])
