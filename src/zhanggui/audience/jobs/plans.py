"""Background work: the day of plans per tier, and taking people in as soon as a plan is approved."""

from __future__ import annotations

from typing import Any

import msgspec

from zhanggui.audience.service.plans.desk import PlanDesk
from zhanggui.audience.service.plans.kind import ENROL, EnrolPlan
from zhanggui.audience.types.plans import TIERS
from zhanggui.kernel.jobs import Effect, JobContext, JobHandler, Schedule

DAILY = "audience.plans"
DAY_S = 86_400


class RunPlanDay(msgspec.Struct, frozen=True):
    """Clean, judge, take people in, propose."""


def handlers(plans: PlanDesk) -> list[JobHandler[Any]]:
    """How the jobs are done; both may be run again at any point: nobody is taken in twice."""

    def daily(_ask: RunPlanDay, _context: JobContext) -> Effect | None:
        plans.run_day()
        return None

    def enrol(ask: EnrolPlan, _context: JobContext) -> Effect | None:
        for tier in TIERS:
            if tier == ask.tier:
                plans.running.enrol(tier)
        return None

    return [
        JobHandler(kind=DAILY, payload=RunPlanDay, run=daily),
        JobHandler(kind=ENROL, payload=EnrolPlan, run=enrol),
    ]


def schedules() -> list[Schedule]:
    """Once a day."""
    return [Schedule(kind=DAILY, every_s=DAY_S, payload=RunPlanDay(), is_due_at_start=True)]
