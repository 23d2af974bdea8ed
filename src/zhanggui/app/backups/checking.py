"""Whether a backup is what was written."""

from __future__ import annotations

from pathlib import Path

import msgspec

from zhanggui.kernel.db.copying import bare_store

from .layout import DATA, KEYS, MANIFEST, BackupBroken, Manifest, NoBackup, mark_of, stamped


def verify(folder: Path, name: str) -> int:
    """Check every file of a backup and of the keys that open it against their manifests, and every store by itself.

    Returns:
        How many files were checked.

    Raises:
        NoBackup: there is none of that name, or no keys for it.
        BackupBroken: names the first file that is not right.
    """
    return sum(_verify_part(part) for part in (folder / DATA / name, keys_for(folder)))


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


def _verify_part(part: Path) -> int:
    if not (part / MANIFEST).is_file():
        raise NoBackup(f"There is no backup {part}.", hint="List them: the names are folders under data/.")
    manifest = msgspec.json.decode((part / MANIFEST).read_bytes(), type=Manifest)
    for place, mark in manifest.files.items():
        path = part / place
        if not path.is_file() or mark_of(path) != mark:
            raise BackupBroken(
                f"{path} is missing or not what was written.", hint="Use another backup, and a new disk."
            )
        if path.suffix == ".db":
            _check_store(path)
    return len(manifest.files)


def _check_store(path: Path) -> None:
    with bare_store(path) as db:
        said = db.execute("PRAGMA quick_check").fetchall()
    if said != [("ok",)]:
        raise BackupBroken(f"{path} is not a sound store: {said[0][0]}", hint="Use another backup.")
