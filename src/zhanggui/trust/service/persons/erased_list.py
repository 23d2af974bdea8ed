"""Who was erased, by keyed hashes: implements `kernel.persons.ErasedIds`."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import sqlalchemy as sa

from zhanggui.kernel.privacy import Cipher
from zhanggui.trust.tables import persons as tables

CUSTOMER, VISITOR, PHONE, EMAIL = "customer", "visitor", "phone", "email"
Named = tuple[str, str]
"""(kind, id in clear)."""


class ErasedList:
    """Keyed hashes, which say nothing without the installation's key; the store holds no id of whom it forgot."""

    def __init__(self, cipher: Cipher) -> None:
        self._cipher = cipher

    def among(self, db: sa.Connection, kind: str, clear: Collection[str]) -> set[str]:
        """Those of `clear` that name somebody who was erased."""
        if not clear or not tables.is_anybody_erased(db):
            return set()
        hashes = {self._hash(kind, text): text for text in set(clear)}
        return {hashes[digest] for digest in tables.erased_among(db, list(hashes))}

    def erasure_of(self, db: sa.Connection, kind: str, clear: str) -> str | None:
        """The id of the erasure that took somebody."""
        return next(iter(tables.erased_among(db, [self._hash(kind, clear)]).values()), None)

    def add(self, db: sa.Connection, named: Iterable[Named], erasure: str) -> None:
        """Remember somebody."""
        tables.add_erased_ids(db, [self._hash(kind, clear) for kind, clear in named if clear], erasure)

    def take_back(self, db: sa.Connection, named: Iterable[Named]) -> int:
        """Let somebody in again; returns how many of their ids were on the list."""
        return tables.take_back(db, [self._hash(kind, clear) for kind, clear in named if clear])

    def _hash(self, kind: str, clear: str) -> bytes:
        return self._cipher.lookup_hash(kind, clear)
