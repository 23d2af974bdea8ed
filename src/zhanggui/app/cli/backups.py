"""`backup`: a copy of everything, while it serves; its check; putting it back."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter
from cyclopts.validators import Number

from zhanggui.app.backups import backups_folder, make_backup, newest_backup, restore, verify
from zhanggui.kernel.clock import system_clock
from zhanggui.kernel.settings import load_secret
from zhanggui.kernel.terminal import say

from .session import settings_now

backup = App(name="backup", help="Copy the whole installation while it serves; check a copy, put one back.")
OPEN_KEYS = "set ZHANGGUI_BACKUP_KEY to a passphrase, and they are sealed with it."
Keep = Annotated[int, Parameter(validator=Number(gte=1))]


@backup.default
def make(*, to: Path | None = None, keep: Keep = 7) -> None:
    """Copy all stores, pictures and models, sealed, and the keys apart from them.

    With ZHANGGUI_BACKUP_KEY set the keys are sealed with that passphrase too; it is needed to verify and restore.

    Args:
        to: folder of the backups (else beside the home: zhanggui-data-backups).
        keep: how many to keep, with this one; keys are kept for 30 days at most.
    """
    settings, passphrase = settings_now(), _passphrase()
    place = to or backups_folder(settings)
    made = make_backup(settings, place, system_clock, keep=keep, passphrase=passphrase)
    say(f"{made.files} files, {made.length / 2**20:,.1f} MiB, in {made.folder / 'data' / made.name}")
    say(f"The keys are in {made.folder / 'keys' / made.name}: copy them to another place than the data.")
    say("They are sealed with your passphrase." if passphrase else f"Whoever has them opens the data: {OPEN_KEYS}")
    print(made.name)


@backup.command(name="verify")
def verify_(name: str | None = None, *, to: Path | None = None) -> None:
    """Check every file of a backup, and every store in it.

    Args:
        name: of the backup, as `backup` printed it; the newest without.
        to: folder of the backups.
    """
    folder = to or backups_folder(settings_now())
    which = name or newest_backup(folder)
    say(f"{which}: {verify(folder, which, passphrase=_passphrase())} files are as they were written.")


@backup.command(name="restore")
def restore_(name: str | None = None, *, to: Path | None = None) -> None:
    """Put a backup into an empty home (--home), then run: zhanggui migrate.

    Args:
        name: of the backup; the newest without.
        to: folder of the backups.
    """
    settings = settings_now()
    folder = to or backups_folder(settings)
    which = name or newest_backup(folder)
    count = restore(settings, folder, which, passphrase=_passphrase())
    say(f"{count} files of {which} are in {settings.home}. Now: zhanggui migrate")


def _passphrase() -> str | None:
    return load_secret("backup_key", settings_now().home, os.environ)
