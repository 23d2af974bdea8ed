"""Background work on exports of lists."""

from __future__ import annotations

from zhanggui.kernel.jobs import JobContext, JobHandler
from zhanggui.recommend.service.recipes.batches import Stopped
from zhanggui.recommend.service.recipes.list_exports import EXPORT, ListExports, WriteLists


def handler(exports: ListExports) -> JobHandler[WriteLists]:
    """How the job of this module is done. Run again after a crash, it goes on where it stood."""

    def write(wanted: WriteLists, context: JobContext) -> None:
        try:
            exports.run(wanted.ask, context.idempotency_key, context.on_step, context.is_cancelled)
        except Stopped:
            return

    return JobHandler(kind=EXPORT, payload=WriteLists, run=write)
