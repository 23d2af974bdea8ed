"""Files of a backup are sealed: AES-256-GCM in pieces, so that large stores need little memory.

Layout: `ZGB1`, 16 bytes salt, then pieces of 1 MiB of clear text with a tag of 16 bytes each. The key of a file comes
from the backup's key and the salt; a piece's nonce is its number and whether it is the last, so that none can be left
out, moved or cut off, and the file's place in the backup is bound to each.

Source: Hoang, Reyhanitabar, Rogaway, Vizár, "Online Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance",
CRYPTO 2015 (the STREAM construction); RFC 7914 (scrypt) for passphrases.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from .layout import BackupBroken

MAGIC = b"ZGB1"
SALT_BYTES = 16
KEY_BYTES = 32
PIECE = 2**20
_TAG = 16
_COST = 2**15
"""scrypt's N, with r = 8 and p = 1: 32 MiB and some tenths of a second for each try."""


def key_from_passphrase(passphrase: str, salt: bytes) -> bytes:
    """32 bytes from a passphrase, slowly."""
    memory = 2 * 128 * _COST * 8
    return hashlib.scrypt(passphrase.encode(), salt=salt, n=_COST, r=8, p=1, maxmem=memory, dklen=KEY_BYTES)


def seal_file(source: Path, target: Path, key: bytes, place: str) -> None:
    """Write the sealed form of a file, for its owner only.

    Args:
        source: what to seal.
        target: where to; not there yet.
        key: 32 bytes, of the backup.
        place: the file's path in the backup.
    """
    salt = secrets.token_bytes(SALT_BYTES)
    cipher = _cipher(key, salt)
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with source.open("rb") as clear, os.fdopen(handle, "wb") as sealed:
        sealed.write(MAGIC + salt)
        for number, piece, is_last in _pieces(clear, PIECE):
            sealed.write(cipher.encrypt(_nonce(number, is_last=is_last), piece, place.encode()))


def open_file(source: Path, target: Path, key: bytes, place: str) -> None:
    """Write the clear form of a sealed file, for its owner only.

    Raises:
        BackupBroken: it was not sealed with this key, for this place, or was changed since.
    """
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with source.open("rb") as sealed, os.fdopen(handle, "wb") as clear:
        head = sealed.read(len(MAGIC) + SALT_BYTES)
        cipher = _cipher(key, head[len(MAGIC) :])
        try:
            for number, piece, is_last in _pieces(sealed, PIECE + _TAG):
                clear.write(cipher.decrypt(_nonce(number, is_last=is_last), piece, place.encode()))
        except InvalidTag as error:
            raise BackupBroken(
                f"{source} does not open with this key: it is of another backup, or was changed.",
                hint="Put the folder of the keys that belongs to it beside the data, or use another backup.",
            ) from error


def seal_of(key: bytes, content: bytes) -> str:
    """A keyed digest (BLAKE2b, hex) of a manifest."""
    return hashlib.blake2b(content, key=key, person=b"zg-manifest", digest_size=32).hexdigest()


def _pieces(file: IO[bytes], length: int) -> Iterator[tuple[int, bytes, bool]]:
    number, piece = 0, file.read(length)
    while True:
        following = file.read(length)
        yield number, piece, not following
        if not following:
            return
        number, piece = number + 1, following


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([is_last])


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(hashlib.blake2b(salt, key=key, person=b"zg-backup-file", digest_size=KEY_BYTES).digest())
