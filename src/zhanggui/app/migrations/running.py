"""Bring a store to a revision, inside one `write`: all of it or nothing."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from zhanggui.kernel.db import Database
from zhanggui.kernel.errors import Kind, ZhangguiError

from .every_table import Store

if TYPE_CHECKING:
    from alembic.config import Config

LOCK = 0x7A68616E67677569
"""`zhanggui` in ASCII: the advisory lock under which PostgreSQL stores are migrated."""


_ALEMBIC = threading.Lock()
"""Alembic keeps the run that is under way in names of its modules: a process may have one at a time, whatever the store."""


class WrongRevision(ZhangguiError):
    """A store stands at another revision than this version of the software."""

    code, kind = "app.wrong_revision", Kind.UNAVAILABLE


def _config(db: sa.Connection | None = None, store: Store = "shop") -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes.update(connection=db, store=store)
    return config


@functools.cache  # each open store asks, and the answer takes the reading of the whole chain
def head() -> str:
    """The newest revision that this version knows, as the chain stood when it was first asked."""
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def revision_of(database: Database) -> str:
    """The revision of a store; empty when it has no tables yet."""
    with database.read() as db:
        return _revision(db)


def _revision(db: sa.Connection) -> str:
    if not sa.inspect(db).has_table("alembic_version"):
        return ""
    return str(db.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() or "")


def upgrade(database: Database, store: Store, revision: str = "head") -> None:
    """Bring a store up; nothing is written where it is there already."""
    from alembic import command

    wanted = head() if revision == "head" else revision
    if revision_of(database) != wanted:
        _run(command.upgrade, database, store, revision)


def downgrade(database: Database, store: Store, revision: str = "base") -> None:
    """Bring a store down; `base` takes all tables, and their rows, away."""
    from alembic import command

    _run(command.downgrade, database, store, revision)


def require_head(database: Database, name: str) -> None:
    """Raise unless a store stands at the newest revision.

    Raises:
        WrongRevision: it does not; `migrate` brings it there.
    """
    seen, wanted = revision_of(database), head()
    if seen != wanted:
        raise WrongRevision(
            f"The store of {name!r} stands at revision {seen or 'none'!r}, this version needs {wanted!r}.",
            hint="Run: zhanggui migrate",
        )


def _run(step: Callable[[Config, str], None], database: Database, store: Store, revision: str) -> None:
    def work(db: sa.Connection) -> None:
        with _ALEMBIC:
            step(_locked(db, store), revision)

    database.write(work)


def _locked(db: sa.Connection, store: Store) -> Config:
    if db.dialect.name == "postgresql":
        db.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
    # A connection that has run a statement counts as being in a transaction: Alembic then opens and commits none.
    db.execute(sa.select(1))
    return _config(db, store)
