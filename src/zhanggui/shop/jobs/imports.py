"""Background work on uploads."""

from __future__ import annotations

from zhanggui.kernel.jobs import JobContext, JobHandler
from zhanggui.shop.service.uploads import IMPORT, ImportUpload, Uploads


def handlers(uploads: Uploads) -> list[JobHandler[ImportUpload]]:
    """How the job of this module is done. It may be run again at any point: importing a file twice changes nothing."""

    def take(upload: ImportUpload, context: JobContext) -> None:
        # Stopped at a step, what was stored stays, and comes once.
        uploads.run(upload, context.idempotency_key, lambda done, of: context.step_or_stop(done, of or 0))

    return [JobHandler(kind=IMPORT, payload=ImportUpload, run=take)]
