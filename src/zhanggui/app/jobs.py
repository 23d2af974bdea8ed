"""The background work of a shop: who does which kind of job, and what comes again."""

from __future__ import annotations

import secrets
from typing import Any

from zhanggui.audience.jobs import learned as learned_jobs
from zhanggui.audience.jobs import plans as plan_jobs
from zhanggui.audience.jobs import predictions as prediction_jobs
from zhanggui.audience.jobs import profiles as profile_jobs
from zhanggui.audience.jobs import segments as segment_jobs
from zhanggui.kernel.jobs import JobHandler, Schedule
from zhanggui.recommend.jobs import aims as aim_jobs
from zhanggui.recommend.jobs import exports as export_jobs
from zhanggui.recommend.jobs import labels as label_jobs
from zhanggui.recommend.jobs import training as recommend_jobs
from zhanggui.recommend.service.training.triggers import Triggers
from zhanggui.shop.jobs import events as event_jobs
from zhanggui.shop.jobs import imports as import_jobs
from zhanggui.shop.jobs import people as people_jobs
from zhanggui.shop.jobs import visits as visit_jobs
from zhanggui.shop.outbox import Sender
from zhanggui.shop.outbox import jobs as outbox_jobs
from zhanggui.trust.jobs import brief as brief_jobs
from zhanggui.trust.jobs import ethics as ethics_jobs
from zhanggui.trust.jobs import fairness as fairness_jobs
from zhanggui.trust.jobs import persons as person_jobs
from zhanggui.trust.jobs import proposals as proposal_jobs
from zhanggui.trust.jobs import watch as watch_jobs

from . import rewrapping
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
        complete=rooms.audience.plans.running.complete,
    )
    triggers = Triggers(
        db=rooms.db,
        clock=rooms.clock,
        events=rooms.events,
        every_hours=rooms.settings.recommend.train_every_hours,
        new_percent=rooms.settings.recommend.train_new_percent,
    )
    return [
        *outbox_jobs.handlers(sender),
        *event_jobs.handlers(rooms.archive),
        *visit_jobs.handlers(rooms.visits),
        people_jobs.handler(rooms.people),
        *import_jobs.handlers(rooms.uploads, rooms.undoing),
        proposal_jobs.handler(rooms.proposals),
        *brief_jobs.handlers(rooms.brief, rooms.places),
        ethics_jobs.handler(rooms.ethics),
        *fairness_jobs.handlers(rooms.fairness, rooms.mitigation_test),
        *watch_jobs.handlers(rooms.watch),
        *recommend_jobs.handlers(rooms.recommend.trainer, triggers),
        *export_jobs.handlers(rooms.recommend.list_exports),
        *aim_jobs.handlers(rooms.aim_desk.trade_offs, rooms.aim_desk.watch, rooms.model_desk.standing),
        label_jobs.handler(rooms.label_desk.earner),
        profile_jobs.handler(rooms.audience.keeping),
        *prediction_jobs.handlers(rooms.audience.predictions),
        segment_jobs.handler(rooms.audience.segments),
        learned_jobs.handler(rooms.audience.learned.learning),
        *plan_jobs.handlers(rooms.audience.plans),
        person_jobs.handler(rooms.cleaning),
        rewrapping.handler(rooms),
    ]


def schedules() -> list[Schedule]:
    """What every shop does again and again."""
    return [
        *event_jobs.schedules(),
        *visit_jobs.schedules(),
        people_jobs.schedule(),
        *import_jobs.schedules(),
        proposal_jobs.schedule(),
        brief_jobs.schedule(),
        ethics_jobs.schedule(),
        *fairness_jobs.schedules(),
        *watch_jobs.schedules(),
        *recommend_jobs.schedules(),
        export_jobs.schedule(),
        *aim_jobs.schedules(),
        *label_jobs.schedules(),
        *profile_jobs.schedules(),
        *prediction_jobs.schedules(),
        *segment_jobs.schedules(),
        *learned_jobs.schedules(),
        *plan_jobs.schedules(),
        person_jobs.schedule(),
    ]
