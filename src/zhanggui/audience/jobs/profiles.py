"""Background work: what people did is folded into their profiles, and who took consent back loses theirs."""

from __future__ import annotations

from zhanggui.audience.service.profiles.keeping import FOLD, FoldProfiles, Keeping
from zhanggui.kernel.jobs import Effect, JobContext, JobHandler, Schedule

EVERY_S = 900


def handler(keeping: Keeping) -> JobHandler[FoldProfiles]:
    """How the job is done; it may be run again at any point."""

    def run(_ask: FoldProfiles, context: JobContext) -> Effect | None:
        keeping.catch_up(context.on_step)
        return None

    return JobHandler(kind=FOLD, payload=FoldProfiles, run=run)


def schedules() -> list[Schedule]:
    """Every quarter of an hour; readings are live in between."""
    return [Schedule(kind=FOLD, every_s=EVERY_S, payload=FoldProfiles(), is_due_at_start=True)]
