"""The cheapest read there is: one row, outside of a transaction, on a connection that is kept open for it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from zhanggui.kernel.errors import Unavailable

from .database import store_closed
from .idle import Idle


class Peeking:
    """Reads single rows of one store.

    The pool's checkout and the two statements around a snapshot cost several times the row itself, which counts where
    every request reads one.
    """

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine
        self._failure: type[Exception] = engine.dialect.loaded_dbapi.Error
        self._idle: Idle[Any] = Idle()

    def __call__(self, select: str) -> tuple[Any, ...] | None:
        """The first row of a SELECT without parameters; None when there is none.

        Raises:
            Unavailable: the store cannot be read.
        """
        connection = self._idle.take()
        if connection is None:
            return self._read(self._connect(), select)
        try:
            return self._read(connection, select)
        except Unavailable:  # the server may have gone and come back since this connection was made
            return self._read(self._connect(), select)

    def close(self) -> None:
        """Close what is kept."""
        self._idle.close()

    def _connect(self) -> Any:
        if self._idle.is_closed:
            raise store_closed()
        try:
            pooled = self._engine.raw_connection()
        except sa.exc.DBAPIError as error:
            raise _unavailable(error.orig) from error
        except self._failure as error:
            raise _unavailable(error) from error
        connection: Any = pooled.driver_connection
        pooled.detach()
        if self._engine.dialect.name == "postgresql":
            connection.autocommit = True
        return connection

    def _read(self, connection: Any, select: str) -> tuple[Any, ...] | None:
        try:
            # All rows are fetched: a statement that is not at its end would hold its snapshot, and the log could not
            # be started over.
            rows = connection.execute(select).fetchall()
        except self._failure as error:
            connection.close()
            raise _unavailable(error) from error
        self._idle.give_back(connection)
        return rows[0] if rows else None


def _unavailable(error: BaseException | None) -> Unavailable:
    return Unavailable(f"The store cannot be read: {error}.", hint="Run: zhanggui doctor")
