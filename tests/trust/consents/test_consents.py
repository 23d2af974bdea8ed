from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.trust.builders import Time, a_ledger, a_shop_store

from zhanggui.kernel.changes import changes_since
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import ConsentGate, Purpose
from zhanggui.shop.tables.links import add_links
from zhanggui.shop.tables.orders import store_orders
from zhanggui.shop.tables.people import CUSTOMER, VISITOR, customers, person_numbers
from zhanggui.shop.types import LegalBasis, Order, OrderLine
from zhanggui.trust import Consents, Notice
from zhanggui.trust.errors import UnknownPerson

SERVICE, PERSONAL, MARKETING = Purpose.SERVICE, Purpose.PERSONALIZATION, Purpose.MARKETING
TRAINING, ANALYTICS = Purpose.TRAINING, Purpose.ANALYTICS


class Shop:
    def __init__(self, db: Database) -> None:
        self.db = db
        self.time = Time()
        self.ledger = a_ledger(db, clock=self.time)
        self.consents = Consents(db=db, clock=self.time, ledger=self.ledger)

    def a_customer(self, id_: str, basis: str | None = None, notice: str = "") -> int:
        def work(db: sa.Connection) -> int:
            number = person_numbers(db, CUSTOMER, [id_], create=True)[id_]
            if basis is not None:
                row = {"person": number, "province": "", "language": "zh", "basis": basis, "notice": notice}
                db.execute(customers.insert().values(row))
            return number

        return self.db.write(work)

    def a_visitor(self, id_: str = "v1") -> int:
        return self.db.write(lambda db: person_numbers(db, VISITOR, [id_], create=True))[id_]

    def purposes(self, person: int) -> set[Purpose]:
        by_one = {purpose for purpose in Purpose if self.consents.allows(person, purpose)}
        assert by_one == {purpose for purpose in Purpose if self.consents.allowed_among([person], purpose)}
        assert by_one == {consent.purpose for consent in self.consents.of(person) if consent.is_granted}
        return by_one


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    db = a_shop_store(tmp_path)
    yield Shop(db)
    db.close()


@pytest.mark.parametrize(
    ("basis", "purposes"),
    [
        ("contract", {SERVICE, PERSONAL, TRAINING}),
        ("public-data", {SERVICE, TRAINING, ANALYTICS}),
        ("consent", {SERVICE}),  # to a notice that nobody has described
        (None, {SERVICE}),
    ],
)
def test_a_basis_carries_its_purposes_and_no_more(shop: Shop, basis: str | None, purposes: set[Purpose]) -> None:
    assert shop.purposes(shop.a_customer("u1", basis, "welcome")) == purposes


def test_a_notice_grants_what_it_says_at_once(shop: Shop) -> None:
    person = shop.a_customer("u1", "consent", "welcome")
    shop.consents.set_notice(Notice(notice="welcome", purposes=(MARKETING, TRAINING)), "user:li")

    assert shop.purposes(person) == {SERVICE, MARKETING, TRAINING}
    assert [notice.notice for notice in shop.consents.notices()] == ["welcome"]


def test_an_order_counts_as_the_basis_of_a_customer_without_a_row(shop: Shop) -> None:
    line = OrderLine(id="1", product_id="p", quantity=1, unit_price_minor=100)
    order = Order(id="o1", customer_id="u1", at=datetime(2026, 1, 1, tzinfo=UTC), lines=(line,))
    shop.db.write(lambda db: store_orders(db, [order], LegalBasis(kind="contract"), 1))

    assert shop.purposes(shop.consents.person(customer_id="u1")) == {SERVICE, PERSONAL, TRAINING}


def test_a_visitor_is_served_personally_until_it_is_turned_off(shop: Shop) -> None:
    visitor = shop.a_visitor()
    assert shop.purposes(visitor) == {SERVICE, PERSONAL, TRAINING}

    shop.consents.set_personalization(visitor, on=False, actor="visitor")
    assert shop.purposes(visitor) == {SERVICE}
    shop.time.pass_(seconds=1)
    shop.consents.set_personalization(visitor, on=True, actor="visitor")

    assert shop.purposes(visitor) == {SERVICE, PERSONAL, TRAINING}


