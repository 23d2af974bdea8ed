"""Drafts on disk: an upload, what is known of it and chosen for it, and what its check refused, in one folder each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import msgspec

from zhanggui.kernel.durable import whole_file
from zhanggui.kernel.ids import new_id
from zhanggui.shop.types.drafts import Checked
from zhanggui.shop.types.imports import KINDS_WITH_PEOPLE, ColumnProfile, ImportKind

from .errors import UnknownImport
from .mapping import ImportMap

_ID = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")
_DRAFT, _REJECTS = ".draft.json", ".rejects.csv"  # no upload is called so: safe_name takes leading dots away


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """An upload before it is taken.

    Attributes:
        id: later the id of its job and its report.
        kind: None while neither the file nor anybody says what its rows are.
        map: None where the file itself says what its rows mean.
        reused: files of the earlier import whose map this is.
        check_job: of the check that runs in the background.
        checked: what a check of the file by this map found.
    """

    id: str
    file: str
    size: int
    at_ms: int
    by: str = ""
    format: str = ""
    rows_seen: int = 0
    columns: tuple[ColumnProfile, ...] = ()
    kind: ImportKind | None = None
    map: ImportMap | None = None
    reused: str = ""
    basis: str = ""
    check_job: str = ""
    checked: Checked | None = None

    @property
    def has_people(self) -> bool:
        """Whether its rows are about people, so that a legal basis is needed."""
        return self.kind in KINDS_WITH_PEOPLE


@dataclass(frozen=True, slots=True)
class DraftFolder:
    """The drafts of a shop, by their ids."""

    folder: Path

    def find(self, id_: str) -> Draft:
        """A draft.

        Raises:
            UnknownImport: there is none of that id, or it was taken.
        """
        path = self.folder / checked_id(id_) / _DRAFT
        if not path.is_file():
            raise UnknownImport(f"No upload {id_!r} waits to be taken.", hint="Upload the file again.")
        return msgspec.json.decode(path.read_bytes(), type=Draft)

    def has_upload(self, id_: str) -> bool:
        """Whether a file of that id is kept, looked into or not."""
        return (self.folder / checked_id(id_)).is_dir()

    def all(self) -> list[Draft]:
        """Every draft, the newest first."""
        found = self.folder.glob(f"*/{_DRAFT}") if self.folder.is_dir() else ()
        drafts = [msgspec.json.decode(path.read_bytes(), type=Draft) for path in found]
        return sorted(drafts, key=lambda draft: draft.id, reverse=True)

    def save(self, draft: Draft) -> Draft:
        """Write a draft; a reader sees it before or after, never half."""
        path = self.folder / draft.id / _DRAFT
        with whole_file(path) as file:
            file.write(msgspec.json.encode(draft))
        return draft

    def renamed(self, draft: Draft) -> Draft:
        """The draft under a new id, with its file and without its check."""
        fresh = msgspec.structs.replace(draft, id=new_id(), check_job="", checked=None)
        (self.folder / draft.id).rename(self.folder / fresh.id)
        return self.save(fresh)

    def file_of(self, draft: Draft) -> Path:
        """The upload."""
        return self.folder / draft.id / draft.file

    def rejects_of(self, draft: Draft) -> Path:
        """Where the rows that its check refused stand; no file where it refused none."""
        return self.folder / draft.id / _REJECTS


def checked_id(id_: str) -> str:
    """An id that can be the name of a folder and nothing else.

    Raises:
        UnknownImport: it cannot.
    """
    if not _ID.fullmatch(id_):
        raise UnknownImport("No upload has such an id.", hint="Upload the file again.")
    return id_
