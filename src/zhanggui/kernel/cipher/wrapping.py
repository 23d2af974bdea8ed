"""A master key wraps other keys. Which one did stands in front of what was wrapped.

Layout: version byte 2, 8 bytes id of the master key, 12 bytes nonce, ciphertext, 16 bytes tag (AES-256-GCM, NIST SP
800-38D). Version 1, from before there could be several master keys, has no id.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .errors import BadMasterKey

KEY_BYTES = 32
ID_BYTES = 8
KEY_HINT = "Make one with: python -c 'import secrets; print(secrets.token_hex(32))'"
NONCE_BYTES = 12
_OLD, _NEW = b"\x01", b"\x02"


class KeyWrapper(Protocol):
    """Wraps a key of 32 bytes so that only the same wrapper opens it: a key here, or a key management service.

    `about` is bound to the result and not hidden: what was wrapped about one thing does not open about another.
    """

    def wrap(self, key: bytes, about: bytes) -> bytes:
        """The wrapped key."""

    def unwrap(self, wrapped: bytes, about: bytes) -> bytes:
        """The key.

        Raises:
            BadMasterKey: it was not wrapped by this wrapper, or about something else.
            KmsFailed: the service does not answer.
        """


class MasterKey:
    """A master key in memory: implements `KeyWrapper`.

    Args:
        key: 32 random bytes.

    Raises:
        BadMasterKey: it has another length.
    """

    def __init__(self, key: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise BadMasterKey(f"A master key has {KEY_BYTES} bytes, this one {len(key)}.", hint=KEY_HINT)
        self.secret = key
        self.mark = mark_of(key)
        self.id = self.mark[:ID_BYTES]
        self._wrapping = AESGCM(derive(key, b"zhanggui wrap"))

    def wrap(self, key: bytes, about: bytes) -> bytes:
        """The wrapped key, with the id of this one in front."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return _NEW + self.id + nonce + self._wrapping.encrypt(nonce, key, about)

    def unwrap(self, wrapped: bytes, about: bytes) -> bytes:
        """The key; see `KeyWrapper.unwrap`."""
        start = 1 if wrapped[:1] == _OLD else 1 + ID_BYTES
        nonce, body = wrapped[start : start + NONCE_BYTES], wrapped[start + NONCE_BYTES :]
        try:
            return self._wrapping.decrypt(nonce, body, about)
        except (InvalidTag, ValueError) as error:
            raise BadMasterKey(
                "A key was not wrapped by this master key.", hint="Restore the master key that the store needs."
            ) from error


def wrapper_id(wrapped: bytes) -> bytes | None:
    """The id of the master key that wrapped this; None of a wrapping that is older than ids."""
    return wrapped[1 : 1 + ID_BYTES] if wrapped[:1] == _NEW else None


def begins_with(key_id: bytes) -> bytes:
    """How all that the master key of an id wrapped begins."""
    return _NEW + key_id


def mark_of(master_key: bytes) -> bytes:
    """32 bytes that tell this key from others and give nothing of it away."""
    return derive(master_key, b"zhanggui mark")


def derive(master_key: bytes, use: bytes) -> bytes:
    """A key for one use: BLAKE2b's personalisation separates the uses (RFC 7693, section 2.5)."""
    return hashlib.blake2b(key=master_key, person=use, digest_size=KEY_BYTES).digest()
