"""Putting a backup back, into a home of its own."""

from __future__ import annotations

import shutil
from pathlib import Path

from zhanggui.kernel.db.copying import bare_store
from zhanggui.kernel.settings import Settings

from .checking import keys_for, verify
from .layout import DATA, SUBJECTS, HomeNotEmpty, files_of


def restore(settings: Settings, folder: Path, name: str) -> int:
    """Check a backup and copy it into an empty home, with the newest keys: who was erased since stays erased.

    Returns:
        How many files were put back.

    Raises:
        HomeNotEmpty: the home holds something.
        NoBackup, BackupBroken: see `verify`.
    """
    home = settings.home
    if home.exists() and any(home.iterdir()):
        raise HomeNotEmpty(
            f"{home} is not empty.",
            hint="Stop the server, move that folder away, and restore again. Nothing was changed.",
        )
    verify(folder, name)
    data, keys = folder / DATA / name, keys_for(folder)
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    count = 0
    for part in (data, keys):
        for place in files_of(part):
            if place.name == SUBJECTS:
                continue
            (home / place).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copyfile(part / place, home / place)
            (home / place).chmod(0o600)
            count += 1
    for store in sorted(home.glob("shops/*/shop.db")):
        _put_keys_back(store, keys / store.relative_to(home).with_name(SUBJECTS))
    return count


def _put_keys_back(store: Path, subjects: Path) -> None:
    with bare_store(store) as db:
        db.execute("ATTACH ? AS apart", (str(subjects),))
        db.execute("INSERT INTO subject_keys (person, wrapped) SELECT person, wrapped FROM apart.subject_keys")
