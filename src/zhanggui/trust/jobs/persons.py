"""Background work of erasure: trails are cleaned after the rows are gone, and looked at again each night."""

from __future__ import annotations

from zhanggui.kernel.jobs import JobContext, JobHandler, Schedule
from zhanggui.trust.service.persons.cleaning import Cleaning
from zhanggui.trust.service.persons.persons import CLEAN_KIND, CleanTrails

NIGHTLY_S = 86_400


def handler(cleaning: Cleaning) -> JobHandler[CleanTrails]:
    """How it is done: all that is under way, from the start of each trail that has not ended."""

    def clean(_payload: CleanTrails, context: JobContext) -> None:
        cleaning.run(context.on_step, context.is_cancelled)

    return JobHandler(kind=CLEAN_KIND, payload=CleanTrails, run=clean)


def schedule() -> Schedule:
    """Each night: what failed for good by day is taken up again."""
    return Schedule(kind=CLEAN_KIND, every_s=NIGHTLY_S, payload=CleanTrails(), is_due_at_start=True)
