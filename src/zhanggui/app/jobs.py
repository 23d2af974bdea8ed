"""The background work of a shop: who does which kind of job, and what comes again."""

from __future__ import annotations

import secrets
from typing import Any

from zhanggui.kernel.jobs import JobHandler, Schedule
from zhanggui.recommend import jobs as recommend_jobs
from zhanggui.shop.event_jobs import EVENT_SCHEDULES, event_jobs
from zhanggui.shop.import_jobs import import_jobs
from zhanggui.shop.outbox import Sender
from zhanggui.shop.outbox.jobs import outbox_jobs
from zhanggui.trust.jobs import trust_jobs, trust_schedules

from .rooms import Rooms


def handlers(rooms: Rooms) -> list[JobHandler[Any]]:
    """One handler for each kind of job of this shop."""
    sender = Sender(
        db=rooms.db,
        clock=rooms.clock,
        queue=rooms.queue,
        settle=rooms.proposals.settle,
        draw=secrets.SystemRandom().random,
        max_attempts=rooms.settings.outbox.max_attempts,
    )
    return [
        *outbox_jobs(sender),
        *event_jobs(rooms.archive),
        *import_jobs(rooms.uploads),
        *trust_jobs(rooms.proposals),
        *recommend_jobs.handlers(rooms.recommend.trainer),
    ]


def schedules() -> list[Schedule]:
    """What every shop does again and again."""
    return [*EVENT_SCHEDULES, *trust_schedules(), *recommend_jobs.schedules()]
