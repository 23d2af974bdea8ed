"""What a room sees of a store."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from typing import Any, Literal, Protocol, TypeVar

import sqlalchemy as sa

from zhanggui.kernel.errors import Unavailable

T = TypeVar("T")
Work = Callable[[sa.Connection], T]
"""A unit of writing. It does no model, file or network work, and re-checks the versions it decided on.

It may be run again after a collision, so it leaves nothing behind but its rows and its answer, and it neither commits
nor calls `write` itself.
"""


class Database(Protocol):
    """One store: a shop's, or the server's control store."""

    @property
    def dialect(self) -> Literal["sqlite", "postgresql"]:
        """Which SQL is spoken."""

    def read(self) -> AbstractContextManager[sa.Connection]:
        """A connection on one consistent snapshot; it cannot write.

        Raises:
            Unavailable: the store is locked by a stranger, damaged, or cannot be reached.
        """

    def peek(self, select: str) -> tuple[Any, ...] | None:
        """The first row of a SELECT without parameters, as it is now; None when there is none.

        It stands outside of any transaction and costs a fraction of `read`: for the number that every request looks at.

        Raises:
            Unavailable: the store cannot be read.
        """

    def write(self, work: Work[T]) -> T:
        """Run `work` and commit it durably before returning its answer.

        Works that wait together commit together, each inside its own savepoint: what one raises is
        raised to its caller and undoes that work alone.

        Raises:
            Unavailable: the store is closed, or could not commit.
        """

    def submit(self, work: Work[T]) -> Future[T]:
        """Like `write`, without waiting: for routes that await, and for logs that nobody waits for.

        A route writes `await asyncio.wrap_future(db.submit(work))`. When its caller goes away the work is dropped if it
        has not begun, and committed if it has. Callbacks of the future run on the writer's thread and must be short.
        """

    def scrub(self) -> None:
        """Leave nothing of what was deleted in the store's own files.

        SQLite writes the store anew (`VACUUM`) and empties its log; works wait meanwhile, some seconds for each GB.
        What is deleted is overwritten at once in any case, but a page that was once reorganised may hold an old copy of
        a row. On PostgreSQL the space of deleted rows is freed (`VACUUM`): bytes stay in its pages and in its log until
        the server writes over them.

        Raises:
            Unavailable: a reader holds an older state, or the disk is too full; try again later.
        """

    def close(self) -> None:
        """Finish the works that wait, then let go of all connections."""


def store_closed() -> Unavailable:
    """What a store answers with once it is closed."""
    return Unavailable("The store is closed.", hint="Open the shop again.")
