"""Where things lie: the control store, and each shop's own store and folder."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from zhanggui.kernel.cipher import (
    RESTORE_IT,
    WHAT_IT_OPENS,
    BadMasterKey,
    Keyring,
    MasterKey,
    hold_keys,
    make_master_key,
)
from zhanggui.kernel.clock import Clock, to_ms
from zhanggui.kernel.db import Database, open_database
from zhanggui.kernel.errors import InvalidInput, Kind, Unavailable, ZhangguiError, did_you_mean
from zhanggui.kernel.settings import Settings
from zhanggui.trust import make_signing_key

from .key_ring import kms_of, ring_of
from .migrations import require_head, upgrade
from .root_secret import hold_root
from .tables import add_shop, master_key_mark, note_master_key, shop_names

SHOP_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
CONTROL_SCHEMA = "zhanggui_control"
LOCK_FILE = "migrate.lock"


class AppError(ZhangguiError):
    """Root of this room's errors."""

    code = "app.error"


class UnknownShop(AppError):
    """No shop has that name here."""

    code, kind = "app.unknown_shop", Kind.NOT_FOUND

    @classmethod
    def among(cls, seen: str, known: list[str]) -> UnknownShop:
        """Name the nearest known shop."""
        hint = did_you_mean(seen, known, otherwise=f"Make it with: zhanggui init {seen}")
        return cls(f"There is no shop {seen!r} here.", hint=hint)


class BadShopName(InvalidInput):
    """A shop's name has 1 to 63 small letters, digits and hyphens."""

    code = "app.bad_shop_name"


def checked_name(name: str) -> str:
    """The name itself.

    Raises:
        BadShopName: it cannot be a shop's.
    """
    if SHOP_NAME.fullmatch(name) is None:
        raise BadShopName(
            f"{name[:80]!r} cannot be the name of a shop.",
            hint="Use 1 to 63 small letters, digits and hyphens, and begin with a letter or digit: teahouse-2",
        )
    return name


def shop_folder(settings: Settings, name: str) -> Path:
    """The folder of a shop: its media, models, archive, and its store where that is SQLite."""
    return settings.home / "shops" / checked_name(name)


def tour_folder(settings: Settings) -> Path:
    """Where the throw-away shops of the tour's visitors lie; none of them is ever known as a shop."""
    return settings.home / "tour"


def control_store(settings: Settings) -> Database:
    """The store of the installation: shops, users, keys."""
    if settings.database == "sqlite":
        return open_database(f"sqlite:///{settings.home / 'control.db'}")
    return open_database(settings.database, schema=CONTROL_SCHEMA)


def shop_store(settings: Settings, name: str) -> Database:
    """The store of one shop."""
    if settings.database == "sqlite":
        return open_database(f"sqlite:///{shop_folder(settings, name) / 'shop.db'}")
    return open_database(settings.database, schema=f"shop_{checked_name(name)}")


def open_checked_control(settings: Settings) -> Database:
    """The control store, at the revision that this version needs and with the master key that it is written with.

    Raises:
        Unavailable: there is none yet.
        WrongRevision: it stands elsewhere.
        BadMasterKey: the key is gone, or another one.
    """
    if settings.database == "sqlite" and not (settings.home / "control.db").exists():
        raise Unavailable(
            f"There is no installation in {str(settings.home)!r}.",
            hint="Make a shop first: zhanggui init SHOP   (or set --home, ZHANGGUI_HOME)",
        )
    database = control_store(settings)
    require_head(database, "control")
    _require_master_key(settings, database)
    return database


def open_checked_shop(settings: Settings, name: str, known: list[str]) -> Database:
    """The store of a shop that is here, at the revision that this version needs.

    Raises:
        UnknownShop: it is not here.
        WrongRevision: its store stands elsewhere.
    """
    if SHOP_NAME.fullmatch(name) is None or name not in known:
        raise UnknownShop.among(name[:80], known)
    database = shop_store(settings, name)
    require_head(database, name)
    return database


