"""Copies of a whole installation: made while it serves, checked, put back."""

from .checking import verify
from .layout import (
    BackupBroken,
    BackupError,
    HomeNotEmpty,
    NoBackup,
    NoPassphrase,
    NotInFiles,
    backups_folder,
    newest_backup,
)
from .making import Backup, make_backup
from .restoring import restore

__all__ = [
    "Backup",
    "BackupBroken",
    "BackupError",
    "HomeNotEmpty",
    "NoBackup",
    "NoPassphrase",
    "NotInFiles",
    "backups_folder",
    "make_backup",
    "newest_backup",
    "restore",
    "verify",
]
