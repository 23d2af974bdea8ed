"""Making a backup while the installation serves."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec

import zhanggui
from zhanggui.app.places import open_checked_control
from zhanggui.kernel.clock import Clock
from zhanggui.kernel.db.copying import bare_store, copy_store
from zhanggui.kernel.settings import Settings

from .layout import (
    DATA,
    KEYS,
    KEYS_KEPT,
    MANIFEST,
    SUBJECTS,
    Manifest,
    NotInFiles,
    files_of,
    is_key,
    mark_of,
    moment_of,
    stamp,
    stamped,
)

PASSING = (".lock", "-wal", "-shm", ".db", ".new", ".tmp")
"""Not copied as files: stores have their own way, the others belong to running processes."""
PASSING_FOLDERS = frozenset({"run", "cache"})
CONTENT_NAMED = frozenset({"media"})
"""Folders whose files are named by their content: what the backup before has need not be written again."""


class Backup(msgspec.Struct, frozen=True):
    """A backup that was made."""

    name: str
    folder: Path
    files: int
    length: int
    forgotten: tuple[str, ...]


def make_backup(settings: Settings, folder: Path, clock: Clock, *, keep: int) -> Backup:
    """Copy an installation: stores first, each as of one moment, then the files that they speak of.

    Args:
        settings: of the installation, which may serve meanwhile.
        folder: where backups lie; made for its owner only.
        clock: names the backup.
        keep: so many are kept, with this one; at least 1. Keys go after 30 days in any case.

    Raises:
        NotInFiles: the stores are in PostgreSQL.
        Unavailable: there is no installation.
    """
    if settings.database != "sqlite":
        raise NotInFiles.because(settings)
    open_checked_control(settings).close()
    now = clock()
    name, before = stamp(now), stamped(folder / DATA)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    data, keys = _begun(folder / DATA, name), _begun(folder / KEYS, name)
    _copy_stores(settings.home, data, keys)
    _copy_files(settings.home, data, keys, before[-1] if before else None)
    _finish(keys, folder / KEYS / name, now)
    manifest = _finish(data, folder / DATA / name, now)
    length = sum(mark.length for mark in manifest.files.values())
    return Backup(name, folder, len(manifest.files), length, _forget(folder, now, keep))


def _begun(folder: Path, name: str) -> Path:
    part = folder / f".{name}.part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700, parents=True)
    return part


def _copy_stores(home: Path, data: Path, keys: Path) -> None:
    for store in (home / "control.db", *sorted(home.glob("shops/*/shop.db"))):
        place = store.relative_to(home)
        _made(data / place)
        copy_store(store, data / place)
        if place.name == "shop.db":
            _take_keys_out(data / place, _made(keys / place.with_name(SUBJECTS)))


def _take_keys_out(store: Path, subjects: Path) -> None:
    subjects.touch(mode=0o600)
    with bare_store(store) as db:
        db.execute("ATTACH ? AS apart", (str(subjects),))
        db.execute("CREATE TABLE apart.subject_keys AS SELECT person, wrapped FROM subject_keys")
        db.execute("DELETE FROM subject_keys")


def _copy_files(home: Path, data: Path, keys: Path, before: Path | None) -> None:
    for path in _to_copy(home):
        place = path.relative_to(home)
        target = _made((keys if is_key(path) else data) / place)
        kept = before / place if before is not None and CONTENT_NAMED.intersection(place.parts) else None
        # What was there a moment ago may be gone: the archive and the models are rewritten beside us.
        with suppress(FileNotFoundError):
            if kept is not None and kept.exists() and kept.stat().st_size == path.stat().st_size:
                os.link(kept, target)
            else:
                shutil.copyfile(path, target)
                target.chmod(0o600)


def _to_copy(home: Path) -> Iterator[Path]:
    for path in sorted(home.rglob("*")):
        is_passing = path.name.endswith(PASSING) or PASSING_FOLDERS.intersection(path.relative_to(home).parts)
        if not is_passing and path.is_file() and not path.is_symlink():
            yield path


def _made(path: Path) -> Path:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def _finish(part: Path, target: Path, now: datetime) -> Manifest:
    """Write down what there is, bring it to disk, and give it its name: what has the name is whole."""
    files = {place.as_posix(): mark_of(part / place) for place in files_of(part)}
    manifest = Manifest(zhanggui.__version__, now, files)
    (part / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest)))
    os.sync()
    part.rename(target)
    return manifest


def _forget(folder: Path, now: datetime, keep: int) -> tuple[str, ...]:
    old = stamped(folder / DATA)[: -max(keep, 1)]
    kept = {path.name for path in stamped(folder / DATA)} - {path.name for path in old}
    is_over = [
        path for path in stamped(folder / KEYS) if path.name not in kept or now - moment_of(path.name) > KEYS_KEPT
    ]
    for path in (*old, *is_over):
        shutil.rmtree(path)
    return tuple(path.name for path in old)
