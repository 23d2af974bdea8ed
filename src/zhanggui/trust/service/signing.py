"""The key that signs a shop's checkpoints: a file of the shop's folder that only its owner may read."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from zhanggui.trust.errors import NoSigningKey

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

KEY_NAME = "ledger.key"


class Signer:
    """Signs with Ed25519 (RFC 8032).

    Attributes:
        public_key: 32 bytes that anyone may know.
    """

    # No dataclass: the HTTP door resolves the annotations of those, and would import the cryptography that they name.
    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.public_key = private.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """64 bytes."""
        return self._private.sign(message)


def is_signed(public_key: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` is this key's word on `message`."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def make_signing_key(folder: Path) -> Signer:
    """Make the shop's key, readable by its owner only; one that exists already is kept. For set-up."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    path = folder / KEY_NAME
    folder.mkdir(parents=True, exist_ok=True)
    try:
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return load_signer(folder)
    with os.fdopen(file, "wb") as out:
        private = Ed25519PrivateKey.generate()
        out.write(private.private_bytes_raw().hex().encode() + b"\n")
        out.flush()
        os.fsync(out.fileno())
    return Signer(private)


def load_signer(folder: Path) -> Signer:
    """Read the shop's key.

    Raises:
        NoSigningKey: there is none, or the file holds something else.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    path = folder / KEY_NAME
    try:
        return Signer(Ed25519PrivateKey.from_private_bytes(bytes.fromhex(path.read_text("ascii").strip())))
    except FileNotFoundError as error:
        raise NoSigningKey(
            f"The shop {folder.name!r} has lost {KEY_NAME}, the key that signs its ledger.",
            hint=f"Restore it into the shop's folder from the backup of keys. Without one: zhanggui init {folder.name} "
            "makes a new key, and `ledger verify` then names what the old one signed.",
        ) from error
    except OSError as error:
        raise NoSigningKey(
            f"{KEY_NAME} of the shop {folder.name!r} cannot be read: {error.strerror}.",
            hint=f"Give it back to the server's user: chown $(id -un) {path} && chmod 600 {path}",
        ) from error
    except ValueError as error:
        raise NoSigningKey(f"{KEY_NAME} does not hold an Ed25519 key.", hint="Restore it from the backup.") from error
