"""Files that are uploaded: small ones are imported at once, large ones by a job."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.clock import DAY_MS, to_ms
from zhanggui.kernel.errors import Kind, ZhangguiError
from zhanggui.kernel.jobs import GiveUp, JobState, UnknownJob, enqueue, find_job
from zhanggui.shop.importers.asking import currency_of, licence_of
from zhanggui.shop.importers.errors import UnknownImport
from zhanggui.shop.importers.uploads import MAX_UPLOAD, Readable, drop_old_uploads, drop_upload, keep_upload
from zhanggui.shop.tables import imports as tables
from zhanggui.shop.types.imports import ImportAsk, ImportProgress, ImportReport, OnStep

from .importing import Importer

IMPORT = "shop.import_upload"
AT_ONCE_BYTES = 4 * 2**20
"""Some 40,000 rows: longer than that no request should wait."""
KEPT_DAYS = 7
"""Days for which the upload of an import that died or was cancelled can be tried again."""


class ImportUpload(msgspec.Struct, frozen=True, kw_only=True):
    """Import an upload. `upload` is its path within the folder of uploads.

    With `is_kept` it stays there until it really was imported: whoever sent it can change the map and try again.
    """

    upload: str
    ask: ImportAsk
    is_kept: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploads:
    """Takes uploads into the shop.

    Args:
        at_once_bytes: the largest upload that is imported while its sender waits.
    """

    importer: Importer
    at_once_bytes: int = AT_ONCE_BYTES

    @contextmanager
    def held(self, name: str, stream: Readable) -> Iterator[Path]:
        """An upload as a file, for as long as it is looked at.

        Raises:
            TooLarge: over 2 GiB.
        """
        path = keep_upload(self._folder, name, stream, MAX_UPLOAD)
        try:
            yield path
        finally:
            drop_upload(path)

    def take(self, name: str, stream: Readable, ask: ImportAsk) -> ImportReport | ImportProgress:
        """Import an upload: at once, or by a job when it is large or loads pictures from the network.

        Raises:
            TooLarge: over 2 GiB.
            ZhangguiError: see `Importer.run`; of a job, only what needs no look into the file.
        """
        kind, *_ = self.importer.check(ask.kind, ask.basis or None, ask.map or None, fetch=ask.fetch)
        currency_of(ask.currency)
        licence_of(ask.licence, kind)
        drop_old_uploads(self._folder, to_ms(self.importer.clock()) - KEPT_DAYS * DAY_MS)
        path = keep_upload(self._folder, name, stream, MAX_UPLOAD)
        is_queued = False
        try:
            if not ask.fetch and path.stat().st_size <= self.at_once_bytes:
                return self._run(path, ask)
            upload = ImportUpload(upload=str(path.relative_to(self._folder)), ask=ask)
            id_ = self.importer.db.write(lambda db: enqueue(db, IMPORT, upload))
            is_queued = True
            return ImportProgress(id=id_, state=JobState.WAITING)
        finally:
            if not is_queued:
                drop_upload(path)

    def run(self, upload: ImportUpload, id_: str, on_step: OnStep) -> None:
        """Import what waits; the body of the job `id_`. Once there is a report, nothing more is done.

        Raises:
            GiveUp: the file cannot be imported, or is there no more.
        """
        path = self._folder / upload.upload
        with self.importer.db.read() as db:
            is_done = tables.import_report(db, id_) is not None
        if not is_done:
            if not path.is_file():
                raise GiveUp(f"The upload {path.name} is gone.", hint="Upload it again.")
            try:
                self._run(path, upload.ask, on_step, id_)
            except ZhangguiError as error:
                if error.kind is Kind.UNAVAILABLE:
                    raise
                if not upload.is_kept:
                    drop_upload(path)
                raise GiveUp(f"{error} {error.hint}".strip()) from error
        if not (upload.is_kept and upload.ask.dry_run):
            drop_upload(path)

    def progress(self, id_: str) -> ImportProgress:
        """How far an import is, or what it did.

        Raises:
            UnknownImport: there is none of that id.
        """
        with self.importer.db.read() as db:
            report = tables.import_report(db, id_)
            found = None if report else _progress(db, id_)
        if report is not None:
            return ImportProgress(
                id=id_, state=JobState.DONE, rows_done=report.rows_read, rows_of=report.rows_read, report=report
            )
        if found is None:
            raise UnknownImport(f"No import has the id {id_!r}.", hint="List them with GET /v1/SHOP/imports.")
        return found

    def _run(
        self, path: Path, ask: ImportAsk, on_step: OnStep = lambda _done, _of: None, job_id: str | None = None
    ) -> ImportReport:
        run = partial(
            self.importer.run,
            dry_run=ask.dry_run,
            accept=ask.accept,
            fetch=ask.fetch,
            currency=ask.currency,
            licence=ask.licence,
            job_id=job_id,
            by=ask.by,
        )
        return run(ask.kind, [path], ask.basis or None, ask.map or None, on_step)

    @property
    def _folder(self) -> Path:
        return self.importer.folder / "imports" / "uploads"


def _progress(db: sa.Connection, id_: str) -> ImportProgress | None:
    try:
        job = find_job(db, id_)
    except UnknownJob:
        return None
    if job.kind != IMPORT:
        return None
    return ImportProgress(
        id=id_, state=job.state, rows_done=job.steps_done, rows_of=job.steps_of or None, error=job.error
    )
