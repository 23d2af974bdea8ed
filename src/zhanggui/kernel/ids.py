"""Identifiers: ULIDs for what we make, the merchant's own strings for what they name."""

from __future__ import annotations

import hashlib
import os
import time
from typing import Annotated

import msgspec

MAX_ID_LENGTH = 256

ID_PATTERN = r"^[^\x00-\x1f\x7f]+$(?!\n)"
"""No control characters (`$` alone lets a last newline through)."""

MerchantId = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_ID_LENGTH, pattern=ID_PATTERN)]
"""An id that the merchant chose: 1 to 256 characters, no control characters."""

Ulid = Annotated[str, msgspec.Meta(min_length=26, max_length=26, pattern=r"^[0-7][0-9A-HJKMNP-TV-Z]{25}$(?!\n)")]
"""An id of ours: 26 characters that sort by time of creation."""


_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_PAIRS = tuple(high + low for high in _DIGITS for low in _DIGITS)
"""Crockford's base 32, ten bits at a time: every list that is served gets an id."""


def new_id() -> str:
    """A fresh ULID: 48 bits of milliseconds, then 80 random bits."""
    return _written((time.time_ns() // 1_000_000) << 80 | int.from_bytes(os.urandom(10), "big"))


def first_id_of(at_ms: int) -> str:
    """The least ULID of a moment, in epoch ms: every id that was made before it sorts before it."""
    return _written(at_ms << 80)


def _written(value: int) -> str:
    return "".join([_PAIRS[value >> shift & 1023] for shift in range(120, -1, -10)])


def hash64(text: str) -> int:
    """A signed 64-bit hash (BLAKE2b) of a string: stable across processes, machines and versions."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little", signed=True)
