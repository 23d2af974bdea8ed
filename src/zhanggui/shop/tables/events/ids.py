"""Ids of accepted events: 64-bit hashes in one small table per UTC day of the event.

Random keys slow a growing B-tree down; a day's table stays small and is dropped whole. The tables are made on demand
by the writer, so they stand in no metadata and in no migration: a store's schema without `event_ids_*` is complete.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.clock import DAY_MS, from_ms, to_ms
from zhanggui.kernel.db import hot_rows, hot_run

PREFIX = "event_ids_"
ADVISORY_LOCK = 0x5A47_0E1D
"""Held on PostgreSQL while a day's table is made: IF NOT EXISTS alone collides when two come at once."""

IdKey = tuple[int, int, bool]
"""(day number, hash, whether the day is only the moment of arrival)."""


def table_name(day: int) -> str:
    """The name of a day's table: `event_ids_20260314`."""
    return f"{PREFIX}{from_ms(day * DAY_MS):%Y%m%d}"


def days_of(keys: Iterable[IdKey]) -> frozenset[int]:
    """The days whose tables are needed for these ids."""
    found: set[int] = set()
    for day, is_timeless in {(day, is_timeless) for day, _, is_timeless in keys}:
        found |= {day - 1, day} if is_timeless else {day}
    return frozenset(found)


def take_new(db: sa.Connection, keys: Sequence[IdKey], *, standing: Collection[int] = ()) -> list[bool]:
    """Note ids, and say of each whether it is new: not stored before, and the first of its kind among `keys`.

    Args:
        db: a connection of `write`.
        keys: the ids, in order of arrival.
        standing: days whose tables are known to stand.
    """
    for day in sorted(days_of(keys).difference(standing)):
        _make(db, day)
    by_day: dict[int, set[int]] = {}
    timeless: dict[int, set[int]] = {}
    for day, hash_, is_timeless in keys:
        by_day.setdefault(day, set()).add(hash_)
        if is_timeless:
            timeless.setdefault(day, set()).add(hash_)
    fresh: dict[int, set[int]] = {}
    for day in sorted(by_day):  # in one order, so that two writers on PostgreSQL never wait for one another
        fresh[day] = _insert(db, day, by_day[day], timeless.get(day, set()))
    if sum(map(len, fresh.values())) == len(keys):
        return [True] * len(keys)
    return [_take(fresh[day], hash_) for day, hash_, _ in keys]


def _take(fresh: set[int], hash_: int) -> bool:
    if hash_ not in fresh:
        return False
    fresh.remove(hash_)
    return True


def _make(db: sa.Connection, day: int) -> None:
    name = table_name(day)
    if db.dialect.name == "postgresql":
        if db.exec_driver_sql("SELECT to_regclass(%s)", (name,)).scalar() is not None:
            return
        db.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (ADVISORY_LOCK,))
        db.exec_driver_sql(f"CREATE TABLE IF NOT EXISTS {name} (id bigint PRIMARY KEY)")
    else:
        db.exec_driver_sql(f"CREATE TABLE IF NOT EXISTS {name} (id INTEGER PRIMARY KEY)")


def _insert(db: sa.Connection, day: int, hashes: set[int], timeless: set[int]) -> set[int]:
    """Insert what is not there yet, and of `timeless` not the day before either; returns that."""
    name, before = table_name(day), table_name(day - 1)
    if db.dialect.name == "postgresql":
        if timeless:
            yesterday = hot_rows(db, f"SELECT id FROM {before} WHERE id = ANY(?)", (list(timeless),))  # noqa: S608
            hashes = hashes.difference(row[0] for row in yesterday)
        sql = f"INSERT INTO {name} SELECT unnest(?::bigint[]) ON CONFLICT DO NOTHING RETURNING id"
        return {row[0] for row in hot_rows(db, sql, (sorted(hashes),))}
    if timeless:
        hashes = hashes - _among(db, before, timeless)
    try:
        _add(db, name, hashes)
    except db.dialect.loaded_dbapi.IntegrityError:
        # Nearly always all are new, so nobody looked before. The statement that failed is undone as a whole.
        hashes = hashes - _among(db, name, hashes)
        _add(db, name, hashes)
    return hashes


def _among(db: sa.Connection, name: str, hashes: set[int]) -> set[int]:
    sql = f"SELECT t.id FROM json_each(?) AS asked CROSS JOIN {name} AS t ON t.id = asked.value"  # noqa: S608
    return {row[0] for row in hot_rows(db, sql, (_json(sorted(hashes)),))}  # in order: neighbours land on one page


def _add(db: sa.Connection, name: str, hashes: set[int]) -> None:
    hot_run(db, f"INSERT INTO {name} SELECT value FROM json_each(?)", (_json(sorted(hashes)),))  # noqa: S608


def _json(numbers: Iterable[int]) -> str:
    return msgspec.json.encode(list(numbers)).decode()


def id_tables(db: sa.Connection) -> list[str]:
    """The names of all days' tables, oldest first."""
    if db.dialect.name == "postgresql":
        found = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
    else:
        found = "SELECT name FROM sqlite_master WHERE type = 'table'"
    return sorted(row[0] for row in db.exec_driver_sql(found) if row[0].startswith(PREFIX))


def known_ids_in_order(db: sa.Connection, limit: int) -> Iterator[tuple[int, list[int]]]:
    """(day, hashes) of all ids that are remembered, by day and then by hash, at most `limit` at a time."""
    for name in id_tables(db):
        day = to_ms(datetime.strptime(name.removeprefix(PREFIX), "%Y%m%d").replace(tzinfo=UTC)) // DAY_MS
        table = sa.table(name, sa.column("id", sa.BigInteger))
        chosen, hashes = sa.select(table.c.id).order_by(table.c.id).limit(limit), list[int]()
        while hashes := list(db.execute(chosen.where(table.c.id > hashes[-1]) if hashes else chosen).scalars()):
            yield day, hashes


def add_known_ids(db: sa.Connection, keys: Iterable[tuple[int, int]]) -> int:
    """Remember (day, hash) of ids; returns how many were not remembered."""
    return sum(take_new(db, [(day, hash_, False) for day, hash_ in keys]))


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
