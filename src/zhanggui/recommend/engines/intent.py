"""Restraint (少而精): how much somebody seems to want anything now, and how long a list that bears."""

from __future__ import annotations

import math

from zhanggui.kernel.clock import DAY_MS

from .interactions import SESSION_GAP_MS, Floats, Ints

HALF_LIFE_MS = 2 * DAY_MS
DEPTH = 0.9
"""Summed strength of a session's acts (a view 0.3, a cart 0.7) at which depth is at 0.63."""
UNITS = 10_000
LEAST, FULL = 0.1, 0.5
"""Below the first nothing is shown unasked; from the second on the whole list is."""


def intent(strength: Floats, at_ms: Ints, now_ms: int) -> float:
    """In [0, 1]: how deep the last session went, faded by how long ago it was; 0 without any act.

    Never lower for one act more in that session, never higher for the same session longer ago.

    Args:
        strength: (n,) what each act says, newest first; what is not above 0 says nothing.
        at_ms: (n,) when, descending.
        now_ms: the moment.
    """
    if len(at_ms) == 0:
        return 0.0
    from .answer_kernels import session_units  # imports numba

    summed = session_units(strength, at_ms, SESSION_GAP_MS, UNITS) / UNITS
    depth = 1.0 - math.exp(-summed / DEPTH)
    return depth * math.exp2(-max(now_ms - int(at_ms[0]), 0) / HALF_LIFE_MS)


def bearable(k: int, wanting: float) -> int:
    """Of k products, how many an intent bears: 0 below `LEAST`, all from `FULL` on, never fewer for more intent."""
    if wanting < LEAST:
        return 0
    share = min((wanting - LEAST) / (FULL - LEAST), 1.0)
    return min(max(math.ceil(k * share), 1), k)
