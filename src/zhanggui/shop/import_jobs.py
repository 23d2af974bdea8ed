"""Background work on uploads."""

from __future__ import annotations

from zhanggui.kernel.jobs import JobContext, JobHandler

from .service.uploads import IMPORT, ImportUpload, Uploads


class Stopped(Exception):
    """The job was cancelled, or its process is being stopped; what was stored stays, and comes once."""


def handlers(uploads: Uploads) -> list[JobHandler[ImportUpload]]:
    """How the job of this module is done. It may be run again at any point: importing a file twice changes nothing."""

    def take(upload: ImportUpload, context: JobContext) -> None:
        def on_step(done: int, of: int | None) -> None:
            context.on_step(done, of or 0)
            if context.is_cancelled():
                raise Stopped

        try:
            uploads.run(upload, context.idempotency_key, on_step)
        except Stopped:
            return

    return [JobHandler(kind=IMPORT, payload=ImportUpload, run=take)]
