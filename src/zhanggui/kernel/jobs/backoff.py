"""How long to wait before trying again."""

from __future__ import annotations

FIRST_MS = 2_000
LONGEST_MS = 3_600_000


def backoff_ms(attempts: int, drawn: float) -> int:
    """Twice as long after each try, up to an hour, with a jitter that keeps many jobs from coming back at once.

    Args:
        attempts: tries so far, 1 or more.
        drawn: uniform in [0, 1); the wait is between half of the full one and all of it.

    Returns:
        Milliseconds.

    Source: "equal jitter", M. Brooker, Exponential Backoff and Jitter, AWS Architecture Blog, 2015.
    """
    full = min(LONGEST_MS, FIRST_MS * 2 ** min(attempts - 1, 30))
    return int(full / 2 + drawn * full / 2)
