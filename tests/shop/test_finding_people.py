"""Customers are found by phone and e-mail through keyed hashes: whatever the spelling, and over a new master key."""

from __future__ import annotations

import pytest
from tests.conftest import FixedClock

from zhanggui.kernel.cipher import Keyring, SubjectCipher, hold_keys, rewrap, turn_to
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Duty, Purpose
from zhanggui.shop import Customer, Identifiers, People
from zhanggui.shop.tables.lookups import customer_lookups
from zhanggui.shop.types import LegalBasis

OLD, NEW = bytes(range(32)), bytes(range(32, 64))
BASIS = LegalBasis(kind="contract")


def a_customer(id_: str, phone: str = "", email: str = "") -> Customer:
    return Customer(id=id_, province="浙江", language="zh", identifiers=Identifiers(phone=phone, email=email))


def some_people(db: Database, clock: FixedClock, ring: Keyring | None = None) -> People:
    people = People(db=db, clock=clock, cipher=SubjectCipher.over(db, ring or Keyring.of(OLD)))
    if ring is None:
        customers = [
            a_customer("u1", "138 0013 8000", "Wang@Tea.example"),
            a_customer("u2", "13900139000"),
            a_customer("u3"),
        ]
        people.put_customers(customers, BASIS)
    return people


def found(people: People, kind: str, clear: str) -> list[str]:
    return [one.id for one in people.find(kind, clear, purpose=Purpose.SERVICE)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "clear", "ids"),
    [
        ("phone", "+86 13800138000", ["u1"]),
        ("phone", "008613800138000", ["u1"]),
        ("email", "wang@tea.EXAMPLE ", ["u1"]),
        ("phone", "13900139001", []),
        ("email", "13900139000", []),
    ],
)
def test_a_customer_is_found_by_what_is_the_same_number(
    any_database: Database, clock: FixedClock, kind: str, clear: str, ids: list[str]
) -> None:
    assert found(some_people(any_database, clock), kind, clear) == ids


def test_a_customer_is_found_by_their_whole_name_or_nickname(any_database: Database, clock: FixedClock) -> None:
    people = some_people(any_database, clock)
    named = Identifiers(name="林小满", platform_ids={"nickname": "山月 Tea"})
    people.put_customers([Customer(id="u4", identifiers=named), Customer(id="u5", identifiers=named)], BASIS)

    assert found(people, "name", "林小满") == found(people, "name", "山月 TEA") == ["u4", "u5"]
    assert found(people, "name", "林") == found(people, "name", "山月") == found(people, "phone", "林小满") == []


def test_nothing_that_is_kept_for_it_can_be_read(sqlite: Database, clock: FixedClock) -> None:
    some_people(sqlite, clock)

    with sqlite.read() as db:
        rows = db.execute(customer_lookups.for_(Duty.RIGHTS).select()).all()
    assert len(rows) == 4
    assert not any(b"138" in bytes(row.hash) or b"wang" in bytes(row.hash).lower() for row in rows)


def test_a_new_number_takes_the_place_of_the_old(sqlite: Database, clock: FixedClock) -> None:
    people = some_people(sqlite, clock)

    people.put_customers([a_customer("u1", "13700137000")], BASIS)

    assert found(people, "phone", "13800138000") == found(people, "email", "wang@tea.example") == []
    assert found(people, "phone", "13700137000") == ["u1"]


def test_it_goes_on_over_a_new_master_key(any_database: Database, clock: FixedClock) -> None:
    some_people(any_database, clock)
    both = Keyring.of(OLD, NEW)
    any_database.write(lambda db: hold_keys(db, both.first, is_new=False))

    any_database.write(lambda db: turn_to(db, both, both.newest))
    between = found(some_people(any_database, clock, both), "phone", "13800138000")
    any_database.write(lambda db: rewrap(db, both, both.newest, after=0, limit=100))

    after = some_people(any_database, clock, Keyring.of(NEW))
    assert between == found(after, "phone", "13800138000") == ["u1"]


def test_who_came_before_there_were_hashes_is_found_after_a_job(sqlite: Database, clock: FixedClock) -> None:
    people = some_people(sqlite, clock)
    sqlite.write(lambda db: db.execute(customer_lookups.delete(lambda c: c.person > 0)))

    counts = [people.index_some(at_once=2), people.index_some(at_once=2), people.index_some(at_once=2)]

    assert counts == [2, 1, 0]
    assert found(people, "phone", "13900139000") == ["u2"]
