"""Exports of lists in the background: asked for, followed, fetched, and forgotten after a week."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from zhanggui.kernel.clock import DAY_MS, Clock, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.ids import new_id
from zhanggui.kernel.jobs import JobState, UnknownJob, enqueue, find_job
from zhanggui.kernel.steps import OnStep
from zhanggui.recommend.errors import ExportNotReady, UnknownExport
from zhanggui.recommend.types.recipes import ExportLists, ListExport

from .batches import Batches, check_surface

EXPORT = "recommend.export_lists"
KEPT_DAYS = 7
"""A file names people: it lies here no longer than it takes to fetch it."""


class WriteLists(msgspec.Struct, frozen=True):
    """Write the file of the export that is this job."""

    ask: ExportLists


@dataclass(frozen=True, slots=True, kw_only=True)
class ListExports:
    """Exports of one shop.

    Args:
        db: the shop's store.
        clock: gives the present moment.
        batches: writes the files.
        folder: where they lie.
    """

    db: Database
    clock: Clock
    batches: Batches
    folder: Path

    def start(self, ask: ExportLists) -> ListExport:
        """Ask for an export; a job writes it.

        Raises:
            UnknownSurface: the lists are for a place that nobody knows.
        """
        check_surface(ask)
        id_ = new_id()
        self.db.write(lambda db: enqueue(db, EXPORT, WriteLists(ask), job_id=id_))
        return ListExport(id=id_, state=JobState.WAITING)

    def progress(self, id_: str) -> ListExport:
        """How far an export is.

        Raises:
            UnknownExport: there is none of that id, or it was forgotten.
        """
        try:
            with self.db.read() as db:
                job = find_job(db, id_)
        except UnknownJob:
            job = None
        if job is not None and job.kind == EXPORT:
            return ListExport(
                id=id_, state=job.state, shoppers_done=job.steps_done, shoppers_of=job.steps_of, error=job.error
            )
        raise UnknownExport(f"No export has the id {id_!r}.", hint="Start one; files are kept for a week.")

    def file(self, id_: str) -> Path:
        """The Parquet file of an export.

        Raises:
            UnknownExport: there is none of that id, or it was forgotten.
            ExportNotReady: it is not written yet, or ended without a file.
        """
        found = self.progress(id_)
        path = self._path(id_)
        if not path.is_file():
            raise ExportNotReady(
                f"Export {id_} is {found.state}; {found.shoppers_done} of {found.shoppers_of} shoppers are done.",
                hint=found.error or "Ask again when its state is done.",
            )
        return path

    def run(self, ask: ExportLists, id_: str, on_step: OnStep, should_stop: Callable[[], bool]) -> None:
        """Write the file; the body of the job `id_`, which may run again at any point.

        Raises:
            Stopped: `should_stop` said so.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self._path(id_)
        if not path.is_file():
            self.batches.export(path, ask, on_step=on_step, should_stop=should_stop)

    def _path(self, id_: str) -> Path:
        return self.folder / f"{id_}.parquet"

    def forget_old(self) -> None:
        """Delete files, and what was begun of them, after a week: whether or not another export is ever asked for."""
        before_s = (to_ms(self.clock()) - KEPT_DAYS * DAY_MS) / 1000
        for path in self.folder.iterdir() if self.folder.is_dir() else ():
            with contextlib.suppress(FileNotFoundError):  # an export that ends clears up its own parts
                if path.stat().st_mtime < before_s:
                    shutil.rmtree(path) if path.is_dir() else path.unlink()
