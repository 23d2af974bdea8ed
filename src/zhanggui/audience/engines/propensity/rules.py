"""What a model has to beat: one column alone, turned into chances as fairly as the model's own margins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhanggui.audience.engines.lifetime.histories import Doubles

from .calibration import Calibration, calibrate
from .columns import COLUMNS
from .learning import Lesson

IDLE, FORESEEN = COLUMNS.index("idle_days"), COLUMNS.index("foreseen_chance")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecencyRule:
    """Who bought lately buys again: nothing but the days since the last purchase."""

    calibration: Calibration

    def chances(self, rows: NDArray[np.float32]) -> Doubles:
        """(n,) of rows (n, columns)."""
        return self.calibration.chances(_lately(rows))


def recency_rule(calibrating: Lesson) -> RecencyRule:
    """The rule, calibrated where the model is.

    Raises:
        ValueError: nobody bought, or everybody did.
    """
    return RecencyRule(calibration=calibrate(_lately(calibrating.rows), calibrating.came))


def lifetime_chances(rows: NDArray[np.float32]) -> Doubles:
    """(n,) what BG/NBD says by itself, of rows (n, columns)."""
    chance: Doubles = rows[:, FORESEEN].astype(np.float64)
    return chance


def _lately(rows: NDArray[np.float32]) -> Doubles:
    lately: Doubles = -np.log1p(rows[:, IDLE].astype(np.float64))
    return lately
