"""A person as erasure and access see them, and the list of whom the shop may not take in again.

Law: PIPL art. 45 (access and copies), art. 47 (erasure), art. 50 (a convenient way to both).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

import msgspec
import sqlalchemy as sa

ERASED_ID = "erased:"
"""What stands before our number in the place of an erased person's id."""


class KnownPerson(msgspec.Struct, frozen=True, kw_only=True):
    """One subject: a customer with the visitors that a login joined to them, or a visitor whom nobody knows by name.

    `numbers` are our dense integers, the subject's own first. `words` are what texts and files that stand under no
    number may name the person by: their ids, phone, e-mail, address, accounts, and a name that nobody else here has.
    Nothing of it outlives an erasure: it is written down sealed, and only until the last trail is cleaned.
    """

    customer_id: str | None
    visitor_ids: tuple[str, ...]
    numbers: tuple[int, ...]
    words: tuple[str, ...] = ()


class ErasedIds(Protocol):
    """Knows by keyed hashes who was erased, so that an old file, a restored backup or a late event brings nobody back.

    `kind` is `customer` or `visitor` for ids, else what `Cipher.lookup_hash` knows: `phone`, `email`.
    """

    def among(self, db: sa.Connection, kind: str, clear: Collection[str]) -> set[str]:
        """Those of `clear` that name somebody who was erased; one look when nobody ever was."""


class NobodyErased:
    """The list of a shop that keeps none."""

    def among(self, db: sa.Connection, kind: str, clear: Collection[str]) -> set[str]:
        """Nobody."""
        del db, kind, clear
        return set()
