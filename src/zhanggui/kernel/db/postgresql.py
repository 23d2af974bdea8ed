"""PostgreSQL by psycopg 3: each work is one transaction; a shop is a schema."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, Literal, TypeVar

import sqlalchemy as sa

from zhanggui.kernel.errors import Unavailable

from .database import Work

T = TypeVar("T")
WRITERS = 4


class PostgresqlDatabase:
    """A store in one schema of a PostgreSQL database. See `Database` for what its methods promise."""

    dialect: Literal["sqlite", "postgresql"] = "postgresql"

    def __init__(self, address: str, *, schema: str) -> None:
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
        self._writers = ThreadPoolExecutor(WRITERS, thread_name_prefix=f"writer:{self.schema}")

    def _use_schema(self, connection: Any, _record: Any) -> None:
        with connection.cursor() as cursor:
            quoted = self.schema.replace('"', '""')
            cursor.execute(f'SET search_path TO "{quoted}"')
            cursor.execute("SET TIME ZONE 'UTC'")
        connection.commit()

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A connection on one consistent snapshot."""
        with self._engine.connect().execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        ) as connection:
            try:
                yield connection
            finally:
                connection.rollback()

    def write(self, work: Work[T]) -> T:
        """Run `work` in a transaction of its own, on the caller's thread."""
        try:
            with self._engine.begin() as connection:
                return work(connection)
        except sa.exc.OperationalError as error:
            raise Unavailable(
                f"PostgreSQL did not commit: {error.orig}", hint="Check that the server is up."
            ) from error

    def submit(self, work: Work[T]) -> Future[T]:
        """Run `work` in a transaction of its own, on a writer's thread."""
        return self._writers.submit(self.write, work)

    def close(self) -> None:
        """Finish what waits, then close."""
        self._writers.shutdown(wait=True)
        self._engine.dispose()
