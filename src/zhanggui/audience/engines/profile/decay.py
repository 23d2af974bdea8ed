"""Time decay that needs no clock while it is counted.

An act at `t` is counted with `2 ** ((t - START) / HALF_LIFE)`; a reader at `now` divides by the same of `now`. What was
counted never has to be touched again as time goes by, so a stored sum stays true until its next act.

Source: Cormode, Shkapenyuk, Srivastava, Xu, "Forward decay: a practical time decay model for streaming systems",
ICDE 2009, doi:10.1109/ICDE.2009.65.
"""

from __future__ import annotations

from zhanggui.kernel.clock import DAY_MS

START_MS = 1_577_836_800_000
"""2020-01-01. Floats hold sums until 2104 with the shortest half-life in use; older acts weigh next to nothing."""
INTEREST_DAYS = 30.0
"""Half-life of what somebody likes."""
HABIT_DAYS = 90.0
"""Half-life of when and by what way somebody comes."""
_LATEST_MS = START_MS + int(900 * INTEREST_DAYS * DAY_MS)
_INTEREST, _HABIT = 1.0 / (INTEREST_DAYS * DAY_MS), 1.0 / (HABIT_DAYS * DAY_MS)


def interest(at_ms: int) -> float:
    """How much an act at a moment is counted with among interests, in the units of `START_MS`."""
    if at_ms > _LATEST_MS:
        at_ms = _LATEST_MS
    return float(2.0 ** ((at_ms - START_MS) * _INTEREST))


def habit(at_ms: int) -> float:
    """The same among habits."""
    if at_ms > _LATEST_MS:
        at_ms = _LATEST_MS
    return float(2.0 ** ((at_ms - START_MS) * _HABIT))
