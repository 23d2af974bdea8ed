"""Ids of accepted events: 64-bit hashes in one small table per UTC day of the event.

Random keys slow a growing B-tree down; a day's table stays small and is dropped whole. The tables are made on demand
by the writer, so they stand in no metadata and in no migration: a store's schema without `event_ids_*` is complete.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.clock import DAY_MS, from_ms

PREFIX = "event_ids_"
ADVISORY_LOCK = 0x5A47_0E1D
"""Held on PostgreSQL while a day's table is made: IF NOT EXISTS alone collides when two come at once."""

IdKey = tuple[int, int, bool]
"""(day number, hash, whether the day is only the moment of arrival)."""


def table_name(day: int) -> str:
    """The name of a day's table: `event_ids_20260314`."""
    return f"{PREFIX}{from_ms(day * DAY_MS):%Y%m%d}"


def take_new(db: sa.Connection, keys: Sequence[IdKey]) -> list[bool]:
    """Note ids, and say of each whether it is new: not stored before, and the first of its kind among `keys`."""
    by_day: dict[int, list[int]] = {}
    timeless: dict[int, list[int]] = {}
    for day, hash_, is_timeless in keys:
        by_day.setdefault(day, []).append(hash_)
        if is_timeless:
            timeless.setdefault(day, []).append(hash_)
    fresh: dict[int, set[int]] = {}
    for day in sorted(by_day):  # in one order, so that two writers on PostgreSQL never wait for one another
        _ensure(db, day)
        wanted = set(by_day[day])
        if day in timeless:
            _ensure(db, day - 1)
            wanted -= _among(db, day - 1, timeless[day])
        fresh[day] = _insert(db, day, wanted)
    if sum(map(len, fresh.values())) == len(keys):
        return [True] * len(keys)
    return [_take(fresh[day], hash_) for day, hash_, _ in keys]


def _take(fresh: set[int], hash_: int) -> bool:
    if hash_ not in fresh:
        return False
    fresh.remove(hash_)
    return True


def _ensure(db: sa.Connection, day: int) -> None:
    name = table_name(day)
    if db.dialect.name == "postgresql":
        if db.exec_driver_sql("SELECT to_regclass(%s)", (name,)).scalar() is not None:
            return
        db.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (ADVISORY_LOCK,))
        db.exec_driver_sql(f"CREATE TABLE IF NOT EXISTS {name} (id bigint PRIMARY KEY)")
    else:
        db.exec_driver_sql(f"CREATE TABLE IF NOT EXISTS {name} (id INTEGER PRIMARY KEY)")


def _insert(db: sa.Connection, day: int, hashes: set[int]) -> set[int]:
    """Insert what is not there yet; returns that."""
    name, ordered = table_name(day), sorted(hashes)  # neighbours land on one page
    if db.dialect.name == "postgresql":
        sql = f"INSERT INTO {name} SELECT unnest(%s::bigint[]) ON CONFLICT DO NOTHING RETURNING id"
        return {row[0] for row in db.exec_driver_sql(sql, (ordered,))}
    # Nearly always all are new, and then nothing needs to be read back.
    db.exec_driver_sql("SAVEPOINT ids")
    if _insert_sqlite(db, name, ordered) < len(ordered):
        db.exec_driver_sql("ROLLBACK TO ids")
        hashes = hashes - _among(db, day, hashes)
        _insert_sqlite(db, name, sorted(hashes))
    db.exec_driver_sql("RELEASE ids")
    return hashes


def _insert_sqlite(db: sa.Connection, name: str, ordered: list[int]) -> int:
    sql = f"INSERT OR IGNORE INTO {name} SELECT value FROM json_each(?)"  # noqa: S608
    return db.exec_driver_sql(sql, (_json(ordered),)).rowcount


def _among(db: sa.Connection, day: int, hashes: Iterable[int]) -> set[int]:
    chosen = f"SELECT id FROM {table_name(day)} WHERE id"  # noqa: S608
    if db.dialect.name == "postgresql":
        rows = db.exec_driver_sql(f"{chosen} = ANY(%s)", (list(hashes),))
    else:
        rows = db.exec_driver_sql(f"{chosen} IN (SELECT value FROM json_each(?))", (_json(hashes),))  # noqa: S608
    return {row[0] for row in rows}


def _json(numbers: Iterable[int]) -> str:
    return msgspec.json.encode(list(numbers)).decode()


def id_tables(db: sa.Connection) -> list[str]:
    """The names of all days' tables, oldest first."""
    if db.dialect.name == "postgresql":
        found = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
    else:
        found = "SELECT name FROM sqlite_master WHERE type = 'table'"
    return sorted(row[0] for row in db.exec_driver_sql(found) if row[0].startswith(PREFIX))


def drop_some(db: sa.Connection, name: str, limit: int) -> bool:
    """Take a day's table down by at most `limit` ids; True when it is gone.

    Dropping millions of rows at once would keep all other writers waiting.
    """
    if name not in id_tables(db):
        return True
    some = f"(SELECT id FROM {name} ORDER BY id LIMIT {limit:d})"  # noqa: S608
    if db.exec_driver_sql(f"DELETE FROM {name} WHERE id IN {some}").rowcount < limit:  # noqa: S608
        db.exec_driver_sql(f"DROP TABLE {name}")
        return True
    return False
