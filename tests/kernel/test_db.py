"""Both stores: what `read`, `write` and `submit` promise to a room."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from zhanggui.kernel.db import Database, hot_rows_among, insert_ignoring, open_database, upsert
from zhanggui.kernel.db.postgresql import ATTEMPTS, FIRST_PAUSE_S, PostgresqlDatabase
from zhanggui.kernel.errors import InvalidInput, Unavailable

TABLE = sa.Table("t_db", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("word", sa.String(20)))


@pytest.fixture
def store(any_database: Database) -> Database:
    any_database.write(TABLE.create)
    return any_database


def adding(*numbers: int) -> Callable[[sa.Connection], int]:
    def work(db: sa.Connection) -> int:
        db.execute(sa.insert(TABLE), [{"id": number, "word": "x"} for number in numbers])
        return len(numbers)

    return work


def numbers_in(database: Database) -> list[int]:
    with database.read() as db:
        return list(db.execute(sa.select(TABLE.c.id).order_by(TABLE.c.id)).scalars())


def test_a_write_answers_with_what_the_work_returned_and_keeps_its_rows(store: Database) -> None:
    assert store.write(adding(1, 2)) == 2
    assert numbers_in(store) == [1, 2]


@pytest.mark.parametrize("asked", [[], [2], [3, 1, 3, 9], range(1, 4)])
def test_rows_are_read_among_any_number_of_values(store: Database, asked: list[int]) -> None:
    store.write(adding(1, 2, 3))

    with store.read() as db:
        found = hot_rows_among(db, "SELECT id, word FROM t_db WHERE id", asked)

    assert sorted(found) == [(number, "x") for number in sorted({1, 2, 3} & set(asked))]


def test_a_work_that_fails_is_undone_alone_and_raises_to_its_own_caller(store: Database) -> None:
    def failing(db: sa.Connection) -> None:
        adding(100)(db)
        raise InvalidInput("no")

    gate = threading.Event()
    held = store.submit(lambda db: gate.wait(10))  # what comes now waits together
    futures = [store.submit(adding(1)), store.submit(failing), store.submit(adding(1)), store.submit(adding(2))]
    gate.set()

    held.result()
    outcomes = [type(future.exception(10)) for future in futures]
    assert sorted(outcome.__name__ for outcome in outcomes) == [
        "IntegrityError",
        "InvalidInput",
        "NoneType",
        "NoneType",
    ]
    assert numbers_in(store) == [1, 2]


def test_what_a_reader_sees_stands_still_while_others_write(store: Database) -> None:
    store.write(adding(1))

    with store.read() as db:
        before = db.execute(sa.select(sa.func.count()).select_from(TABLE)).scalar_one()
        store.write(adding(2))
        after = db.execute(sa.select(sa.func.count()).select_from(TABLE)).scalar_one()

    assert (before, after) == (1, 1)
    assert numbers_in(store) == [1, 2]


def test_a_reader_cannot_write(store: Database) -> None:
    with pytest.raises(sa.exc.DBAPIError), store.read() as db:
        adding(1)(db)

    assert numbers_in(store) == []


def test_many_threads_lose_nothing(store: Database) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: store.write(adding(number)), range(200)))

    assert numbers_in(store) == list(range(200))


def test_a_cancelled_future_neither_writes_nor_stops_the_writer(store: Database) -> None:
    gate = threading.Event()
    held = [store.submit(lambda db: gate.wait(10)) for _ in range(8)]  # as many as there are writers
    waiting: Future[int] = store.submit(adding(1))
    was_cancelled = waiting.cancel()
    gate.set()

    assert [future.result(10) for future in held] == [True] * 8
    assert was_cancelled
    assert store.write(adding(2)) == 1
    assert numbers_in(store) == [2]


def test_a_write_can_be_awaited_and_a_cancelled_task_harms_nobody(store: Database) -> None:
    async def scene() -> int:
        tasks = [asyncio.ensure_future(asyncio.wrap_future(store.submit(adding(number)))) for number in range(20)]
        tasks[3].cancel()
        answers = await asyncio.gather(*tasks, return_exceptions=True)
        return sum(answer == 1 for answer in answers)

    assert asyncio.run(scene()) == 19
    assert store.write(adding(1000)) == 1


def test_closing_finishes_what_waits_and_refuses_what_comes_after(store: Database) -> None:
    futures = [store.submit(adding(number)) for number in range(50)]

    store.close()

    assert [future.result(0) for future in futures] == [1] * 50
    with pytest.raises(Unavailable, match="closed"):
        store.write(adding(51))
    store.close()


def test_a_store_closed_before_its_first_write_stays_closed(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'a.db'}")
    database.close()

    with pytest.raises(Unavailable, match="closed"):
        database.write(adding(1))


def test_upsert_overwrites_and_insert_ignoring_leaves_as_it_is(store: Database) -> None:
    store.write(lambda db: upsert(db, TABLE, [{"id": 1, "word": "a"}, {"id": 2, "word": "b"}], keys=["id"]))
    store.write(lambda db: upsert(db, TABLE, [{"id": 1, "word": "c"}], keys=["id"]))
    store.write(lambda db: insert_ignoring(db, TABLE, [{"id": 1, "word": "d"}, {"id": 3, "word": "e"}], keys=["id"]))
    store.write(lambda db: upsert(db, TABLE, [], keys=["id"]))

    with store.read() as db:
        assert [tuple(row) for row in db.execute(sa.select(TABLE).order_by(TABLE.c.id))] == [
            (1, "c"),
            (2, "b"),
            (3, "e"),
        ]


def test_an_address_of_another_kind_is_refused_with_a_cure() -> None:
    with pytest.raises(InvalidInput, match="'mysql'") as refused:
        open_database("mysql://x/y")

    assert "sqlite:///" in refused.value.hint


@pytest.mark.postgresql
def test_two_works_that_lock_each_others_rows_both_end(postgresql: Database) -> None:
    postgresql.write(TABLE.create)
    postgresql.write(adding(1, 2))
    meeting = threading.Barrier(2)
    runs: list[int] = []

    def touching(first: int, second: int) -> Callable[[sa.Connection], None]:
        def work(db: sa.Connection) -> None:
            runs.append(first)
            db.execute(sa.update(TABLE).where(TABLE.c.id == first).values(word=str(first)))
            if len(runs) <= 2:
                meeting.wait(10)
            db.execute(sa.update(TABLE).where(TABLE.c.id == second).values(word=str(first)))

        return work

    futures = [postgresql.submit(touching(1, 2)), postgresql.submit(touching(2, 1))]

    assert [future.result(30) for future in futures] == [None, None]
    assert len(runs) > 2  # PostgreSQL stopped one of them, and it was run again


@pytest.mark.postgresql
def test_a_work_that_was_stopped_by_another_rests_longer_before_each_attempt(
    postgresql_address: str, postgresql_schema: str
) -> None:
    from psycopg.errors import DeadlockDetected

    pauses: list[float] = []
    database = PostgresqlDatabase(postgresql_address, schema=postgresql_schema, pause=pauses.append)

    def stopped(_: sa.Connection) -> None:
        raise sa.exc.OperationalError("UPDATE", None, DeadlockDetected())

    with pytest.raises(Unavailable, match="PostgreSQL could not commit"):
        database.write(stopped)
    database.close()

    bounds = [(FIRST_PAUSE_S * 2**n / 2, FIRST_PAUSE_S * 2**n) for n in range(ATTEMPTS - 1)]
    assert len(pauses) == ATTEMPTS - 1
    assert all(least <= pause <= most for pause, (least, most) in zip(pauses, bounds, strict=True))


@pytest.mark.postgresql
def test_a_server_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    database = open_database(f"postgresql://nobody@/nowhere?host={tmp_path}")

    with pytest.raises(Unavailable, match="PostgreSQL could not read"), database.read():
        pass
    with pytest.raises(Unavailable, match="PostgreSQL could not commit"):
        database.write(adding(1))
    database.close()
