"""What all tests share: stores of both kinds, a clock that stands still, a seeded generator, real data."""

from __future__ import annotations

import functools
import gc
import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa
from hypothesis import settings

import zhanggui.kernel.changes  # the feed's tables belong to every store  # noqa: F401
from zhanggui.kernel.db import Database, control_metadata, open_database, shop_metadata

# A law holds however busy the machine is; pytest's own timeout ends what hangs.
settings.register_profile("zhanggui", deadline=None)
settings.load_profile("zhanggui")

IS_LONG = "ZHANGGUI_ROUNDS" in os.environ
IS_CI = os.environ.get("CI", "").lower() == "true"
UNPRIVILEGED = "postgres"
OPEN_TO_ALL = tempfile.gettempdir()
"""Where the unprivileged may enter; a run's own folder is its user's alone."""


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is collected stays to the end: looking through it for garbage, again and again, took a tenth of the time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.freeze()
        gc.enable()


@pytest.fixture(scope="session", autouse=True)
def _temporary_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Laws make a folder for each example: all stand in this run's own, which goes when every test has passed."""
    before = tempfile.tempdir
    tempfile.tempdir = str(tmp_path_factory.mktemp("t"))
    yield
    tempfile.tempdir = before


def examples(many: int) -> int:
    """How many examples a law over whole stores (marked `law`) tries: `many` in `make endure`, else a third."""
    return many if IS_LONG else -(-many // 3)


@dataclass
class FixedClock:
    """A clock that moves only when told."""

    now: datetime = datetime(2026, 3, 14, 1, 59, 26, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def advance(self, step: timedelta | None = None, **parts: float) -> datetime:
        """Move on by a timedelta, or by its parts: `clock.advance(days=3)`."""
        self.now += step if step is not None else timedelta(**parts)
        return self.now


@pytest.fixture
def clock() -> FixedClock:
    """A clock that stands at one moment; `clock.advance(minutes=5)` moves it."""
    return FixedClock()


@pytest.fixture
def rng() -> np.random.Generator:
    """A generator with a fixed seed."""
    return np.random.default_rng(20260314)


@pytest.fixture
def realdata() -> Callable[[str], Path]:
    """`realdata("online-retail")` is that public data set's folder; the test is skipped where it is not to be had."""

    def folder(name: str) -> Path:
        root = os.environ.get("ZHANGGUI_DATA")
        if not root:
            pytest.skip("ZHANGGUI_DATA is not set: it names the folder of the public data sets")
        found = Path(root).resolve() / name
        if not found.exists():
            pytest.skip(f"there is no {name!r} in ZHANGGUI_DATA ({root})")
        return found

    return folder


def create_tables(database: Database) -> Database:
    """Make the tables of all rooms that are imported by now: a shop's and the control store's in one store."""

    def create(db: sa.Connection) -> None:
        shop_metadata.create_all(db)
        control_metadata.create_all(db)

    database.write(create)
    return database


@functools.cache
def _empty_sqlite(tables: frozenset[str]) -> bytes:
    """An empty store with these tables: made anew, they took most of the time of most tests."""
    del tables
    with tempfile.TemporaryDirectory(prefix="zg-empty-") as folder:
        path = Path(folder) / "store.db"
        create_tables(open_database(f"sqlite:///{path}")).close()
        return path.read_bytes()


def a_store(path: Path) -> Database:
    """A new SQLite store at `path`, open, with all tables."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_empty_sqlite(_tables()))
    return open_database(f"sqlite:///{path}")


def _tables() -> frozenset[str]:
    return frozenset([*shop_metadata.tables, *control_metadata.tables])


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Database]:
    """An open SQLite store with all tables."""
    database = a_store(tmp_path / "store.db")
    yield database
    database.close()


def _no_postgresql(why: str) -> None:
    if IS_CI:
        pytest.fail(f"CI tests PostgreSQL, and {why}")
    pytest.skip(why)


def _binary(name: str) -> str:
    homes = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda bin_: int(bin_.parent.name), reverse=True)
    for home in homes:
        if (home / name).exists():
            return str(home / name)
    found = shutil.which(name)
    if found is None:
        _no_postgresql(f"{name} was not found: install the PostgreSQL server to run these tests")
    assert found is not None
    return found


def _as_unprivileged(command: list[str]) -> list[str]:
    """PostgreSQL refuses to run as root, so root hands over to the user of the server's package."""
    return ["runuser", "-u", UNPRIVILEGED, "--", *command] if os.geteuid() == 0 else command


@pytest.fixture(scope="session")
def postgresql_address() -> Iterator[str]:
    """A throw-away cluster for this run, on a Unix socket only."""
    initdb, pg_ctl = _binary("initdb"), _binary("pg_ctl")
    folder = Path(tempfile.mkdtemp(prefix="zg-pg-", dir=OPEN_TO_ALL))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, UNPRIVILEGED)
        data = folder / "data"
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "check": True, "cwd": folder}
        options = f"-k {folder} -c listen_addresses= -c fsync=off -c full_page_writes=off"
        options += " -c synchronous_commit=off -c max_connections=300"
        try:
            subprocess.run(
                _as_unprivileged([initdb, "-D", str(data), "-U", "zhanggui", "-A", "trust", "-E", "UTF8", "-N"]),
                **quiet,  # type: ignore[call-overload]
            )
            subprocess.run(
                _as_unprivileged([pg_ctl, "-D", str(data), "-w", "-l", str(folder / "log"), "-o", options, "start"]),
                **quiet,  # type: ignore[call-overload]
            )
        except (OSError, subprocess.CalledProcessError, LookupError) as error:
            _no_postgresql(f"PostgreSQL did not start: {error}")
        yield f"postgresql://zhanggui@/postgres?host={folder}"
        subprocess.run(_as_unprivileged([pg_ctl, "-D", str(data), "-m", "immediate", "stop"]), **quiet)  # type: ignore[call-overload]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgresql_schema(postgresql_address: str) -> Iterator[str]:
    """The name of a fresh, empty schema in the cluster."""
    schema = f"t_{secrets.token_hex(6)}"
    engine = sa.create_engine(postgresql_address.replace("postgresql:", "postgresql+psycopg:", 1))
    with engine.begin() as db:
        db.execute(sa.schema.CreateSchema(schema))
    yield schema
    with engine.begin() as db:
        db.execute(sa.schema.DropSchema(schema, cascade=True))
    engine.dispose()


