"""Cursors: where a listing goes on, sealed so that nobody reads, forges or depends on what is inside."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os

from zhanggui.kernel.errors import InvalidInput

NONCE_BYTES = 12


class BadCursor(InvalidInput):
    """A cursor that we did not make for this listing."""

    code = "http.bad_cursor"


class Cursors:
    """Seals and opens the cursors of one installation.

    A cursor is AES-256-GCM over the sort key, bound to the listing (its path without the query) by the associated
    data: the cursor of one shop's products opens nothing else.
    """

    def __init__(self, secret: bytes) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        self._cipher = AESGCM(hashlib.blake2b(secret, digest_size=32, person=b"zg-cursors").digest())

    def seal(self, key: str, *, listing: str) -> str:
        """The cursor that goes on after `key`."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = nonce + self._cipher.encrypt(nonce, key.encode(), listing.encode())
        return base64.urlsafe_b64encode(sealed).decode().rstrip("=")

    def open(self, cursor: str, *, listing: str) -> str:
        """The sort key in a cursor.

        Raises:
            BadCursor: it was not made by this installation for this listing.
        """
        from cryptography.exceptions import InvalidTag

        try:
            sealed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
            clear = self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], listing.encode())
        except (binascii.Error, ValueError, InvalidTag) as error:
            raise BadCursor(
                "The cursor was not made for this listing.",
                hint="Use the cursor exactly as the last page gave it, or leave it out to start anew.",
            ) from error
        return clear.decode()
