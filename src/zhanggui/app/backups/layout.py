"""Where the parts of a backup lie.

    FOLDER/data/20261121T020000Z/    control.db, shops/<name>/{shop.db, media, models, …}, manifest.json
    FOLDER/keys/20261121T020000Z/    backup.key, master.key, shops/<name>/{ledger.key, subjects.db}, …, manifest.json

All of the data is sealed with `backup.key`, which lies with the keys; the keys are sealed with a passphrase where there
is one. The keys under which people's names and addresses are sealed are taken out of the data, so that the two can be
kept in different places, and so that an erased person is gone from old data as soon as the old keys are: 30 days at
most. The list of keyed hashes of whom was erased, and all that a master key wraps, lie with the keys too.

    BackupError
    ├── NoBackup        there is nothing to check or put back
    ├── NoPassphrase    the keys are sealed with a passphrase, and none or another one was given
    ├── BackupBroken    a file is missing, of another length or content
    ├── HomeNotEmpty    a backup is put into a home of its own
    └── NotInFiles      the stores are in PostgreSQL
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from zhanggui.kernel.errors import Kind, ZhangguiError
from zhanggui.kernel.settings import Settings

DATA, KEYS, MANIFEST = "data", "keys", "manifest.json"
SUBJECTS = "subjects.db"
BACKUP_KEY = "backup.key"
KEYS_KEPT = timedelta(days=30)
"""Older keys could open what was erased since."""
_NAME = re.compile(r"\d{8}T\d{6}Z")
_FORMAT = "%Y%m%dT%H%M%SZ"
_KEY_FILES = re.compile(r".*\.(key|secret)")


class BackupError(ZhangguiError):
    """Root of what backups raise."""

    code = "backup.error"


class NoBackup(BackupError):
    """There is no backup where one was looked for."""

    code, kind = "backup.none", Kind.NOT_FOUND


class BackupBroken(BackupError):
    """A file of a backup is missing, or is not what was written."""

    code, kind = "backup.broken", Kind.CONFLICT


class NoPassphrase(BackupError):
    """The keys of a backup are sealed with a passphrase, and none or another one was given."""

    code, kind = "backup.no_passphrase", Kind.FORBIDDEN


class HomeNotEmpty(BackupError):
    """A backup was to be put into a home that holds something already."""

    code, kind = "backup.home_not_empty", Kind.CONFLICT


class NotInFiles(BackupError):
    """The stores are in PostgreSQL, which has its own tool."""

    code, kind = "backup.not_in_files", Kind.INVALID

    @classmethod
    def because(cls, settings: Settings) -> NotInFiles:
        """Name what to do instead."""
        return cls(
            "The stores of this installation are in PostgreSQL.",
            hint="Save the database with pg_dump --format=custom, then the folder "
            f"{settings.home} (keys apart) with any tool.",
        )


class FileMark(msgspec.Struct, frozen=True):
    """By what a file is recognised: length in bytes, BLAKE2b-256 in hex."""

    length: int
    digest: str


class Manifest(msgspec.Struct, frozen=True):
    """What a part of a backup holds; `version` is the program's.

    Attributes:
        files: as they lie there, sealed.
        salt: of the passphrase (hex); empty where the files of this part lie open, or are sealed with `backup.key`.
        seal: a keyed digest over the files, where they are sealed.
    """

    version: str
    made_at: datetime
    files: dict[str, FileMark]
    salt: str = ""
    seal: str = ""


def backups_folder(settings: Settings) -> Path:
    """Where backups go unless told: beside the home, never inside."""
    home = settings.home.resolve()
    return home.with_name(f"{home.name}-backups")


def stamp(moment: datetime) -> str:
    """The name of a backup: its moment in UTC, so that names sort by time."""
    return moment.astimezone(UTC).strftime(_FORMAT)


def moment_of(name: str) -> datetime:
    """The moment that a name says."""
    return datetime.strptime(name, _FORMAT).replace(tzinfo=UTC)


def stamped(folder: Path) -> list[Path]:
    """The finished backups of a folder, oldest first."""
    return sorted(path for path in folder.glob("*") if _NAME.fullmatch(path.name)) if folder.is_dir() else []


def newest_backup(folder: Path) -> str:
    """The name of the newest backup in a folder.

    Raises:
        NoBackup: there is none.
    """
    found = stamped(folder / DATA)
    if not found:
        raise NoBackup(f"There is no backup in {folder}.", hint="Make one: zhanggui backup --to FOLDER")
    return found[-1].name


def is_key(path: Path) -> bool:
    """Whether a file of the home is kept with the keys."""
    return _KEY_FILES.fullmatch(path.name) is not None


def mark_of(path: Path) -> FileMark:
    """Length and digest of a file."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=32)).hexdigest()
    return FileMark(path.stat().st_size, digest)


def files_of(folder: Path) -> Iterator[Path]:
    """All files below a folder but its manifest, as paths in it, in order."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.relative_to(folder).as_posix() != MANIFEST:
            yield path.relative_to(folder)
