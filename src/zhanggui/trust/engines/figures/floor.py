"""Without noise: groups of fewer than k people are left out, and figures are rounded (k-anonymity, Sweeney 2002).

Weaker than noise: who asks twice around one person's purchase may still learn it, so windows are few and fixed.
"""

from __future__ import annotations

from zhanggui.trust.types.figures import Longs

STEP = 10


def floored(exact: Longs, people: Longs, least: int) -> list[int | None]:
    """Each figure rounded to tens, or None where fewer than `least` people stand behind it."""
    return [
        round(int(value) / STEP) * STEP if count >= least else None
        for value, count in zip(exact.tolist(), people.tolist(), strict=True)
    ]
