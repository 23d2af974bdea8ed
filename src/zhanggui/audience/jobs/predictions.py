"""Background work: models of predictions are trained anew each week, and everybody is foretold each day."""

from __future__ import annotations

from typing import Any

import msgspec
import sqlalchemy as sa

from zhanggui.audience.errors import NoPredictions
from zhanggui.audience.service.predictions.desk import Predictions
from zhanggui.kernel.db import Database
from zhanggui.kernel.jobs import Effect, JobContext, JobHandler, Schedule, enqueue

TRAIN, FORETELL = "audience.train", "audience.foretell"
BY_HAND = "by hand"
DAY_S, WEEK_S = 86_400, 7 * 86_400


class TrainPredictions(msgspec.Struct, frozen=True):
    """Train all models anew."""

    seed: int = 0


class ForetellAll(msgspec.Struct, frozen=True):
    """Foretell everybody who allows it."""


def handlers(predictions: Predictions) -> list[JobHandler[Any]]:
    """How the jobs are done; both may be run again at any point."""

    def train(ask: TrainPredictions, context: JobContext) -> Effect:
        predictions.training.prune()
        prepared = predictions.training.prepare(ask.seed, context.step_or_stop)

        def enter(db: sa.Connection) -> None:
            predictions.training.settle(db, prepared)

        return enter

    def foretell(_ask: ForetellAll, context: JobContext) -> Effect | None:
        try:
            predictions.bulk.run(context.on_step)
        except NoPredictions:  # nothing was trained yet; the training says what is missing
            return None
        return None

    return [
        JobHandler(kind=TRAIN, payload=TrainPredictions, run=train),
        JobHandler(kind=FORETELL, payload=ForetellAll, run=foretell),
    ]


def schedules() -> list[Schedule]:
    """A training a week, everybody once a day; single customers are foretold live in between."""
    return [
        Schedule(kind=TRAIN, every_s=WEEK_S, payload=TrainPredictions()),
        Schedule(kind=FORETELL, every_s=DAY_S, payload=ForetellAll()),
    ]


def request_training(db: Database) -> str:
    """Ask for a training now; while one waits or runs, a second request is the same. Returns the job's id."""
    return db.write(lambda connection: enqueue(connection, TRAIN, TrainPredictions(), dedupe_key=BY_HAND))
