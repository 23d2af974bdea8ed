"""Persons and their numbers, and customers. A person is a customer (kind 0) or a visitor (kind 1)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.changes import announce
from zhanggui.kernel.clock import moment_or_none, ms_or_none
from zhanggui.kernel.db import BigKey, shop_metadata
from zhanggui.kernel.personal import Personal, PersonalText
from zhanggui.kernel.privacy import Cipher, Duty, Reason
from zhanggui.shop.types import AgeBand, Customer, Identifiers, LegalBasis, PutReport

from .bulk import Row, encode, put_rows, select_among, take_numbers
from .lookups import store_lookups, without_lookups

CUSTOMER = 0
VISITOR = 1

persons = Personal(
    sa.Table(
        "persons",
        shop_metadata,
        sa.Column("number", BigKey, primary_key=True, autoincrement=False),  # dense from 1, never reused
        sa.Column("kind", sa.SmallInteger, nullable=False),
        sa.Column("external_id", sa.String(300), nullable=False),
        sa.UniqueConstraint("external_id", "kind"),  # the id first: that is what is looked for
        sa.Index("ix_persons_kind_number", "kind", "number"),
    )
)

customers = Personal(
    sa.Table(
        "customers",
        shop_metadata,
        sa.Column("person", BigKey, primary_key=True, autoincrement=False),
        sa.Column("province", sa.String(512), nullable=False),
        sa.Column("city_tier", sa.SmallInteger),
        sa.Column("age_band", sa.String(16)),
        sa.Column("gender", sa.String(8)),
        sa.Column("language", sa.String(35), nullable=False),
        sa.Column("joined_ms", sa.BigInteger),
        sa.Column("basis", sa.String(16), nullable=False),
        sa.Column("notice", sa.String(512), nullable=False),
        sa.Column("sealed", sa.LargeBinary),  # the direct identifiers, ciphertext under the person's key
    )
)

_CLEAR = ("person", "province", "city_tier", "age_band", "gender", "language", "joined_ms", "basis", "notice")
_NOBODY = Identifiers()


def person_numbers(db: sa.Connection, kind: int, external_ids: Collection[str], create: bool) -> dict[str, int]:  # noqa: FBT001
    """The number of each customer (`kind` 0) or visitor (1) by the merchant's id.

    Without `create`, ids that are not known are left out; with it they get a number (inside a `write` only).
    """
    wanted = list(dict.fromkeys(external_ids))
    known = _numbers(db, kind, wanted)
    if not create or len(known) == len(wanted):
        return known
    if db.dialect.name == "postgresql":
        take_numbers(db, "person", 0)  # waits for whoever is numbering
        known = _numbers(db, kind, wanted)
    missing = [id_ for id_ in wanted if id_ not in known]
    fresh = dict(zip(missing, take_numbers(db, "person", len(missing)), strict=True))
    put_rows(db, persons, ("number", "kind", "external_id"), [(number, kind, id_) for id_, number in fresh.items()])
    return known | fresh


def _numbers(db: sa.Connection, kind: int, external_ids: Sequence[str]) -> dict[str, int]:
    # One id may be a customer's and a visitor's, so the few rows of the other kind are dropped here.
    rows = select_among(db, persons.for_(Duty.UPKEEP), ("external_id", "number", "kind"), "external_id", external_ids)
    return {row[0]: row[1] for row in rows if row[2] == kind}


_NUMBER = PersonalText("SELECT number FROM persons WHERE external_id = ? AND kind = ?")


def person_number(db: sa.Connection, kind: int, external_id: str) -> int | None:
    """The number of one customer or visitor: the hot way, one look at one index."""
    rows = _NUMBER.rows(db, Duty.UPKEEP, (external_id, kind))
    return int(rows[0][0]) if rows else None


def external_ids(db: sa.Connection, numbers: Collection[int]) -> dict[int, str]:
    """The merchant's id of each person number."""
    rows = select_among(db, persons.for_(Duty.UPKEEP), ("number", "external_id"), "number", numbers)
    return {row[0]: row[1] for row in rows}


def persons_by_number(db: sa.Connection, numbers: Collection[int]) -> dict[int, tuple[int, str]]:
    """The kind and the merchant's id of each person number."""
    rows = select_among(db, persons.for_(Duty.UPKEEP), ("number", "kind", "external_id"), "number", numbers)
    return {row[0]: (row[1], row[2]) for row in rows}


