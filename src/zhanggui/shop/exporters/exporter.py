"""Everything that a shop knows, as files or as a stream."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.db import Database
from zhanggui.kernel.errors import did_you_mean
from zhanggui.kernel.media import MediaStore
from zhanggui.kernel.privacy import Cipher, Purpose
from zhanggui.shop.errors import UnknownExport, UnknownFormat
from zhanggui.shop.service.past_rows import PastRows
from zhanggui.shop.types.exports import ExportedFile, ExportFormat, ExportKind

from .files import lines, write_facts
from .parts import ExportRecord
from .past import past_events
from .pictures import FOLDER, copy_media, media_in
from .sources import TYPES, facts_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Exporter:
    """Exports facts with direct identifiers in clear: it serves the shop itself (`Purpose.SERVICE`) and nobody else.

    All kinds of one export are of one moment: they are read from one snapshot.

    Args:
        past: the history, without which there is no export of events.
        media: the shop's pictures, which go out with `all`.
        parts: what other rooms add.
        records: files to be read only; over HTTP each has an own address with the scope of its room.
    """

    db: Database
    cipher: Cipher
    past: PastRows | None = None
    media: MediaStore | None = None
    parts: Sequence[ExportRecord] = ()
    records: Sequence[ExportRecord] = ()

    def export(
        self,
        kind: str,
        folder: Path,
        form: str = "jsonl",
        on_step: Callable[[int, int], None] = lambda _done, _of: None,
    ) -> tuple[ExportedFile, ...]:
        """Write one kind, or `all`, into a folder: one file a kind, readable by its owner alone.

        Args:
            kind: of `ExportKind`, `media`, the name of a part, or `all`.
            folder: made if need be; files of the same names are replaced.
            form: of `ExportFormat`. JSON lines, CSV and Parquet hold the same.
            on_step: told how many kinds are done, of how many.

        Raises:
            UnknownFormat: there is no such kind or format.
        """
        kinds, chosen = self._chosen(kind), ExportFormat(_one_of(list(ExportFormat), form))
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        files: list[ExportedFile] = []
        with self._snapshot() as db:
            for done, one in enumerate(kinds):
                on_step(done, len(kinds))
                files.append(self._written(db, one, folder, chosen))
        on_step(len(kinds), len(kinds))
        return tuple(files)

    def stream(self, kind: str) -> Iterator[bytes]:
        """One kind (neither media nor a record) as JSON lines, a page at a time.

        Raises:
            UnknownExport: there is no such kind (raised at once, not at the first page).
        """
        return self._streamed(_one_of([*self._facts(), *(part.name for part in self.parts)], kind, UnknownExport))

    def stream_record(self, kind: str) -> Iterator[bytes]:
        """One record as JSON lines, a page at a time.

        Raises:
            UnknownExport: there is no such record (raised at once, not at the first page).
        """
        return self._streamed(_one_of([record.name for record in self.records], kind, UnknownExport))

    def _written(self, db: sa.Connection, kind: str, folder: Path, form: ExportFormat) -> ExportedFile:
        if kind == FOLDER and self.media is not None:
            report = copy_media(self.media, media_in(folder))
            return ExportedFile(kind, folder / FOLDER, report.created + report.unchanged)
        path = folder / f"{kind}.{form.value}"
        holds, pages = self._pages(db, kind)
        return ExportedFile(kind, path, write_facts(path, holds, pages, form))

    def _streamed(self, kind: str) -> Iterator[bytes]:
        with self._snapshot() as db:
            yield from lines(self._pages(db, kind)[1])

    @contextmanager
    def _snapshot(self) -> Iterator[sa.Connection]:
        if self.past is None:
            with self.db.read() as db:
                yield db
            return
        with self.past.kept(), self.db.read() as db:  # first the files, so that all that the snapshot names are there
            yield db

    def _facts(self) -> list[str]:
        return [kind.value for kind in ExportKind if kind is not ExportKind.EVENTS or self.past is not None]

    def _names(self) -> list[str]:
        added = (part.name for part in (*self.parts, *self.records))
        return [*self._facts(), *added, *([FOLDER] if self.media is not None else [])]

    def _chosen(self, kind: str) -> list[str]:
        names = self._names()
        return names if kind == "all" else [_one_of(names, kind)]

    def _pages(self, db: sa.Connection, kind: str) -> tuple[type[msgspec.Struct], Iterator[Sequence[msgspec.Struct]]]:
        for part in (*self.parts, *self.records):
            if part.name == kind:
                return part.holds, part.rows(db)
        fact = ExportKind(kind)
        if fact is ExportKind.EVENTS and self.past is not None:
            return TYPES[fact], past_events(db, self.past.in_order(db, purpose=Purpose.SERVICE))
        return TYPES[fact], facts_of(db, self.cipher, fact)


def _one_of(known: Sequence[Any], seen: str, refusal: type[UnknownFormat] = UnknownFormat) -> str:
    names = [str(name) for name in known]
    if seen not in names:
        hint = did_you_mean(seen, names, otherwise=f"Choose among {', '.join(names)}.")
        raise refusal(f"There is no export of {seen!r}.", hint=hint)
    return str(seen)
