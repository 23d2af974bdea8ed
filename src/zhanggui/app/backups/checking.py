"""Whether a backup is what was written."""

from __future__ import annotations

from pathlib import Path

from zhanggui.kernel.db.copying import bare_store

from .keeping import OpenPart, open_data, open_keys
from .layout import DATA, KEYS, BackupBroken, NoBackup, mark_of, stamped


def verify(folder: Path, name: str, *, passphrase: str | None = None) -> int:
    """Check every file of a backup and of the keys that open it against their manifests, and every store by itself.

    Returns:
        How many files were checked.

    Raises:
        NoBackup: there is none of that name, or no keys for it.
        NoPassphrase: the keys are sealed with a passphrase, and none or another one was given.
        BackupBroken: names the first file that is not right.
    """
    keys, data = opened(folder, name, passphrase)
    return sum(_verify_part(part) for part in (data, keys))


def opened(folder: Path, name: str, passphrase: str | None) -> tuple[OpenPart, OpenPart]:
    """The newest keys and the data of a backup: see `verify`."""
    keys = open_keys(keys_for(folder), passphrase)
    return keys, open_data(folder / DATA / name, keys)


def keys_for(folder: Path) -> Path:
    """The newest keys: they open all older data, but nothing of whom was erased since.

    Raises:
        NoBackup: there are none.
    """
    found = stamped(folder / KEYS)
    if not found:
        raise NoBackup(
            f"There are no keys in {folder / KEYS}.", hint="Put the folder of the keys back beside the data."
        )
    return found[-1]


def _verify_part(part: OpenPart) -> int:
    for place, mark in part.manifest.files.items():
        path = part.folder / place
        if not path.is_file() or mark_of(path) != mark:
            raise BackupBroken(
                f"{path} is missing or not what was written.", hint="Use another backup, and a new disk."
            )
        if path.suffix == ".db":
            with part.clear(place) as store:
                _check_store(store, path)
    return len(part.manifest.files)


def _check_store(store: Path, path: Path) -> None:
    with bare_store(store) as db:
        said = db.execute("PRAGMA quick_check").fetchall()
    if said != [("ok",)]:
        raise BackupBroken(f"{path} is not a sound store: {said[0][0]}", hint="Use another backup.")
