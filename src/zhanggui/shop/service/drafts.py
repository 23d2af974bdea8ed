"""Uploads that somebody looks over before they are taken: kept on disk with their map, so that nothing is lost."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from zhanggui.kernel.clock import DAY_MS, to_ms
from zhanggui.kernel.jobs import Job, JobState, UnknownJob, enqueue, find_job
from zhanggui.shop.importers.asking import basis_of, currency_of, kind_of, licence_of
from zhanggui.shop.importers.drafts import Draft, DraftFolder, checked_id
from zhanggui.shop.importers.errors import BadMap, BasisMissing, UnknownImport
from zhanggui.shop.importers.looking import look_at, preview_of
from zhanggui.shop.importers.map_text import map_text
from zhanggui.shop.importers.mapping import check_map, decode_map
from zhanggui.shop.importers.rejects import read_rejects
from zhanggui.shop.importers.uploads import MAX_UPLOAD, Readable, drop_old_uploads, drop_upload, keep_upload
from zhanggui.shop.tables import imports as tables
from zhanggui.shop.types.drafts import Checked, Preview
from zhanggui.shop.types.imports import ImportAsk, ImportKind, ImportProgress, ImportRecord, ImportReport

from .uploads import IMPORT, KEPT_DAYS, ImportUpload, Uploads

_PAUSES, _PAUSE_S = 400, 0.05
"""So often a second request looks for what the first makes of a file: 20 s, in which the largest is looked into."""
_REMEMBERED = 1_000
_REUSED_FROM = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafts:
    """From an upload to an import, step by step. Each step is on disk before it is answered."""

    uploads: Uploads
    pause: Callable[[float], None] = time.sleep

    def keep(
        self, name: str, stream: Readable, *, id_: str = "", kind: str = "", by: str = "", map_of: str = ""
    ) -> Draft:
        """Keep an upload and look into it.

        Args:
            name: of the file.
            stream: its bytes.
            id_: that the draft shall have; sending it twice makes one draft.
            kind: an `ImportKind`; guessed without one.
            by: who sends it.
            map_of: an earlier import whose map is taken over.

        Raises:
            BadFile, TooLarge: it cannot be read; nothing stays.
            UnknownImport: `map_of` is none.
        """
        importer = self.uploads.importer
        wanted = kind_of(kind) if kind else None
        asked = self._record(map_of) if map_of else None
        now_ms = to_ms(importer.clock())
        drop_old_uploads(self._folder.folder, now_ms - KEPT_DAYS * DAY_MS)
        try:
            path = keep_upload(self._folder.folder, name, stream, MAX_UPLOAD, checked_id(id_) if id_ else "")
        except FileExistsError:
            return self._looked_into_elsewhere(id_)
        new = Draft(id=path.parent.name, file=path.name, size=path.stat().st_size, at_ms=now_ms, by=by)
        try:
            draft = self._looked(path, wanted, new)
            return self._folder.save(_with_map(draft, asked) if asked else self._like_before(draft, wanted))
        except BaseException:
            drop_upload(path)
            raise

    def find(self, id_: str) -> Draft:
        """A draft.

        Raises:
            UnknownImport: there is none of that id, or it was taken.
        """
        return self._settled(self._folder.find(id_))

    def _looked_into_elsewhere(self, id_: str) -> Draft:
        """The draft of an upload that another request, sent by the same press, may still be looking into."""
        for _ in range(_PAUSES):
            try:
                return self.find(id_)
            except UnknownImport:
                if not self._folder.has_upload(id_):
                    raise
                self.pause(_PAUSE_S)
        return self.find(id_)

    def waiting(self) -> list[Draft]:
        """Drafts that nobody has accepted yet, newest first."""
        return [draft for draft in self._folder.all() if self.job(draft.id) is None]

    def remap(
        self, id_: str, *, kind: str, basis: str, columns: Mapping[str, str], currency: str = "", licence: str = ""
    ) -> Draft:
        """Take over what somebody chose; a changed kind proposes its own map.

        Raises:
            UnknownImport: there is no such draft.
            BadMap: the kind, a field, the currency or the licence is none.
        """
        draft = self.find(id_)
        wanted = kind_of(kind) if kind else None
        if wanted is not draft.kind:
            draft = self._like_before(self._looked(self._folder.file_of(draft), wanted, draft), wanted)
        elif draft.map is not None and columns:
            held = {each.name: columns.get(each.name, "") for each in draft.columns}
            said = currency_of(currency) or draft.map.currency
            words = licence_of(licence, draft.map.kind) or draft.map.licence
            found = msgspec.structs.replace(draft.map, columns=held, currency=said, licence=words)
            check_map(found)
            draft = msgspec.structs.replace(draft, map=found)
        return self._folder.save(msgspec.structs.replace(draft, basis=basis, check_job="", checked=None))

    def preview(self, draft: Draft) -> Preview:
        """The first rows of the file as they would be taken."""
        return preview_of(self._folder.file_of(draft), draft.kind, draft.map, self.uploads.importer.defaults)

    def require_ready(self, draft: Draft) -> None:
        """Refuse a draft that cannot be imported yet.

        Raises:
            BadMap: no kind, or required fields that no column fills.
            BasisMissing: rows about people, and no legal basis.
        """
        if draft.kind is None:
            raise BadMap("Nobody has said what the rows are.", hint="Choose it.")
        missing = self.preview(draft).missing
        if missing:
            raise BadMap(f"No column fills {', '.join(missing)}.", hint="Choose a column for each.")
        if draft.has_people and basis_of(draft.basis or None) is None:
            raise BasisMissing("Rows about people need a legal basis.", hint="Choose one.")

    def check(self, id_: str) -> Draft:
        """Read the whole file and find what would be refused: at once, or by a job when it is large.

        Raises:
            BadMap, BasisMissing: see `require_ready`.
            BadFile: the file breaks off.
        """
        draft = self.find(id_)
        self.require_ready(draft)
        path = self._folder.file_of(draft)
        ask = _ask_of(draft, dry_run=True)
        if draft.size > self.uploads.at_once_bytes:
            job = self._enqueue(draft, ask, "")
            return self._folder.save(msgspec.structs.replace(draft, check_job=job, checked=None))
        report = self.uploads.importer.run(ask.kind, [path], ask.basis or None, ask.map or None, dry_run=True)
        return self._folder.save(msgspec.structs.replace(draft, check_job="", checked=self._checked(draft, report)))

    def checking(self, draft: Draft) -> ImportProgress | None:
        """How far the check in the background is; None where there is none."""
        return self.uploads.progress(draft.check_job) if draft.check_job else None

    def rejects(self, id_: str) -> Path:
        """The CSV of the rows that would be refused.

        Raises:
            UnknownImport: there is no such draft, or its check refused nothing.
        """
        path = self._folder.rejects_of(self.find(id_))
        if not path.is_file():
            raise UnknownImport(f"Nothing is refused of the upload {id_!r}.", hint="Check the file first.")
        return path

    def accept(self, id_: str) -> str:
        """Have a draft imported by a job; twice is once. Returns the id of the import, which is that of the draft.

        Raises:
            BadMap, BasisMissing: see `require_ready`.
            UnknownImport: there is neither such a draft nor such an import.
        """
        if self.job(id_) is not None or self.record(id_) is not None:
            return id_
        draft = self.find(id_)
        self.require_ready(draft)
        return self._enqueue(draft, _ask_of(draft, dry_run=False), draft.id)

    def again(self, id_: str) -> Draft:
        """A draft from one whose import failed or was cancelled.

        Raises:
            UnknownImport: its upload is gone, or its import has not ended.
        """
        draft, job = self.find(id_), self.job(id_)
        if job is not None and job.state in {JobState.WAITING, JobState.RUNNING}:
            raise UnknownImport(f"The import {id_!r} has not ended.", hint="Cancel it first.")
        return self._folder.renamed(draft)

    def discard(self, id_: str) -> None:
        """Forget a draft and its file.

        Raises:
            UnknownImport: there is no such draft, or it has been accepted.
        """
        draft = self.find(id_)
        if self.job(id_) is not None:
            raise UnknownImport(f"The upload {id_!r} has been accepted.", hint="Cancel its import.")
        drop_upload(self._folder.file_of(draft))

    def job(self, id_: str) -> Job | None:
        """The job that imports what was a draft."""
        with self.uploads.importer.db.read() as db:
            try:
                found = find_job(db, id_)
            except UnknownJob:
                return None
        return found if found.kind == IMPORT else None

    def record(self, id_: str) -> ImportRecord | None:
        """What is remembered of an import."""
        with self.uploads.importer.db.read() as db:
            return tables.import_record(db, id_)

    def history(self) -> list[ImportRecord]:
        """What is remembered of the last imports, newest first."""
        with self.uploads.importer.db.read() as db:
            return [record for record in tables.import_records(db, _REMEMBERED) if not record.dry_run]

    def _like_before(self, draft: Draft, wanted: ImportKind | None) -> Draft:
        """With the map of the last import of a file with these very columns, where there is one."""
        names = {each.name for each in draft.columns}
        for record in [record for record in self.history() if record.map][:_REUSED_FROM]:
            found = decode_map(record.map)
            if names and set(found.columns) == names and wanted in {None, found.kind}:
                return _with_map(draft, record)
        return draft

    def _record(self, id_: str) -> ImportRecord:
        found = self.record(id_)
        if found is None or not found.map:
            raise UnknownImport(f"No import {id_!r} has a map.", hint="Leave the map open.")
        return found

    def _looked(self, path: Path, wanted: ImportKind | None, draft: Draft) -> Draft:
        looked = look_at(path, wanted, self.uploads.importer.defaults)
        return msgspec.structs.replace(
            draft,
            format=looked.format,
            rows_seen=looked.rows_seen,
            columns=looked.columns,
            kind=looked.kind,
            map=looked.map,
            reused="",
        )

    def _settled(self, draft: Draft) -> Draft:
        """With the result of a check in the background, once it is there."""
        if not draft.check_job or draft.checked is not None:
            return draft
        report = self.uploads.progress(draft.check_job).report
        if report is None:
            return draft
        return self._folder.save(msgspec.structs.replace(draft, check_job="", checked=self._checked(draft, report)))

    def _checked(self, draft: Draft, report: ImportReport) -> Checked:
        kept_as = self._folder.rejects_of(draft)
        kept_as.unlink(missing_ok=True)
        found = self.uploads.importer.rejects_of(report)
        if found is not None and found.is_file():
            found.replace(kept_as)
        reasons, first = read_rejects(kept_as)
        return Checked(
            rows_read=report.rows_read,
            kept=report.kept,
            rejected=report.rejected,
            excluded=report.left_out,
            reasons=reasons,
            first=first,
        )

    def _enqueue(self, draft: Draft, ask: ImportAsk, job_id: str) -> str:
        upload = ImportUpload(upload=f"{draft.id}/{draft.file}", ask=ask, is_kept=True)
        return self.uploads.importer.db.write(lambda db: enqueue(db, IMPORT, upload, job_id=job_id))

    @property
    def _folder(self) -> DraftFolder:
        return DraftFolder(self.uploads.importer.folder / "imports" / "uploads")


def _ask_of(draft: Draft, *, dry_run: bool) -> ImportAsk:
    text = map_text(draft.map) if draft.map is not None else ""
    basis = draft.basis if draft.has_people else ""
    return ImportAsk(kind=str(draft.kind), basis=basis, map=text, dry_run=dry_run, accept=True, by=draft.by)


def _with_map(draft: Draft, record: ImportRecord) -> Draft:
    """With the map of an earlier import, as far as the file has its columns."""
    found = decode_map(record.map)
    columns = {each.name: found.columns.get(each.name, "") for each in draft.columns}
    held = msgspec.structs.replace(found, columns=columns)
    return msgspec.structs.replace(draft, kind=found.kind, map=held, reused=", ".join(record.files))
