"""The SQL of forgetting, on SQLite and on PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa

from zhanggui.kernel.cipher import SubjectCipher
from zhanggui.kernel.db import Database
from zhanggui.kernel.persons import ERASED_ID, ErasedIds
from zhanggui.shop import Answer, Customer, Identified, Identifiers, LegalBasis, Order, OrderLine, Question, Review
from zhanggui.shop.tables import forgetting
from zhanggui.shop.tables.orders import store_orders
from zhanggui.shop.tables.people import CUSTOMER, external_ids, person_numbers, store_customers
from zhanggui.shop.tables.returning import Returning
from zhanggui.shop.tables.words import store_questions, store_reviews
from zhanggui.trust.service.persons.erased_list import ErasedList

AT = datetime(2026, 5, 1, tzinfo=UTC)
CONTRACT = LegalBasis(kind="contract")
CIPHER = SubjectCipher(bytes(range(32)))
LINE = OrderLine(id="1", product_id="puer", quantity=1, unit_price_minor=100)


def stock(db: sa.Connection) -> list[int]:
    people = [Customer(id=id_, identifiers=Identifiers(phone="13912345071")) for id_ in ("me", "other")]
    store_customers(db, people, CONTRACT, CIPHER)
    store_orders(db, [Order(id=f"o-{one.id}", customer_id=one.id, at=AT, lines=(LINE,)) for one in people], CONTRACT, 0)
    store_reviews(db, [Review(id=one.id, product_id="puer", customer_id=one.id, text="x", at=AT) for one in people], 0)
    answers = tuple(Answer(id=one.id, customer_id=one.id, text=one.id, at=AT) for one in people)
    store_questions(db, [Question(id="q", product_id="puer", customer_id="me", text="x", at=AT, answers=answers)], 0)
    return [person_numbers(db, CUSTOMER, ["me"], create=False)["me"]]


def test_forgetting_takes_one_person_and_nobody_else(any_database: Database) -> None:
    def work(db: sa.Connection) -> None:
        numbers = stock(db)

        people = forgetting.forget_people(db, numbers)
        words = forgetting.forget_words(db, numbers)
        orders = forgetting.forget_orders(db, numbers)
        behaviour = forgetting.forget_behaviour(db, numbers)

        assert (people["customers"], people["persons"], orders["orders"], behaviour["events"]) == (1, 1, 1, 1)
        assert words == {"reviews": 1, "questions": 1, "answerers": 1}
        assert (
            forgetting.forget_people(db, numbers)["customers"] == forgetting.forget_orders(db, numbers)["orders"] == 0
        )
        assert external_ids(db, numbers) == {numbers[0]: f"{ERASED_ID}{numbers[0]}"}
        assert person_numbers(db, CUSTOMER, ["me", "other"], create=False).keys() == {"other"}
        assert not forgetting.shows_picture(db, "0" * 64)

    any_database.write(work)
    any_database.scrub()


def test_who_is_on_the_list_is_left_out_and_others_are_not(any_database: Database) -> None:
    def work(db: sa.Connection) -> None:
        stock(db)
        erased: ErasedIds = ErasedList(CIPHER)
        returning = Returning(erased)
        facts = [Customer(id=id_) for id_ in ("gone", "other", "new")]
        assert returning.without_erased(db, facts) == facts

        ErasedList(CIPHER).add(db, [("customer", "gone"), ("customer", "other"), ("phone", "13700000000")], "0" * 26)

        left = returning.without_erased(db, facts)
        assert [one.id for one in left] == ["other", "new"]  # whom the shop knows now is taken at their word
        by_phone = Customer(id="new", identifiers=Identifiers(phone="+86 137 0000 0000"))
        assert returning.without_erased(db, [by_phone]) == []
        ErasedList(CIPHER).add(db, [("visitor", "v-gone")], "1" * 26)
        shared = Order(id="o-9", customer_id="other", visitor_id="v-gone", at=AT, province="浙江", lines=(LINE,))
        own = Order(id="o-8", visitor_id="v-gone", at=AT, province="浙江", lines=(LINE,))
        kept, stripped = returning.without_erased(db, [shared, own])
        assert (kept.customer_id, kept.visitor_id, kept.province) == ("other", None, "浙江")
        assert (stripped.visitor_id, stripped.province) == (None, "")
        assert returning.without_erased(db, [Identified(visitor_id="v-gone", customer_id="other")]) == []
        assert ErasedList(CIPHER).take_back(db, [("customer", "gone")]) == 1

    any_database.write(work)
