"""Versions of notices and consent for single channels."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from tests.trust.builders import Time, a_ledger

from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Channel, Purpose
from zhanggui.shop.tables.links import add_links
from zhanggui.shop.tables.people import CUSTOMER, VISITOR, customers, person_numbers
from zhanggui.trust import Consents, Notice
from zhanggui.trust.errors import UnknownNotice, VersionedNotice
from zhanggui.trust.service.consenting.notices import Notices
from zhanggui.trust.tables import consenting
from zhanggui.trust.types.notices import NoticeBook, PublishNotice

MARKETING, ANALYTICS = Purpose.MARKETING, Purpose.ANALYTICS
EMAIL, SMS = Channel.EMAIL, Channel.SMS


class Shop:
    def __init__(self, db: Database) -> None:
        self.db, self.time = db, Time()
        ledger = a_ledger(db, clock=self.time)
        self.consents = Consents(db=db, clock=self.time, ledger=ledger)
        self.notices = Notices(db=db, clock=self.time, ledger=ledger)
        self.ledger = ledger

    def a_customer(self, id_: str, notice: str | None = None) -> int:
        def work(db: sa.Connection) -> int:
            number = person_numbers(db, CUSTOMER, [id_], create=True)[id_]
            if notice is not None:
                row = {"person": number, "province": "", "language": "zh", "basis": "consent", "notice": notice}
                db.execute(customers.insert().values(row))
            return number

        return self.db.write(work)

    def publishes(self, *purposes: Purpose, asks_again: bool = False, channels: tuple[Channel, ...] = ()) -> None:
        self.time.pass_(minutes=1)
        draft = PublishNotice(purposes=purposes, channels=channels, asks_again=asks_again, changes={"zh": "改了"})
        self.notices.publish("privacy", draft, "user:li")

    def says(self, person: int, *, granted: bool, channel: Channel | None = None, notice: str = "") -> None:
        self.time.pass_(minutes=1)
        self.consents.record(person, MARKETING, granted=granted, actor="me", notice=notice, channel=channel)

    def ways(self, person: int) -> set[Channel]:
        found = {way for way in Channel if self.consents.allowed_through([person], MARKETING, way)}
        (told,) = [one for one in self.consents.of(person) if one.purpose is MARKETING]
        differing = {one.channel: one.is_granted for one in told.channels}
        assert found == {way for way in Channel if differing.get(way, told.is_granted)}
        return found


@pytest.fixture
def shop(any_database: Database) -> Shop:
    return Shop(any_database)


def test_who_agreed_agreed_to_the_version_that_stood(shop: Shop) -> None:
    person = shop.a_customer("u1")
    shop.publishes(MARKETING)
    shop.says(person, granted=True, notice="privacy")
    shop.publishes(MARKETING, ANALYTICS)

    (told,) = [one for one in shop.consents.of(person) if one.purpose is MARKETING]

    assert (told.notice, told.version, told.is_granted, told.is_outdated) == ("privacy@1", 1, True, False)
    assert [one.version for one in shop.notices.versions("privacy")] == [1, 2]


def test_a_version_that_asks_again_leaves_no_older_yes(shop: Shop) -> None:
    person, another = shop.a_customer("u1"), shop.a_customer("u2")
    shop.publishes(MARKETING)
    shop.says(person, granted=True, notice="privacy")
    shop.says(another, granted=False, notice="privacy")
    assert shop.consents.allows(person, MARKETING)

    shop.publishes(MARKETING, asks_again=True)

    assert not shop.consents.allows(person, MARKETING)
    assert shop.consents.allowed_among([person, another], MARKETING) == set()
    told = {one.purpose: one for one in shop.consents.of(person)}[MARKETING]
    assert (told.is_granted, told.is_outdated, told.version) == (False, True, 1)
    shop.says(person, granted=True, notice="privacy")
    assert {one.purpose: one for one in shop.consents.of(person)}[MARKETING].version == 2
    assert shop.consents.allows(person, MARKETING)
    assert not {one.purpose: one for one in shop.consents.of(another)}[MARKETING].is_outdated


def test_a_reader_of_an_older_moment_leaves_no_older_notice_behind(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    person = shop.a_customer("u1")
    shop.publishes(MARKETING)
    shop.says(person, granted=True, notice="privacy")
    read = consenting.notice_book

    def meanwhile() -> None:
        shop.publishes(MARKETING, asks_again=True)
        assert not shop.consents.allows(person, MARKETING)

    def slow(db: sa.Connection) -> NoticeBook:
        book = read(db)
        monkeypatch.setattr(consenting, "notice_book", read)
        with ThreadPoolExecutor(1) as another:
            another.submit(meanwhile).result()
        return book

    monkeypatch.setattr(consenting, "notice_book", slow)
    assert shop.consents.allows(person, MARKETING)  # as of the moment that it sees

    assert not shop.consents.allows(person, MARKETING)


def test_a_purpose_that_a_version_adds_is_not_granted_by_silence(shop: Shop) -> None:
    shop.consents.set_notice(Notice(notice="privacy", purposes=(MARKETING,)), "user:li")
    old = shop.a_customer("u1", notice="privacy")
    shop.publishes(MARKETING, ANALYTICS)
    new = shop.a_customer("u2", notice="privacy@1")

    assert shop.consents.allowed_among([old, new], MARKETING) == {old, new}
    assert shop.consents.allowed_among([old, new], ANALYTICS) == {new}
    shop.publishes(ANALYTICS)
    assert shop.consents.allowed_among([old, new], MARKETING) == set()


def test_a_notice_with_versions_is_not_changed_behind_people(shop: Shop) -> None:
    shop.publishes(MARKETING)

    with pytest.raises(VersionedNotice):
        shop.consents.set_notice(Notice(notice="privacy", purposes=()), "user:li")
    with pytest.raises(UnknownNotice):
        shop.says(shop.a_customer("u1"), granted=True, notice="privacy@7")


def test_one_channel_may_be_refused_and_one_alone_agreed_to(shop: Shop) -> None:
    person, another = shop.a_customer("u1"), shop.a_customer("u2")
    shop.says(person, granted=True)
    shop.says(person, granted=False, channel=SMS)
    shop.says(another, granted=True, channel=EMAIL)

    assert shop.ways(person) == set(Channel) - {SMS}
    assert shop.ways(another) == {EMAIL}
    assert shop.consents.allowed_among([person, another], MARKETING) == {person}


def test_refusing_a_purpose_refuses_it_by_every_channel(shop: Shop) -> None:
    person = shop.a_customer("u1")
    shop.says(person, granted=True, channel=EMAIL)
    assert shop.ways(person) == {EMAIL}

    shop.says(person, granted=False)

    assert shop.ways(person) == set()
    shop.says(person, granted=True, channel=SMS)
    assert shop.ways(person) == {SMS}


def test_a_notice_that_names_channels_is_agreed_to_for_these(shop: Shop) -> None:
    person = shop.a_customer("u1")
    shop.publishes(MARKETING, channels=(EMAIL, SMS))
    shop.says(person, granted=True, notice="privacy")
    imported = shop.a_customer("u2", notice="privacy@1")

    assert shop.ways(person) == shop.ways(imported) == {EMAIL, SMS}


def test_what_a_visitor_said_of_a_channel_follows_the_login(shop: Shop) -> None:
    person = shop.a_customer("u1")
    visitor = shop.db.write(lambda db: person_numbers(db, VISITOR, ["v1"], create=True))["v1"]
    shop.says(person, granted=True)
    shop.says(visitor, granted=False, channel=EMAIL)

    assert EMAIL in shop.ways(person)
    shop.db.write(lambda db: add_links(db, [("L" * 26, visitor, person, 1)]))
    assert EMAIL not in shop.ways(person)


def test_what_was_said_of_a_channel_stands_in_the_ledger(shop: Shop) -> None:
    shop.says(shop.a_customer("u1"), granted=True, channel=EMAIL)

    [entry] = shop.ledger.entries().items

    assert (entry.kind, entry.payload["channel"]) == ("consent.granted", "email")
