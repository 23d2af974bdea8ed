"""Making a backup while the installation serves."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

import zhanggui
from zhanggui.app.places import open_checked_control
from zhanggui.kernel.clock import Clock
from zhanggui.kernel.db.copying import bare_store, copy_store
from zhanggui.kernel.settings import Settings

from .keeping import backup_key, seal_words
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
from .sealing import SALT_BYTES, key_from_passphrase, seal_file

PASSING = (".lock", "-wal", "-shm", ".db", ".new", ".tmp")
"""Not copied as files: stores have their own way, the others belong to running processes."""
PASSING_FOLDERS = frozenset({"run", "cache"})
"""Right below the home, nowhere else: a shop may have such a name."""
CONTENT_NAMED = frozenset({"media"})
"""Folders whose files are named by their content: what the backup before has need not be written again."""
TAKEN_OUT = ("subject_keys",)
"""Tables that lie with the keys and not with the data."""
BESIDE = {
    "shop.db": ("held_keys", "erased_ids", "erasures"),
    "control.db": ("installation_secrets", "master_key_marks"),
}
"""Tables that lie with the keys too: the newest of what a master key wraps, and of who was erased, counts."""


class Backup(msgspec.Struct, frozen=True):
    """A backup that was made."""

    name: str
    folder: Path
    files: int
    length: int
    forgotten: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """One of the two halves while it is written: `key` seals its files, None leaves them open."""

    folder: Path
    key: bytes | None
    salt: str = ""

    def take(self, source: Path, place: Path) -> None:
        target = _made(self.folder / place)
        if self.key is None:
            shutil.copyfile(source, target)
            target.chmod(0o600)
        else:
            seal_file(source, target, self.key, place.as_posix())

    def finish(self, target: Path, now: datetime) -> Manifest:
        """Write down what there is, bring it to disk, and give it its name: what has the name is whole."""
        files = {place.as_posix(): mark_of(self.folder / place) for place in files_of(self.folder)}
        manifest = Manifest(zhanggui.__version__, now, files, self.salt)
        if self.key is not None:
            manifest = msgspec.structs.replace(manifest, seal=seal_words(manifest, self.key))
        (self.folder / MANIFEST).write_bytes(msgspec.json.format(msgspec.json.encode(manifest)))
        os.sync()
        self.folder.rename(target)
        return manifest


def make_backup(settings: Settings, folder: Path, clock: Clock, *, keep: int, passphrase: str | None = None) -> Backup:
    """Copy an installation: stores first, each as of one moment, then the files that they speak of.

    Args:
        settings: of the installation, which may serve meanwhile.
        folder: where backups lie; made for its owner only.
        clock: names the backup.
        keep: so many are kept, with this one; at least 1. Keys go after 30 days in any case.
        passphrase: seals the keys; without one they lie open, for their owner only.

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
    data = _Part(folder=_begun(folder / DATA, name), key=backup_key(settings.home))
    keys = _keys_part(_begun(folder / KEYS, name), passphrase)
    _copy_stores(settings.home, data, keys)
    _copy_files(settings.home, data, keys, before[-1] if before else None)
    keys.finish(folder / KEYS / name, now)
    manifest = data.finish(folder / DATA / name, now)
    length = sum(mark.length for mark in manifest.files.values())
    return Backup(name, folder, len(manifest.files), length, _forget(folder, now, keep))


def _keys_part(folder: Path, passphrase: str | None) -> _Part:
    if passphrase is None:
        return _Part(folder=folder, key=None)
    salt = secrets.token_bytes(SALT_BYTES)
    return _Part(folder=folder, key=key_from_passphrase(passphrase, salt), salt=salt.hex())


def _begun(folder: Path, name: str) -> Path:
    part = folder / f".{name}.part"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(mode=0o700, parents=True)
    return part


def _copy_stores(home: Path, data: _Part, keys: _Part) -> None:
    # What is not sealed yet stays on the disk where it lies open anyway.
    (home / "cache").mkdir(mode=0o700, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home / "cache", prefix="backup-") as passing:
        copy, subjects = Path(passing) / "store.db", Path(passing) / SUBJECTS
        for store in (home / "control.db", *sorted(home.glob("shops/*/shop.db"))):
            place = store.relative_to(home)
            copy_store(store, copy)
            _take_keys_out(copy, subjects, place.name)
            keys.take(subjects, place.with_name(SUBJECTS))
            subjects.unlink()
            data.take(copy, place)
            copy.unlink()


def lying_apart(kind: str) -> tuple[str, ...]:
    """The tables of a store (`shop.db`, `control.db`) that lie with the keys."""
    return (*TAKEN_OUT, *BESIDE[kind]) if kind == "shop.db" else BESIDE[kind]


def _take_keys_out(store: Path, subjects: Path, kind: str) -> None:
    subjects.touch(mode=0o600)
    with bare_store(store) as db:
        db.execute("ATTACH ? AS apart", (str(subjects),))
        for table in lying_apart(kind):
            db.execute(f"CREATE TABLE apart.{table} AS SELECT * FROM {table}")  # noqa: S608  (a name of ours)
        for table in TAKEN_OUT if kind == "shop.db" else ():
            db.execute(f"DELETE FROM {table}")  # noqa: S608


def _copy_files(home: Path, data: _Part, keys: _Part, before: Path | None) -> None:
    for path in _to_copy(home):
        place = path.relative_to(home)
        kept = before / place if before is not None and CONTENT_NAMED.intersection(place.parts) else None
        # What was there a moment ago may be gone: the archive and the models are rewritten beside us.
        with suppress(FileNotFoundError):
            if kept is not None and kept.exists():
                os.link(kept, _made(data.folder / place))
            else:
                (keys if is_key(path) else data).take(path, place)


def _to_copy(home: Path) -> Iterator[Path]:
    for path in sorted(home.rglob("*")):
        is_passing = path.name.endswith(PASSING) or path.relative_to(home).parts[0] in PASSING_FOLDERS
        if not is_passing and path.is_file() and not path.is_symlink():
            yield path


def _made(path: Path) -> Path:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def _forget(folder: Path, now: datetime, keep: int) -> tuple[str, ...]:
    old = stamped(folder / DATA)[: -max(keep, 1)]
    kept = {path.name for path in stamped(folder / DATA)} - {path.name for path in old}
    is_over = [
        path for path in stamped(folder / KEYS) if path.name not in kept or now - moment_of(path.name) > KEYS_KEPT
    ]
    for path in (*old, *is_over):
        shutil.rmtree(path)
    return tuple(path.name for path in old)
