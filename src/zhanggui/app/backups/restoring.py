"""Putting a backup back, into a home of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from zhanggui.kernel.db.copying import bare_store
from zhanggui.kernel.settings import Settings

from .checking import opened, verify
from .keeping import OpenPart
from .layout import SUBJECTS, HomeNotEmpty
from .making import lying_apart


def restore(settings: Settings, folder: Path, name: str, *, passphrase: str | None = None) -> int:
    """Check a backup and copy it into an empty home, with the newest keys: who was erased since stays erased.

    Returns:
        How many files were put back.

    Raises:
        HomeNotEmpty: the home holds something.
        NoBackup, NoPassphrase, BackupBroken: see `verify`.
    """
    home = settings.home
    if home.exists() and any(home.iterdir()):
        raise HomeNotEmpty(
            f"{home} is not empty.",
            hint="Stop the server, move that folder away, and restore again. Nothing was changed.",
        )
    verify(folder, name, passphrase=passphrase)
    keys, data = opened(folder, name, passphrase)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    count = 0
    for part in (data, keys):
        for place in part.manifest.files:
            if Path(place).name != SUBJECTS:
                part.put(place, home / place)
                count += 1
    for store in (home / "control.db", *sorted(home.glob("shops/*/shop.db"))):
        _put_keys_back(store, keys, store.relative_to(home).with_name(SUBJECTS).as_posix())
    return count


def _put_keys_back(store: Path, keys: OpenPart, place: str) -> None:
    with keys.clear(place) as subjects, bare_store(store) as db:
        db.execute("ATTACH ? AS apart", (str(subjects),))
        for table in lying_apart(store.name):
            if not (_stands(db, "main", table) and _stands(db, "apart", table)):  # one is older than the other
                continue
            db.execute(f"DELETE FROM {table}")  # noqa: S608  (a name of ours)
            db.execute(f"INSERT INTO {table} SELECT * FROM apart.{table}")  # noqa: S608
        db.execute("DETACH apart")
        if store.name == "shop.db":
            # Keys are newer than the data: a number that has one was given since, and is never given again.
            newest = "SELECT coalesce(max(person), 0) FROM subject_keys"
            db.execute(f"UPDATE number_counters SET last = max(last, ({newest})) WHERE kind = 'person'")  # noqa: S608


def _stands(db: Any, place: str, table: str) -> bool:
    found = db.execute(f"SELECT 1 FROM {place}.sqlite_master WHERE type = 'table' AND name = ?", (table,))  # noqa: S608
    return found.fetchone() is not None
