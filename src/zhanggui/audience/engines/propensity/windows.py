"""Which dates teach and which calibrates, so that nothing is judged on what it learned from.

At a date everyone who has bought is looked at; what they do in the horizon after it is what is learned. The dates that
teach come first, the one that calibrates a whole horizon later. The newest model is made so with all that is known;
what is told of it was measured one horizon earlier, on a model made in the same way that could not know the last one.
"""

from __future__ import annotations

from dataclasses import dataclass

MOST_DATES = 12
LEAST_STEP_DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Windows:
    """Days at whose end people are looked at: those that teach, ascending, and the one that calibrates."""

    teaching: tuple[int, ...]
    calibrating: int


def windows(first_day: int, until_day: int, horizon_days: int) -> Windows | None:
    """Dates for what is known from `first_day` to the end of `until_day`; None where that is too short.

    The first date has at least a horizon before it, so that there is somebody to look at.
    """
    calibrating = until_day - horizon_days
    newest, earliest = calibrating - horizon_days, first_day + horizon_days
    if newest < earliest:
        return None
    step = max(LEAST_STEP_DAYS, horizon_days // 3)
    teaching = range(newest, earliest - 1, -step)[:MOST_DATES]
    return Windows(teaching=tuple(sorted(teaching)), calibrating=calibrating)


def needed_days(horizon_days: int) -> int:
    """How many days of history a model and its proof take: before the first date, to teach, to calibrate, to judge."""
    return 4 * horizon_days
