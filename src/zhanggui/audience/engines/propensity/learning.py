"""Trees that learn who buys within a horizon, out of time, and how their margins become chances.

Source: Ke and others, "LightGBM: a highly efficient gradient boosting decision tree", NIPS 2017.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhanggui.audience.engines.lifetime.histories import Doubles, Ints
from zhanggui.kernel.trees import Trees, trees_of

from .acts import Acts, bought_between
from .calibration import Calibration, calibrate
from .columns import COLUMNS
from .describing import describe, fit_lifetime
from .windows import windows

DEPTH = 4
LEAST_IN_SMALL = 20
"""Rows in a leaf at least, in a shop too small for what the settings ask."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeSettings:
    """How trees are grown; what was tried for them stands in docs/audience-predictions.md."""

    trees: int = 80
    learning_rate: float = 0.04
    least_in_leaf: int = 100
    ridge: float = 30.0
    columns_share: float = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """People at some date: who they are, what was known of them, and whether they bought in the horizon after it."""

    persons: Ints
    rows: NDArray[np.float32]
    came: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Propensity:
    """What training leaves: trees and the map from their margins to chances of a purchase within the horizon."""

    horizon_days: int
    trees: Trees
    calibration: Calibration

    def chances(self, rows: NDArray[np.float32]) -> Doubles:
        """(n,) of rows (n, columns)."""
        return self.calibration.chances(self.trees.margins(rows))


def lesson_at(acts: Acts, day: int, horizon_days: int) -> Lesson:
    """Everyone who had bought by the end of a day; the lifetime models, too, see nothing later."""
    described = describe(acts, day, fit_lifetime(acts, day), horizon_days)
    came = bought_between(acts, described.persons, day, day + horizon_days)
    return Lesson(persons=described.persons, rows=described.rows, came=came)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taught:
    """A model, and the lesson of the date that calibrated it."""

    model: Propensity
    calibrating: Lesson


class Lessons:
    """The lessons of one history for one horizon; each date is looked at once."""

    def __init__(self, acts: Acts, horizon_days: int) -> None:
        self.acts, self.horizon_days = acts, horizon_days
        self._held: dict[int, Lesson] = {}

    def at(self, day: int) -> Lesson:
        """See `lesson_at`."""
        if day not in self._held:
            self._held[day] = lesson_at(self.acts, day, self.horizon_days)
        return self._held[day]


def teach(lessons: Lessons, until_day: int, *, seed: int) -> Taught | None:
    """A model from what is known by the end of `until_day`; None where that is too short.

    Raises:
        ValueError: nobody bought in a horizon, or everybody did.
        ImportError, OSError: LightGBM is not here, or cannot be loaded on this machine.
    """
    days, horizon = lessons.acts.day, lessons.horizon_days
    dates = windows(int(days.min()), until_day, horizon) if len(days) else None
    if dates is None:
        return None
    calibrating, taught = lessons.at(dates.calibrating), [lessons.at(day) for day in dates.teaching]
    return Taught(model=learn(taught, calibrating, horizon, seed=seed), calibrating=calibrating)


def together(lessons: Sequence[Lesson]) -> Lesson:
    """Lessons one after another."""
    return Lesson(
        persons=np.concatenate([one.persons for one in lessons]),
        rows=np.concatenate([one.rows for one in lessons]),
        came=np.concatenate([one.came for one in lessons]),
    )


def learn(
    taught: Sequence[Lesson], calibrating: Lesson, horizon_days: int, *, seed: int, settings: TreeSettings | None = None
) -> Propensity:
    """Trees from the lessons of earlier dates, calibrated on a later one that they have not seen.

    Raises:
        ValueError: in one of the two parts nobody bought, or everybody did.
        ImportError, OSError: LightGBM is not here, or cannot be loaded on this machine.
    """
    lesson = together(taught)
    if not 0 < lesson.came.sum() < len(lesson.came):
        raise ValueError("nobody bought, or everybody did; there is nothing to tell apart")
    trees = grow(lesson, settings or TreeSettings(), seed)
    calibration = calibrate(trees.margins(calibrating.rows), calibrating.came)
    return Propensity(horizon_days=horizon_days, trees=trees, calibration=calibration)


def grow(lesson: Lesson, settings: TreeSettings, seed: int) -> Trees:
    """Trees of a lesson, before calibration."""
    import lightgbm

    data = lightgbm.Dataset(
        lesson.rows,
        lesson.came.astype(np.int32),
        feature_name=list(COLUMNS),
        params={"use_missing": False, "max_bin": 63, "verbosity": -1, "num_threads": 1},
    )
    booster = lightgbm.train(_parameters(settings, seed, len(lesson.came)), data, settings.trees)
    return trees_of(booster.dump_model(), DEPTH)


def _parameters(settings: TreeSettings, seed: int, rows: int) -> dict[str, Any]:
    return {
        "objective": "binary",
        "num_leaves": 2**DEPTH,
        "max_depth": DEPTH,
        "learning_rate": settings.learning_rate,
        "min_data_in_leaf": min(settings.least_in_leaf, max(LEAST_IN_SMALL, rows // 50)),
        "lambda_l2": settings.ridge,
        "feature_fraction": settings.columns_share,
        "use_missing": False,
        "max_bin": 63,
        "num_threads": 1,
        "deterministic": True,
        "force_row_wise": True,
        "seed": seed,
        "verbosity": -1,
    }
