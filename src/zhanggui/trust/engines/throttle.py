"""How long a login must wait after failures."""

from __future__ import annotations

from zhanggui.kernel.clock import DAY_MS

FREE_BY_ACCOUNT = 5
FREE_BY_ADDRESS = 20
"""More than for an account: many people may share one address."""
FIRST_WAIT_MS = 1_000
LONGEST_WAIT_MS = 900_000
FORGOTTEN_AFTER_MS = DAY_MS


def wait_ms(failures: int, free: int) -> int:
    """Milliseconds until the next try: none for the `free` first failures, then 1 s, 2 s, 4 s, … at most 15 minutes."""
    if failures < free:
        return 0
    return min(LONGEST_WAIT_MS, FIRST_WAIT_MS << min(failures - free, 20))
