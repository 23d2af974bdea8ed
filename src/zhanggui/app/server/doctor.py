"""`zhanggui doctor`: what is wrong with this installation, and the cure of each thing."""

from __future__ import annotations

import ctypes
import os
import platform
import shutil
import stat
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Literal

import msgspec

import zhanggui
from zhanggui.app.migrations import require_head
from zhanggui.app.places import known_shops, open_checked_control, shop_folder, shop_store
from zhanggui.kernel.cipher import KEY_FILE, KEY_VARIABLE, WRAPPED_FILE
from zhanggui.kernel.db import Database
from zhanggui.kernel.db.sqlite import sqlite_module
from zhanggui.kernel.errors import ZhangguiError
from zhanggui.kernel.settings import Settings
from zhanggui.trust import load_signer

GIB = 2**30
SAFE_SQLITE = (3, 51, 3)
SKEW_S = 300
NETWORK_FILESYSTEMS = ("nfs", "cifs", "smb", "fuse.sshfs", "9p", "afs")


class Finding(msgspec.Struct, frozen=True):
    """One thing that was looked at: `ok`, `warning` (works, with a risk) or `failure`, and the cure."""

    subject: str
    level: Literal["ok", "warning", "failure"]
    seen: str
    cure: str = ""


def doctor(settings: Settings, environ: Mapping[str, str], now: datetime) -> tuple[Finding, ...]:
    """Look at everything; never raises, changes nothing.

    Args:
        settings: of the installation.
        environ: usually `os.environ`.
        now: the present moment, to find files from the future.
    """
    checks: tuple[Callable[[], Iterator[Finding]], ...] = (
        _versions,
        lambda: _sqlite(settings),
        _libgomp,
        lambda: _home(settings.home),
        lambda: _disk(settings.home),
        lambda: _filesystem(settings),
        lambda: _master_key(settings, environ),
        lambda: _clock(settings.home, now),
        lambda: _stores(settings),
    )
    return tuple(finding for check in checks for finding in check())


def _versions() -> Iterator[Finding]:
    yield Finding(
        "versions", "ok", f"Zhanggui {zhanggui.__version__}, Python {platform.python_version()}, {os.uname().sysname}"
    )


def _sqlite(settings: Settings) -> Iterator[Finding]:
    module = sqlite_module()
    seen = f"SQLite {module.sqlite_version} ({module.__name__.partition('.')[0]})"
    if settings.database == "sqlite" and module.sqlite_version_info < SAFE_SQLITE:
        cure = "pip install pysqlite3. Until then our own lock alone keeps the store safe: open it with no other tool."
        yield Finding("sqlite", "warning", seen, cure)
    else:
        yield Finding("sqlite", "ok", seen)


def _libgomp() -> Iterator[Finding]:
    try:
        ctypes.CDLL("libgomp.so.1")
    except OSError:
        cure = "apt-get install libgomp1   (without it the learned ranker stays out and the simple one serves)"
        yield Finding("libgomp", "warning", "not found", cure)
    else:
        yield Finding("libgomp", "ok", "found")


def _home(home: Path) -> Iterator[Finding]:
    if not home.is_dir():
        yield Finding(
            "home", "failure", f"there is no folder {str(home)!r}", "zhanggui init SHOP   (or set ZHANGGUI_HOME)"
        )
        return
    mode = stat.S_IMODE(home.stat().st_mode)
    if not os.access(home, os.R_OK | os.W_OK | os.X_OK):
        yield Finding("home", "failure", f"{str(home)!r} is not ours to write", f"chown -R $(id -un) {home}")
    elif mode & 0o007:
        yield Finding(
            "home", "warning", f"others on this machine may read {str(home)!r} ({mode:o})", f"chmod 700 {home}"
        )
    else:
        yield Finding("home", "ok", str(home))


def _disk(home: Path) -> Iterator[Finding]:
    nearest = next(folder for folder in (home.absolute(), *home.absolute().parents) if folder.exists())
    free = shutil.disk_usage(nearest).free
    seen = f"{free / GIB:.1f} GiB free"
    level: Literal["ok", "warning", "failure"] = "ok" if free >= 5 * GIB else "warning" if free >= GIB else "failure"
    yield Finding("disk", level, seen, "" if level == "ok" else "Make room: writes are refused when the disk is full.")


def _filesystem(settings: Settings) -> Iterator[Finding]:
    import psutil

    if settings.database != "sqlite":
        return
    place = settings.home.absolute()
    mounts = [part for part in psutil.disk_partitions(all=True) if place.is_relative_to(part.mountpoint)]
    kind = max(mounts, key=lambda part: len(part.mountpoint)).fstype if mounts else "unknown"
    if kind.startswith(NETWORK_FILESYSTEMS):
        cure = "Move the home folder to a local disk, or use PostgreSQL: SQLite's log needs shared memory and locks."
        yield Finding("filesystem", "failure", f"the home folder lies on {kind}", cure)
    else:
        yield Finding("filesystem", "ok", kind)


def _master_key(settings: Settings, environ: Mapping[str, str]) -> Iterator[Finding]:
    path = settings.home / KEY_FILE
    if environ.get(KEY_VARIABLE):
        yield Finding("master key", "ok", f"from {KEY_VARIABLE}")
    elif (settings.home / WRAPPED_FILE).is_file() and not path.is_file():
        yield Finding("master key", "ok", f"{WRAPPED_FILE}, unwrapped by a key management service")
    elif not path.is_file():
        cure = f"It is made with the first shop. Where there was one, restore {KEY_FILE}: without it names stay sealed."
        yield Finding("master key", "warning", f"there is no {KEY_FILE}", cure)
    elif mode := stat.S_IMODE(path.stat().st_mode) & 0o077:
        yield Finding("master key", "failure", f"others may read {KEY_FILE} ({mode:o})", f"chmod 600 {path}")
    else:
        yield Finding("master key", "ok", f"{KEY_FILE}; keep a copy apart from the data")


def _clock(home: Path, now: datetime) -> Iterator[Finding]:
    stores = [*home.glob("*.db"), *home.glob("shops/*/shop.db")]
    newest = max((path.stat().st_mtime for path in stores), default=0.0)
    ahead_s = newest - now.timestamp()
    if ahead_s > SKEW_S:
        cure = "Set the clock (timedatectl set-ntp true): events would be dated wrongly and leases overlap."
        yield Finding("clock", "failure", f"files are {ahead_s:.0f} s ahead of the clock", cure)
    else:
        yield Finding("clock", "ok", now.isoformat(timespec="seconds"))


def _stores(settings: Settings) -> Iterator[Finding]:
    if settings.database == "sqlite" and not (settings.home / "control.db").exists():
        yield Finding("stores", "warning", "there is no shop yet", "zhanggui init SHOP")
        return
    names: list[str] = []

    def control() -> None:
        store = open_checked_control(settings)
        _closing(store, lambda: names.extend(known_shops(store)), "control")

    yield _tried("control store", control)
    for name in names:
        yield _tried(f"shop {name}", partial(_look_at_shop, settings, name))


def _look_at_shop(settings: Settings, name: str) -> None:
    _closing(shop_store(settings, name), lambda: load_signer(shop_folder(settings, name)), name)


def _closing(store: Database, look: Callable[[], object], name: str) -> None:
    try:
        require_head(store, name)
        look()
    finally:
        store.close()


def _tried(subject: str, look: Callable[[], None]) -> Finding:
    try:
        look()
    except ZhangguiError as error:
        return Finding(subject, "failure", str(error), error.hint)
    return Finding(subject, "ok", "at this version's revision")
