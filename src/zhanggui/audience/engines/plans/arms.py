"""Who is left alone, so that what a plan brings can be seen: drawn by a keyed hash, never by who somebody is."""

from __future__ import annotations

import hashlib

_WHOLE = 2**64


def is_held_back(run: str, person: int, share: float) -> bool:
    """Whether a person is left alone in a run.

    The key is the run's own name (80 random bits), so that each run draws anew, the same person always falls alike
    within one, and nobody can choose who falls where by choosing numbers.
    """
    drawn = hashlib.blake2b(str(person).encode(), digest_size=8, key=run.encode()).digest()
    return int.from_bytes(drawn, "big") < share * _WHOLE
