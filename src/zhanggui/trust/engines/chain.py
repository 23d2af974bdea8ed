"""The hash chain: what one entry's hash covers.

    payload hash = SHA-256(salt ‖ canonical payload)
    entry hash   = SHA-256(previous entry's hash ‖ seq ‖ at_ms ‖ payload hash ‖ kind)

`seq` and `at_ms` are 8 bytes, big-endian, signed; `kind` is UTF-8 and last, so that no two entries share an encoding.
The salt keeps a short payload from being guessed from its hash after its erasure.

Source: Haber and Stornetta, How to time-stamp a digital document, 1991, doi:10.1007/BF00196791.
"""

from __future__ import annotations

import hashlib
import struct

GENESIS = bytes(32)
"""What stands before the first entry."""

SALT_BYTES = 16
SEQ_AND_TIME = struct.Struct(">qq")


def payload_hash(salt: bytes, payload: bytes) -> bytes:
    """The 32 bytes that stand for a payload in the chain."""
    return hashlib.sha256(salt + payload).digest()


def entry_hash(previous: bytes, seq: int, kind: str, at_ms: int, digest: bytes) -> bytes:
    """The 32 bytes of one entry; `digest` is its payload hash."""
    return hashlib.sha256(previous + SEQ_AND_TIME.pack(seq, at_ms) + digest + kind.encode()).digest()


def checkpoint_message(shop: str, seq: int, entry: bytes, at_ms: int) -> bytes:
    """What a checkpoint's signature covers."""
    return b"zhanggui ledger checkpoint 1\n" + SEQ_AND_TIME.pack(seq, at_ms) + entry + shop.encode()