@pytest.fixture(scope="session")
def postgresql_server(postgresql_address: str) -> Iterator[sa.Engine]:
    """Makes and drops databases of the cluster."""
    address = postgresql_address.replace("postgresql:", "postgresql+psycopg:", 1)
    server = sa.create_engine(address, isolation_level="AUTOCOMMIT")
    yield server
    server.dispose()


@pytest.fixture(scope="session")
def postgresql_template(postgresql_address: str, postgresql_server: sa.Engine) -> str:
    """The name of a database with all tables, which tests copy: made anew, they took most of the time of most tests."""
    name = "with_all_tables"
    with postgresql_server.connect() as db:
        db.exec_driver_sql(f"CREATE DATABASE {name}")
    create_tables(open_database(postgresql_address.replace("/postgres?", f"/{name}?"))).close()
    return name


@pytest.fixture
def new_postgresql(
    postgresql_address: str, postgresql_server: sa.Engine, postgresql_template: str
) -> Iterator[Callable[[], str]]:
    """`new_postgresql()` is the address of a fresh database with all tables."""
    names: list[str] = []

    def made() -> str:
        names.append(f"t_{secrets.token_hex(6)}")
        with postgresql_server.connect() as db:
            db.exec_driver_sql(f"CREATE DATABASE {names[-1]} TEMPLATE {postgresql_template}")
        return postgresql_address.replace("/postgres?", f"/{names[-1]}?")

    yield made
    with postgresql_server.connect() as db:
        for name in names:
            db.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def postgresql(new_postgresql: Callable[[], str]) -> Iterator[Database]:
    """An open PostgreSQL store with all tables, in a database of its own."""
    database = open_database(new_postgresql())
    yield database
    database.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def any_database(request: pytest.FixtureRequest) -> Database:
    """Each test runs twice: on SQLite and on PostgreSQL."""
    database: Database = request.getfixturevalue(request.param)
    return database
