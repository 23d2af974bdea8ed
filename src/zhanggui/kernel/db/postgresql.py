"""PostgreSQL by psycopg 3: each work is one transaction; a shop is a schema."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any, Literal, TypeVar

import sqlalchemy as sa

from zhanggui.kernel.errors import Unavailable

from .database import Work, store_closed
from .peeking import Peeking

T = TypeVar("T")
WRITERS = 4
ATTEMPTS = 6
FIRST_PAUSE_S = 0.05
"""Twice as long before each further attempt: 1.5 s in all, at most."""
COLLISIONS = {"40001", "40P01"}
"""SQLSTATE of a serialization failure and of a deadlock."""


class PostgresqlDatabase:
    """A store in one schema of a PostgreSQL database. See `Database` for what its methods promise.

    Args:
        address: `postgresql://user:password@host/name`.
        schema: whose tables are meant; "" for `public`.
        pause: rests for so many seconds between the attempts of a work.
    """

    dialect: Literal["sqlite", "postgresql"] = "postgresql"

    def __init__(self, address: str, *, schema: str, pause: Callable[[float], None] = time.sleep) -> None:
        try:
            import psycopg  # noqa: F401  (asked for here so that a missing extra is named, not a traceback)
        except ImportError as error:
            raise Unavailable(
                "PostgreSQL needs a driver that is not installed.",
                hint="Install it: pip install 'zhanggui[postgresql]'",
            ) from error
        self.schema = schema or "public"
        url = address.replace("postgresql://", "postgresql+psycopg://", 1)
        self._engine = sa.create_engine(url, pool_size=8, max_overflow=64, pool_pre_ping=True)
        sa.event.listen(self._engine, "connect", self._use_schema)
        self._peeking = Peeking(self._engine)
        self._writers = ThreadPoolExecutor(WRITERS, thread_name_prefix=f"writer:{self.schema}")
        self._pause = pause
        self._draw = random.Random().random  # noqa: S311  (spreads attempts; every process draws its own)
        self._is_closed = False

    def _use_schema(self, connection: Any, _record: Any) -> None:
        with connection.cursor() as cursor:
            quoted = self.schema.replace('"', '""')
            cursor.execute(f'SET search_path TO "{quoted}"')
            cursor.execute("SET TIME ZONE 'UTC'")
        connection.commit()

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A connection on one consistent snapshot; it cannot write."""
        try:
            with self._engine.connect().execution_options(
                isolation_level="REPEATABLE READ", postgresql_readonly=True
            ) as connection:
                try:
                    yield connection
                finally:
                    with suppress(sa.exc.DBAPIError):  # a lost connection has nothing to undo
                        connection.rollback()
        except sa.exc.OperationalError as error:
            raise _unavailable("read", error) from error

    def peek(self, select: str) -> tuple[Any, ...] | None:
        """The first row of a SELECT, in a transaction of its own."""
        return self._peeking(select)

    def write(self, work: Work[T]) -> T:
        """Run `work` in a transaction of its own, on the caller's thread.

        Two works that lock the same rows in another order stop one another; PostgreSQL undoes one, which is then
        run again after a pause: at once it could take its rows before the other has woken up, and stop it anew.
        """
        self._require_open()
        for attempt in range(ATTEMPTS):
            try:
                with self._engine.begin() as connection:
                    return work(connection)
            except sa.exc.OperationalError as error:
                if getattr(error.orig, "sqlstate", None) not in COLLISIONS or attempt == ATTEMPTS - 1:
                    raise _unavailable("commit", error) from error
            self._pause(FIRST_PAUSE_S * 2**attempt * (1 + self._draw()) / 2)
        raise AssertionError("unreachable: the last attempt returns or raises")

    def submit(self, work: Work[T]) -> Future[T]:
        """Run `work` in a transaction of its own, on a writer's thread."""
        self._require_open()
        return self._writers.submit(self.write, work)

    def scrub(self) -> None:
        """Free the space of deleted rows, table by table; readers and writers go on."""
        self._require_open()
        tables = sa.text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1")
        try:
            with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                for name in connection.execute(tables).scalars().all():
                    connection.exec_driver_sql(f'VACUUM "{name}"')
        except sa.exc.OperationalError as error:
            raise _unavailable("vacuum", error) from error

    def close(self) -> None:
        """Finish what waits, then close."""
        self._writers.shutdown(wait=True)
        self._is_closed = True
        self._peeking.close()
        self._engine.dispose()

    def _require_open(self) -> None:
        if self._is_closed:
            raise store_closed()


def _unavailable(wish: str, error: sa.exc.OperationalError) -> Unavailable:
    return Unavailable(f"PostgreSQL could not {wish}: {error.orig}.", hint="Check that the server is up and has room.")
