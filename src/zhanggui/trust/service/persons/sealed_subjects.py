"""What a cleaning still needs to know of somebody whose rows are gone: sealed, and the key goes when it has ended."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.cipher import subject_keys
from zhanggui.kernel.ids import hash64
from zhanggui.kernel.privacy import Cipher
from zhanggui.trust.types.persons import DataSubject


def seal_subject(db: sa.Connection, cipher: Cipher, erasure: str, subject: DataSubject) -> bytes:
    """Seal it; inside a `write`."""
    return cipher.seal(db, _key_number(erasure), msgspec.json.encode(subject).decode())


def open_subject(db: sa.Connection, cipher: Cipher, erasure: str, sealed: bytes) -> DataSubject:
    """Read it again."""
    return msgspec.json.decode(cipher.open(db, _key_number(erasure), sealed), type=DataSubject)


def drop_key(db: sa.Connection, erasure: str) -> None:
    """Let go of its key: the erasure has ended."""
    db.execute(sa.delete(subject_keys).where(subject_keys.c.person == _key_number(erasure)))


def _key_number(erasure: str) -> int:
    """A number below all persons', whose numbers count from 1."""
    return -1 - (hash64(erasure) & (2**62 - 1))
