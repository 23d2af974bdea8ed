"""By which keyed hash a customer's phone, e-mail address or name is found: equality only, nothing can be read back.

The key of the hashes outlives a change of the master key, and so does every row here (`kernel.cipher`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import sqlalchemy as sa

from zhanggui.kernel.db import BigKey, shop_metadata
from zhanggui.kernel.personal import Personal
from zhanggui.kernel.privacy import Cipher, Duty, Reason
from zhanggui.shop.types import Identifiers

from .bulk import delete_among, put_rows, select_among

PHONE, EMAIL, NAME, NICKNAME, NEITHER = "phone", "email", "name", "nickname", "-"

customer_lookups = Personal(
    sa.Table(
        "customer_lookups",
        shop_metadata,
        sa.Column("person", BigKey, primary_key=True, autoincrement=False),
        sa.Column("kind", sa.String(8), primary_key=True),
        sa.Column("hash", sa.LargeBinary(32), nullable=False, index=True),  # empty: the person has none
    )
)
_COLUMNS = ("person", "kind", "hash")


def drop_lookups(db: sa.Connection, persons: Collection[int]) -> None:
    """Let these people be found no more."""
    delete_among(db, customer_lookups, "person", persons)


def store_lookups(db: sa.Connection, cipher: Cipher, identifiers: Mapping[int, Identifiers]) -> None:
    """Keep by what these people are found, instead of what stood there."""
    chosen = list(identifiers)
    held = select_among(db, customer_lookups.for_(Duty.UPKEEP), ("person", "kind"), "person", chosen)
    for person in {row[0] for row in held}:
        db.execute(customer_lookups.delete(lambda c, who=person: c.person == who))  # type: ignore[misc]
    rows = [(person, kind, hash_) for person in chosen for kind, hash_ in _hashes(cipher, identifiers[person])]
    put_rows(db, customer_lookups, _COLUMNS, rows)


def numbers_found(db: sa.Connection, cipher: Cipher, kind: str, clear: str, *, purpose: Reason) -> list[int]:
    """The numbers of those whose phone, e-mail address or whole name (or nickname) this is, in order."""
    table = customer_lookups.for_(purpose)
    kinds = (NAME, NICKNAME) if kind == NAME else (kind,)
    wanted = (table.c.hash == cipher.lookup_hash(kind, clear)) & table.c.kind.in_(kinds)
    return list(db.execute(sa.select(table.c.person).where(wanted).distinct().order_by(table.c.person)).scalars())


def without_lookups(db: sa.Connection, customers: Personal, limit: int) -> Collection[int]:
    """Customers from before there were lookups, some at a time."""
    held, known = customers.for_(Duty.UPKEEP), customer_lookups.for_(Duty.UPKEEP)
    left = held.outerjoin(known, known.c.person == held.c.person)
    ask = sa.select(held.c.person).select_from(left).where(known.c.person.is_(None)).limit(limit)
    return list(db.execute(ask).scalars())


def _hashes(cipher: Cipher, held: Identifiers) -> Iterator[tuple[str, bytes]]:
    given = ((PHONE, PHONE, held.phone), (EMAIL, EMAIL, held.email), (NAME, NAME, held.name))
    named = (*given, (NICKNAME, NAME, held.nickname))  # what somebody is called is one question
    hashes = [(kind, cipher.lookup_hash(by, clear)) for kind, by, clear in named if clear.strip()]
    yield from hashes or [(NEITHER, b"")]
