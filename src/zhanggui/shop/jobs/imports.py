"""Background work on imports: uploads are taken, and imports taken back."""

from __future__ import annotations

from typing import Any

import msgspec

from zhanggui.kernel.jobs import JobContext, JobHandler, Schedule
from zhanggui.shop.service.import_undo import UNDO, ImportUndoing, UndoImport
from zhanggui.shop.service.uploads import IMPORT, ImportUpload, Uploads

FORGET = "shop.forget_import_changes"
EVERY_S = 86_400


class ForgetImportChanges(msgspec.Struct, frozen=True):
    """Forget what stood before imports that are too old to be taken back."""


def handlers(uploads: Uploads, undoing: ImportUndoing) -> list[JobHandler[Any]]:
    """How these jobs are done. Each may be run again at any point: importing a file twice changes nothing, and what is
    taken back already is not looked at again.
    """

    def take(upload: ImportUpload, context: JobContext) -> None:
        # Stopped at a step, what was stored stays, and comes once.
        uploads.run(upload, context.idempotency_key, lambda done, of: context.step_or_stop(done, of or 0))

    def take_back(ask: UndoImport, context: JobContext) -> None:
        undoing.take_back(ask.import_id, ask.by, context.on_step)

    def forget(_: ForgetImportChanges, __: JobContext) -> None:
        undoing.drop_old()

    return [
        JobHandler(kind=IMPORT, payload=ImportUpload, run=take),
        JobHandler(kind=UNDO, payload=UndoImport, run=take_back),
        JobHandler(kind=FORGET, payload=ForgetImportChanges, run=forget),
    ]


def schedules() -> list[Schedule]:
    """Each day."""
    return [Schedule(kind=FORGET, every_s=EVERY_S, payload=ForgetImportChanges())]
