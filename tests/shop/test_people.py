from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pytest
from tests.shop.builders import CONTRACT, NOON, a_customer, some_people

from zhanggui.kernel.changes import changes_since
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Purpose
from zhanggui.shop import (
    AgeBand,
    Customer,
    Identified,
    Identifiers,
    InvalidFact,
    LegalBasis,
    People,
    PurposeRefused,
    PutReport,
    Subject,
    UnknownCustomer,
    UnknownLink,
)


class OnlyThese:
    """A consent gate by list."""

    def __init__(self, *persons: int) -> None:
        self.persons = set(persons)

    def allows(self, person: int, purpose: Purpose) -> bool:
        return person in self.persons

    def allowed_among(self, persons: Collection[int], purpose: Purpose) -> set[int]:
        return self.persons & set(persons)


def the_subject(people: People, customer_id: str | None = None, visitor_id: str | None = None) -> Subject | None:
    with people.db.read() as db:
        return people.subject(db, customer_id, visitor_id)


def test_a_customer_comes_back_as_put(any_database: Database) -> None:
    people = some_people(any_database)
    customer = Customer(
        id="客户 1",
        identifiers=Identifiers(name="王芳", phone="13800138000", platform_ids={"taobao": "tb_1"}),
        province="浙江",
        city_tier=2,
        age_band=AgeBand.FROM_25,
        gender="female",
        language="zh-Hans",
        joined_at=NOON,
    )

    assert people.put_customers([customer], CONTRACT) == PutReport(created=1)
    assert people.customer("客户 1", Purpose.SERVICE) == customer
    assert people.put_customers([customer], CONTRACT) == PutReport(unchanged=1)


@pytest.mark.parametrize(
    "changed",
    [a_customer(province="浙江"), a_customer(phone="13900139000"), Customer(id="u1")],
    ids=["clear", "sealed", "identifiers gone"],
)
def test_a_changed_customer_is_updated(any_database: Database, changed: Customer) -> None:
    people = some_people(any_database)
    people.put_customers([a_customer()], CONTRACT)

    assert people.put_customers([changed], CONTRACT) == PutReport(updated=1)
    assert people.customer("u1", Purpose.SERVICE) == changed


def test_another_legal_basis_is_a_change(sqlite: Database) -> None:
    people = some_people(sqlite)
    people.put_customers([a_customer()], CONTRACT)

    assert people.put_customers([a_customer()], LegalBasis(kind="consent", notice="v1")) == PutReport(updated=1)


def test_no_direct_identifier_stands_in_the_files_in_clear(sqlite: Database, tmp_path: Path) -> None:
    planted = Identifiers(
        name="欧阳植入",
        phone="13912345678",
        email="planted@example.cn",
        address="西湖区植入路9号",
        platform_ids={"wx": "wxid_planted"},
    )
    some_people(sqlite).put_customers([Customer(id="u1", identifiers=planted, province="浙江")], CONTRACT)
    sqlite.close()

    files = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    assert "浙江".encode() in b"".join(files.values())
    for secret in ("欧阳植入", "13912345678", "planted@example.cn", "植入路", "wxid_planted"):
        for spelling in (secret.encode(), secret.encode("utf-16-le"), secret.encode("unicode_escape")):
            assert not [name for name, content in files.items() if spelling in content], secret


def test_without_a_record_of_consent_data_serve_the_service_alone(sqlite: Database) -> None:
    people = some_people(sqlite)
    people.put_customers([a_customer()], CONTRACT)

    with pytest.raises(PurposeRefused) as raised:
        people.customer("u1", Purpose.MARKETING)

    assert raised.value.params == {"purpose": "marketing"}
    assert people.customers(purpose=Purpose.TRAINING) == []


def test_a_list_for_a_purpose_leaves_out_those_who_refuse_it(sqlite: Database) -> None:
    people = some_people(sqlite, gate=OnlyThese(2))
    people.put_customers([a_customer("u1"), a_customer("u2")], CONTRACT)

    assert [one.id for one in people.customers(purpose=Purpose.MARKETING)] == ["u2"]
    assert [one.id for one in people.customers(purpose=Purpose.SERVICE)] == ["u1", "u2"]
    assert [one.id for one in people.customers(after="u1", purpose=Purpose.SERVICE)] == ["u2"]