def known_shops(control: Database) -> list[str]:
    """The names of all shops, in order."""
    with control.read() as db:
        return shop_names(db)


def create_shop(settings: Settings, name: str, clock: Clock) -> None:
    """Make a shop: its folder, its ledger's key, its store, its row in the control store. What is there stays as it is.

    Raises:
        BadShopName: the name cannot be a shop's.
        BadMasterKey: the installation is written with a key that is gone, or is another one.
    """
    folder = shop_folder(settings, name)
    _make_home(settings)
    make_signing_key(folder)
    with migrating(settings):
        control = _made_control(settings)
        store = _made(settings, f"shop_{name}", lambda known: shop_store(known, name))
        upgrade(store, "shop")
        _hold_keys(settings, control, store, is_new=name not in known_shops(control))
        control.write(lambda db: add_shop(db, name, to_ms(clock())))
        store.close()
        control.close()


def migrate_all(settings: Settings) -> list[str]:
    """Bring the control store and all shops to the newest revision; returns the names of the shops.

    What visitors of the tour left is deleted: nothing of theirs outlives a start.

    Raises:
        BadMasterKey: the installation is written with a key that is gone, or is another one.
    """
    with migrating(settings):
        control = _made_control(settings)
        names = known_shops(control)
        for name in names:
            store = shop_store(settings, name)
            upgrade(store, "shop")
            _hold_keys(settings, control, store, is_new=False)
            store.close()
        control.close()
        shutil.rmtree(tour_folder(settings), ignore_errors=True)
    return names


@contextmanager
def migrating(settings: Settings) -> Iterator[None]:
    """Hold the lock under which stores are made and migrated; one process at a time."""
    import fcntl

    _make_home(settings)
    with (settings.home / LOCK_FILE).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make_home(settings: Settings) -> None:
    # Names, keys and behaviour lie here: for its owner only, whatever the umask. A home that is there stays as it is.
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)


def _made_control(settings: Settings) -> Database:
    control = _made(settings, CONTROL_SCHEMA, control_store)
    upgrade(control, "control")
    if _noted_mark(control) is None:
        make_master_key(settings.home, os.environ, kms_of(settings))
        ring = ring_of(settings)
        control.write(lambda db: _begin_with(db, ring))
    ring, current = _require_master_key(settings, control)
    control.write(lambda db: hold_root(db, ring, current, is_new=False))
    return control


def _begin_with(db: sa.Connection, ring: Keyring) -> None:
    note_master_key(db, ring.first.mark)
    # Where users are known already, their passwords and keys hang on the first master key.
    hold_root(db, ring, ring.first, is_new=not shop_names(db))


def _hold_keys(settings: Settings, control: Database, store: Database, *, is_new: bool) -> None:
    _, current = _require_master_key(settings, control)
    store.write(lambda db: hold_keys(db, current, is_new=is_new))


def _require_master_key(settings: Settings, control: Database) -> tuple[Keyring, MasterKey]:
    found: tuple[Keyring, MasterKey] | None = None
    try:
        ring, mark = ring_of(settings), _noted_mark(control)
        current = None if mark is None else ring.marked(mark)
        found = None if current is None else (ring, current)
    finally:
        if found is None:
            control.close()
    if found is None:
        raise BadMasterKey(f"This is not the master key of this installation. {WHAT_IT_OPENS}", hint=RESTORE_IT)
    return found


def _noted_mark(control: Database) -> bytes | None:
    with control.read() as db:
        return master_key_mark(db)


def _made(settings: Settings, schema: str, opened: Callable[[Settings], Database]) -> Database:
    if settings.database != "sqlite":
        server = open_database(settings.database)
        server.write(lambda db: db.execute(sa.schema.CreateSchema(schema, if_not_exists=True)))
        server.close()
    return opened(settings)
