"""Background work on exports of lists: writing them, and forgetting what has lain for a week."""

from __future__ import annotations

from typing import Any

import msgspec

from zhanggui.kernel.jobs import JobContext, JobHandler, Schedule
from zhanggui.recommend.service.recipes.batches import Stopped
from zhanggui.recommend.service.recipes.list_exports import EXPORT, ListExports, WriteLists

FORGET = "recommend.forget_lists"
FORGET_EVERY_S = 6 * 3_600


class ForgetLists(msgspec.Struct, frozen=True):
    """Delete files of lists that are over a week old; they name people."""


def handlers(exports: ListExports) -> list[JobHandler[Any]]:
    """How the jobs of this module are done. Writing, run again after a crash, goes on where it stood."""

    def write(wanted: WriteLists, context: JobContext) -> None:
        try:
            exports.run(wanted.ask, context.idempotency_key, context.on_step, context.is_cancelled)
        except Stopped:
            return

    def forget(_ask: ForgetLists, _context: JobContext) -> None:
        exports.forget_old()

    return [
        JobHandler(kind=EXPORT, payload=WriteLists, run=write),
        JobHandler(kind=FORGET, payload=ForgetLists, run=forget),
    ]


def schedule() -> Schedule:
    """Look four times a day what has lain long enough."""
    return Schedule(kind=FORGET, every_s=FORGET_EVERY_S, payload=ForgetLists(), is_due_at_start=True)