def test_an_unknown_customer_is_named(sqlite: Database) -> None:
    with pytest.raises(UnknownCustomer, match="'nobody'"):
        some_people(sqlite).customer("nobody", Purpose.SERVICE)


def test_one_id_may_be_a_customers_and_a_visitors(any_database: Database) -> None:
    people = some_people(any_database)

    numbers = any_database.write(lambda db: people.numbers(db, ["7"], ["7"], create=True))
    again = any_database.write(lambda db: people.numbers(db, ["7", "8"], ["7"]))

    assert numbers == again == {(0, "7"): 1, (1, "7"): 2}


def test_a_login_joins_all_of_a_customers_visitors_at_once(any_database: Database) -> None:
    people = some_people(any_database)
    people.put_customers([a_customer("u1")], CONTRACT)

    people.identify("phone", "u1")
    people.identify("laptop", "u1")

    assert the_subject(people, "u1") == Subject(1, (1, 2, 3))
    assert the_subject(people, visitor_id="phone") == Subject(1, (1, 2, 3))


def test_an_undo_gives_back_exactly_what_stood_before(any_database: Database) -> None:
    people = some_people(any_database)
    people.identify("shared", "u1")
    people.identify("phone", "u2")
    asked = [("u1", None), ("u2", None), (None, "shared"), (None, "phone"), ("u2", "shared")]
    before = [the_subject(people, *one) for one in asked]

    link = people.identify("shared", "u2")
    assert the_subject(people, visitor_id="shared") == the_subject(people, "u2")
    people.undo_identify(link)
    people.undo_identify(link)

    assert [the_subject(people, *one) for one in asked] == before


def test_a_second_login_on_a_shared_device_takes_it_over(sqlite: Database) -> None:
    people = some_people(sqlite)
    people.identify("shared", "u1")

    people.identify("shared", "u2")

    assert the_subject(people, "u1") == Subject(2, (2,))
    assert the_subject(people, "u2") == Subject(3, (3, 1))


def test_a_login_that_says_nothing_new_makes_no_new_link(sqlite: Database) -> None:
    people = some_people(sqlite)

    first = people.identify("v1", "u1")
    with sqlite.read() as db:
        before = changes_since(db, 0)

    assert people.identify("v1", "u1") == first
    with sqlite.read() as db:
        assert changes_since(db, 0) == before


def test_many_logins_in_one_go_act_in_their_order(sqlite: Database) -> None:
    people = some_people(sqlite)
    logins = [Identified(visitor_id="v", customer_id=customer) for customer in ("u1", "u1", "u2")]

    first, same, last = people.identify_all(logins)

    assert first == same != last
    assert the_subject(people, visitor_id="v") == the_subject(people, "u2")
    people.undo_identify(last)
    assert the_subject(people, visitor_id="v") == the_subject(people, "u1")


def test_a_visitor_who_is_somebody_else_brings_nothing_into_the_answer(sqlite: Database) -> None:
    people = some_people(sqlite)
    people.identify("theirs", "u1")
    sqlite.write(lambda db: people.numbers(db, ["u2"], ["new"], create=True))

    assert the_subject(people, "u2", "theirs") == Subject(3, (3,))
    assert the_subject(people, "u2", "new") == Subject(3, (3, 4))
    assert the_subject(people, "not-known-yet", "theirs") is None
    assert the_subject(people, "not-known-yet", "new") == Subject(4, (4,))
    assert the_subject(people, "not-known-yet") is None
    assert the_subject(people) is None


def test_undoing_a_login_that_never_was_is_refused(sqlite: Database) -> None:
    with pytest.raises(UnknownLink):
        some_people(sqlite).undo_identify("01ARZ3NDEKTSV4RRFFQ69G5FAV")


def test_a_login_with_an_id_that_does_not_fit_is_refused(sqlite: Database) -> None:
    with pytest.raises(InvalidFact):
        some_people(sqlite).identify("", "u1")
