"""What people consented to or refused, and what each notice grants."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.db import hot_rows, shop_metadata, upsert
from zhanggui.kernel.personal import Personal, PersonalText
from zhanggui.kernel.privacy import Duty, Purpose

AT_ONCE = 1_000
FEW = 500
"""Up to so many persons their own records are looked up at once; beyond, one scan of a purpose's records is quicker."""

consents = Personal(
    sa.Table(
        "consents",
        shop_metadata,
        sa.Column("person", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("purpose", sa.String(16), primary_key=True),
        sa.Column("granted", sa.Boolean, nullable=False),
        sa.Column("basis", sa.String(16), nullable=False),
        sa.Column("notice", sa.String(512), nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
    )
)

consent_notices = sa.Table(
    "consent_notices",
    shop_metadata,
    sa.Column("notice", sa.String(512), primary_key=True),
    sa.Column("purposes", sa.LargeBinary, nullable=False),
)


class HeldConsent(msgspec.Struct, frozen=True):
    """One row."""

    person: int
    purpose: str
    granted: bool
    basis: str
    notice: str
    at_ms: int


_COLUMNS = ", ".join(HeldConsent.__struct_fields__)
_purposes = msgspec.json.Decoder(frozenset[Purpose])


def store_consent(db: sa.Connection, held: HeldConsent) -> None:
    """Put what a person said in the place of what they said before."""
    consents.upsert(db, [msgspec.structs.asdict(held)], keys=["person", "purpose"])


def store_consents(db: sa.Connection, held: Sequence[HeldConsent]) -> None:
    """Like `store_consent`, of many."""
    consents.upsert(db, [msgspec.structs.asdict(one) for one in held], keys=["person", "purpose"])


def consents_in_time(db: sa.Connection) -> Iterator[HeldConsent]:
    """All records by moment; some thousand in memory at a time."""
    table = consents.for_(Duty.RIGHTS)
    chosen = sa.select(table).order_by(table.c.at_ms)
    for row in db.execute(chosen, execution_options={"yield_per": AT_ONCE}):
        yield msgspec.convert(row, HeldConsent, from_attributes=True)


def consents_of(db: sa.Connection, persons: Collection[int]) -> list[HeldConsent]:
    """All records of these few persons."""
    marks = ", ".join("?" * len(persons))
    chosen = PersonalText(f"SELECT {_COLUMNS} FROM consents WHERE person IN ({marks})")  # noqa: S608
    return [_consent(row) for row in chosen.rows(db, Duty.RIGHTS, tuple(persons))]


def consents_for(db: sa.Connection, purposes: Collection[Purpose]) -> list[HeldConsent]:
    """All records for these purposes."""
    marks = ", ".join("?" * len(purposes))
    chosen = PersonalText(f"SELECT {_COLUMNS} FROM consents WHERE purpose IN ({marks})")  # noqa: S608
    return [_consent(row) for row in chosen.rows(db, Duty.RIGHTS, [purpose.value for purpose in purposes])]


def _consent(row: tuple[Any, ...]) -> HeldConsent:
    person, purpose, granted, *said = row
    return HeldConsent(person, purpose, bool(granted), *said)


def store_notice(db: sa.Connection, notice: str, purposes: Collection[Purpose]) -> None:
    """Say what agreeing to a notice grants."""
    row = {"notice": notice, "purposes": msgspec.json.encode(sorted(purposes))}
    upsert(db, consent_notices, [row], keys=["notice"])


def notices(db: sa.Connection) -> dict[str, frozenset[Purpose]]:
    """What each notice grants."""
    rows = hot_rows(db, "SELECT notice, purposes FROM consent_notices")
    return {notice: _purposes.decode(purposes) for notice, purposes in rows}
