"""Versions of notices, channels and contests in an export: into another shop and out again, on both stores."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.trust.builders import Time, a_ledger, a_shop_store

from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Channel, Purpose
from zhanggui.shop.service.naming import Naming
from zhanggui.shop.tables.people import CUSTOMER, person_numbers
from zhanggui.trust import Consents, NoticePart
from zhanggui.trust.service.consenting.notices import Notices
from zhanggui.trust.service.contesting import Contests
from zhanggui.trust.service.moved_parts import ChannelPart, ContestPart, NoticeVersionPart
from zhanggui.trust.types.contests import AnswerContest, ContestState, Decision, OpenContest, Outcome
from zhanggui.trust.types.notices import PublishNotice

EMAIL, SMS, MARKETING = Channel.EMAIL, Channel.SMS, Purpose.MARKETING


class Shop:
    def __init__(self, db: Database) -> None:
        self.db, self.time, names = db, Time(), Naming()
        self.ledger = a_ledger(db, clock=self.time)
        self.consents = Consents(db=db, clock=self.time, ledger=self.ledger)
        self.notices = Notices(db=db, clock=self.time, ledger=self.ledger)
        self.contests = Contests(db=db, clock=self.time, ledger=self.ledger, names=names, days=15)
        self.parts: tuple[Any, ...] = (
            NoticePart(ledger=self.ledger),
            NoticeVersionPart(ledger=self.ledger),
            ChannelPart(ledger=self.ledger, names=names),
            ContestPart(ledger=self.ledger, names=names),
        )

    def a_customer(self, id_: str) -> int:
        return self.db.write(lambda db: person_numbers(db, CUSTOMER, [id_], create=True))[id_]

    def exported(self) -> list[bytes]:
        with self.db.read() as db:
            return [msgspec.json.encode(row) for part in self.parts for page in part.rows(db) for row in page]

    def takes_in(self, other: Shop) -> list[tuple[int, int, int]]:
        reports = []
        for ours, theirs in zip(self.parts, other.parts, strict=True):
            with other.db.read() as db:
                rows = [row for page in theirs.rows(db) for row in page]
            report = self.db.write(lambda db, part=ours, rows=rows: part.restore(db, rows, 0))  # type: ignore[misc]
            reports.append((report.created, report.updated, report.unchanged))
        return reports


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Shop]:
    """A shop with two versions of a notice, channels of two people, an open contest and an answered one."""
    shop = Shop(a_shop_store(tmp_path))
    for purposes in ((MARKETING,), (MARKETING, Purpose.ANALYTICS)):
        shop.notices.publish("privacy", PublishNotice(purposes=purposes, texts={"zh": "隐私"}), "user:li")
    for id_ in ("b", "a"):
        shop.consents.record(
            shop.a_customer(id_), MARKETING, granted=id_ == "a", actor="me", channel=SMS, notice="privacy"
        )
    asked = OpenContest(decision=Decision.PRICE, about="p7", words="昨天还是 88", customer_id="a")
    answered = shop.contests.open(asked, "customer:a")
    shop.contests.answer(answered.id, AnswerContest(outcome=Outcome.UPHELD, words="限时价"), "user:li")
    shop.contests.open(msgspec.structs.replace(asked, customer_id="b"), "customer:b")
    yield shop
    shop.db.close()


def test_they_come_back_whatever_numbers_people_have(one: Shop, any_database: Database) -> None:
    two = Shop(any_database)
    two.a_customer("a")

    assert two.takes_in(one) == [(1, 0, 0), (2, 0, 0), (2, 0, 0), (2, 0, 0)]
    assert two.takes_in(one) == [(0, 0, 1), (0, 0, 2), (0, 0, 2), (0, 0, 2)]

    assert two.exported() == one.exported()
    assert [item.state for item in two.contests.page().items] == [ContestState.ANSWERED, ContestState.OPEN]
    assert not two.consents.allowed_through([two.a_customer("b")], MARKETING, SMS)
    assert two.ledger.verify().is_intact


def test_the_newer_word_on_a_channel_wins(one: Shop, any_database: Database) -> None:
    two = Shop(any_database)
    two.takes_in(one)
    two.time.pass_(days=1)
    two.consents.record(two.a_customer("a"), MARKETING, granted=False, actor="me", channel=SMS)

    assert two.takes_in(one)[2] == (0, 0, 2)
    assert one.takes_in(two)[2] == (0, 1, 1)
    assert not one.consents.allowed_through([one.a_customer("a")], MARKETING, SMS)


def test_a_restored_contest_carries_no_numbers_of_another_ledger(one: Shop, any_database: Database) -> None:
    two = Shop(any_database)

    two.takes_in(one)

    assert any(item.entries for item in one.contests.page().items)
    assert not any(item.entries for item in two.contests.page().items)
