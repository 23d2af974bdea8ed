"""Identifiers: ULIDs for what we make, the merchant's own strings for what they name."""

from __future__ import annotations

import hashlib
from typing import Annotated

import msgspec

MAX_ID_LENGTH = 256

ID_PATTERN = r"^[^\x00-\x1f\x7f]+$(?!\n)"
"""No control characters (`$` alone lets a last newline through)."""

MerchantId = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_ID_LENGTH, pattern=ID_PATTERN)]
"""An id that the merchant chose: 1 to 256 characters, no control characters."""

Ulid = Annotated[str, msgspec.Meta(min_length=26, max_length=26, pattern=r"^[0-7][0-9A-HJKMNP-TV-Z]{25}$(?!\n)")]
"""An id of ours: 26 characters that sort by time of creation."""


def new_id() -> str:
    """A fresh ULID."""
    from ulid import ULID

    return str(ULID())


def hash64(text: str) -> int:
    """A signed 64-bit hash (BLAKE2b) of a string: stable across processes, machines and versions."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little", signed=True)