def store_customers(
    db: sa.Connection, facts: Sequence[Customer], basis: LegalBasis, cipher: Cipher, now_ms: int = 0
) -> PutReport:
    """Create or change customers; of equal ids in one batch the last counts. Announces what changed.

    A customer that names a basis of its own is held on that one.
    """
    del now_ms  # every writer takes it; a customer's row carries no moment of its own
    latest = {fact.id: fact for fact in facts}
    numbers = person_numbers(db, CUSTOMER, latest, create=True)
    held = select_among(db, customers.for_(Duty.UPKEEP), (*_CLEAR, "sealed"), "person", list(numbers.values()))
    known = {row[0]: row for row in held}
    stood = _open_identifiers(db, cipher, [(row[0], row[-1]) for row in known.values()])
    changed: dict[int, Row] = {}
    to_seal: list[tuple[int, str]] = []
    for fact in latest.values():
        number = numbers[fact.id]
        row = _clear_row(number, fact, fact.basis or basis)
        before = known.get(number)
        if before is not None and before[:-1] == row and stood.get(number) == fact.identifiers:
            continue
        changed[number] = row
        if fact.identifiers != _NOBODY:
            to_seal.append((number, encode(fact.identifiers).decode()))
    sealed = dict(zip((number for number, _ in to_seal), cipher.seal_many(db, to_seal), strict=True)) if to_seal else {}
    rows = [(*row, sealed.get(number)) for number, row in changed.items()]
    put_rows(db, customers, (*_CLEAR, "sealed"), rows, keys=("person",))
    store_lookups(
        db, cipher, {numbers[fact.id]: fact.identifiers for fact in latest.values() if numbers[fact.id] in changed}
    )
    announce(db, "person", map(str, changed))
    created = sum(number not in known for number in changed)
    return PutReport(created, len(changed) - created, len(facts) - len(changed))


def index_some(db: sa.Connection, cipher: Cipher, limit: int) -> int:
    """Keep by what some customers are found who came before that was kept; returns how many."""
    numbers = without_lookups(db, customers, limit)
    held = select_among(db, customers.for_(Duty.UPKEEP), ("person", "sealed"), "person", numbers)
    store_lookups(db, cipher, _open_identifiers(db, cipher, [(row[0], row[1]) for row in held]))
    return len(numbers)


def _clear_row(number: int, fact: Customer, basis: LegalBasis) -> Row:
    return (
        number,
        fact.province,
        fact.city_tier,
        fact.age_band.value if fact.age_band else None,
        fact.gender,
        fact.language,
        ms_or_none(fact.joined_at),
        basis.kind,
        basis.notice,
    )


def _open_identifiers(
    db: sa.Connection, cipher: Cipher, sealed: Sequence[tuple[int, bytes | None]]
) -> dict[int, Identifiers]:
    """Identifiers by person; somebody without any, or erased, has the empty ones."""
    present = [(number, bytes(value)) for number, value in sealed if value is not None]
    opened = cipher.open_many(db, present) if present else []
    found = {
        number: msgspec.json.decode(clear, type=Identifiers)
        for (number, _), clear in zip(present, opened, strict=True)
        if clear is not None
    }
    return {number: found.get(number, _NOBODY) for number, _ in sealed}


class HeldCustomer(msgspec.Struct, frozen=True):
    """A customer's row as it is held."""

    number: int
    customer: Customer
    basis: LegalBasis


def customers_page(db: sa.Connection, cipher: Cipher, *, after: int, limit: int, purpose: Reason) -> list[HeldCustomer]:
    """Customers by number, identifiers opened."""
    person = customers.for_(purpose).c.person
    chosen = sa.select(person).where(person > after).order_by(person).limit(limit)
    return customers_by_number(db, cipher, [row[0] for row in db.execute(chosen)], purpose=purpose)


def customers_by_number(
    db: sa.Connection, cipher: Cipher, numbers: Collection[int], *, purpose: Reason
) -> list[HeldCustomer]:
    """The customers among person numbers, by number, identifiers opened."""
    held = select_among(db, customers.for_(purpose), (*_CLEAR, "sealed"), "person", numbers)
    rows = sorted(held, key=lambda row: int(row[0]))
    identifiers = _open_identifiers(db, cipher, [(row[0], row[-1]) for row in rows])
    ids = external_ids(db, [row[0] for row in rows])
    return [
        HeldCustomer(
            row[0],
            Customer(
                id=ids[row[0]],
                identifiers=identifiers[row[0]],
                province=row[1],
                city_tier=row[2],
                age_band=AgeBand(row[3]) if row[3] else None,
                gender=row[4],
                language=row[5],
                joined_at=moment_or_none(row[6]),
            ),
            LegalBasis(kind=row[7], notice=row[8]),
        )
        for row in rows
    ]
