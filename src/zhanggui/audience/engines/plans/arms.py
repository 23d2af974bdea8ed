"""Who is left alone, so that what a plan brings can be seen: drawn by a keyed hash, never by who somebody is."""

from __future__ import annotations

import hashlib

_STEPS = 2**53
"""As many as a float tells apart: no draw is rounded up to 1."""


def drawn(run: str, person: int) -> float:
    """A number in [0, 1) for a person in a run; who draws less than the share is held back.

    The key is the run's own name (80 random bits), so that each run draws anew, the same person always draws alike
    within one, and nobody can choose who falls where by choosing numbers.
    """
    digest = hashlib.blake2b(str(person).encode(), digest_size=8, key=run.encode()).digest()
    return (int.from_bytes(digest, "big") >> 11) / _STEPS