def test_who_turns_personalization_off_is_not_learned_from_unless_they_say_so(shop: Shop) -> None:
    visitor = shop.a_visitor()
    shop.consents.set_personalization(visitor, on=False, actor="visitor")
    crowd = [visitor, *(shop.a_visitor(f"crowd-{n}") for n in range(501))]
    assert shop.consents.allowed_among(crowd, TRAINING) == set(crowd[1:])

    shop.consents.record(visitor, TRAINING, granted=True, actor="visitor")

    assert shop.consents.allowed_among(crowd, TRAINING) == set(crowd)
    assert shop.purposes(visitor) == {SERVICE, TRAINING}


def test_consent_follows_the_link_and_the_newest_word_counts(shop: Shop) -> None:
    customer, visitor, other = shop.a_customer("u1", "contract"), shop.a_visitor(), shop.a_visitor("v2")
    shop.consents.set_personalization(visitor, on=False, actor="visitor")
    shop.db.write(lambda db: add_links(db, [("L1", visitor, customer, 1)]))
    assert PERSONAL not in shop.purposes(customer)

    shop.time.pass_(seconds=1)
    shop.consents.set_personalization(customer, on=True, actor="key:k1")

    assert PERSONAL in shop.purposes(visitor)
    assert shop.consents.allowed_among([customer, visitor, other], PERSONAL) == {customer, visitor, other}


def test_of_two_words_at_once_the_refusal_counts(shop: Shop) -> None:
    customer, visitor = shop.a_customer("u1", "contract"), shop.a_visitor()
    shop.db.write(lambda db: add_links(db, [("L1", visitor, customer, 1)]))
    shop.consents.record(customer, MARKETING, granted=True, actor="key:k1", notice="letters")
    shop.consents.record(visitor, MARKETING, granted=False, actor="visitor")

    assert MARKETING not in shop.purposes(customer)


def test_a_change_of_mind_is_announced_and_stands_in_the_ledger_until_erased(shop: Shop) -> None:
    person = shop.a_customer("u1", "contract")
    shop.consents.set_personalization(person, on=False, actor="key:k1")

    with shop.db.read() as db:
        changed = changes_since(db, 0)
    assert changed is not None
    assert [(change.kind, change.subject) for change in changed] == [("consent", str(person))]
    [entry] = shop.ledger.entries().items
    assert (entry.kind, entry.actor) == ("consent.refused", "key:k1")
    receipt = shop.db.write(lambda db: shop.ledger.erase(db, persons=[person], reason="pipl-47", actor="user:li"))
    assert (shop.ledger.entries().items[0].payload, receipt) == (None, 2)


def test_another_process_sees_a_refusal_at_once(shop: Shop) -> None:
    person = shop.a_customer("u1", "contract")
    elsewhere: ConsentGate = Consents(db=shop.db, clock=shop.time, ledger=shop.ledger)
    assert elsewhere.allows(person, PERSONAL)

    shop.consents.set_personalization(person, on=False, actor="key:k1")

    assert not elsewhere.allows(person, PERSONAL)


def test_many_persons_are_judged_as_each_alone(shop: Shop) -> None:
    people = [shop.a_customer(f"u{n}", ("contract", "public-data", None)[n % 3]) for n in range(60)]
    for person in people[::7]:
        shop.consents.set_personalization(person, on=person % 2 == 0, actor="key:k1")

    many = shop.consents.allowed_among(people * 20, PERSONAL)

    assert many == {person for person in people if shop.consents.allows(person, PERSONAL)}
    assert shop.consents.allowed_among([], PERSONAL) == set()


def test_an_unknown_person_is_named(shop: Shop) -> None:
    with pytest.raises(UnknownPerson, match="'nobody'"):
        shop.consents.person(visitor_id="nobody")
