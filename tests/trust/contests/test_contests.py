"""Contests: brought, listed, answered by a person, late when nobody does."""

from __future__ import annotations

import msgspec
import pytest
from tests.trust.builders import Time, a_ledger

from zhanggui.kernel.db import Database
from zhanggui.kernel.persons import KnownPerson
from zhanggui.shop.service.naming import Naming
from zhanggui.trust.errors import ContestAnswered, TooManyContests, UnknownContest
from zhanggui.trust.service.consenting.store import ConsentingStore
from zhanggui.trust.service.contesting import MOST_A_DAY, Contests
from zhanggui.trust.tables.contests import contests_of
from zhanggui.trust.types.contests import (
    AnswerContest,
    Contest,
    ContestState,
    Decision,
    OpenContest,
    OpenedContest,
    Outcome,
)

MINE = OpenContest(decision=Decision.PRICE, about="p7", shown="¥98", words="昨天还是 88", customer_id="u1")


class Shop:
    def __init__(self, db: Database) -> None:
        self.db, self.time = db, Time()
        self.ledger = a_ledger(self.db, clock=self.time)
        self.contests = Contests(db=self.db, clock=self.time, ledger=self.ledger, names=Naming(), days=15)

    def states(self) -> list[ContestState]:
        return [one.state for one in self.contests.page().items]


@pytest.fixture
def shop(any_database: Database) -> Shop:
    return Shop(any_database)


def as_shown(brought: OpenedContest) -> Contest:
    return Contest(**{name: getattr(brought, name) for name in Contest.__struct_fields__})


def test_who_brought_it_reads_the_answer_with_its_token_and_nobody_else_does(shop: Shop) -> None:
    first, second = shop.contests.open(MINE, "customer:u1"), shop.contests.open(MINE, "customer:u1")
    assert shop.contests.own(first.id, first.token).answer is None
    shop.contests.answer(first.id, AnswerContest(outcome=Outcome.CHANGED, words="改好了"), "user:li")

    told = shop.contests.own(first.id, first.token)

    assert told.answer is not None
    assert (told.state, told.answer.outcome, told.answer.words) == (ContestState.ANSWERED, Outcome.CHANGED, "改好了")
    assert b"user:li" not in msgspec.json.encode(told)
    for id_, token in ((first.id, second.token), (first.id, ""), ("0" * 26, first.token)):
        with pytest.raises(UnknownContest):
            shop.contests.own(id_, token)


def test_a_token_is_kept_as_a_hash_alone_and_is_in_no_export(shop: Shop) -> None:
    brought = shop.contests.open(MINE, "customer:u1")
    (number,) = shop.db.write(lambda db: Naming().people_numbers(db, [("u1", None)]))

    with shop.db.read() as db:
        (held,) = contests_of(db, [number])
        person = KnownPerson(customer_id="u1", visitor_ids=(), numbers=(number,))
        told = msgspec.json.encode(ConsentingStore().export(db, person))

    assert len(held.token_hash) == 64
    assert brought.token not in msgspec.json.encode(held).decode()
    assert held.token_hash.encode() not in told
    assert b"token" not in msgspec.json.encode([one.payload for one in shop.ledger.entries().items])


def test_a_contest_names_its_day_and_carries_the_ledger(shop: Shop) -> None:
    repriced = shop.db.write(lambda db: shop.ledger.append(db, "proposal.applied", {}, about="product:p7"))
    shop.db.write(lambda db: shop.ledger.append(db, "proposal.applied", {}, about="product:p8"))

    brought = shop.contests.open(MINE, "customer:u1")

    assert (brought.entries, brought.state, brought.customer_id) == ((repriced,), ContestState.OPEN, "u1")
    assert (brought.due_at - brought.at).days == 15
    assert [one.kind for one in shop.ledger.entries().items][-1] == "contest.opened"
    assert shop.contests.contest(brought.id) == as_shown(brought)


def test_a_person_answers_once_and_the_shopper_sees_it(shop: Shop) -> None:
    brought = shop.contests.open(MINE, "customer:u1")
    given = AnswerContest(outcome=Outcome.UPHELD, words="88 是限时价，已结束。")
    shop.time.pass_(days=2)

    answered = shop.contests.answer(brought.id, given, "user:li")

    assert answered.answer is not None
    assert (answered.state, answered.answer.by, answered.answer.words) == (
        ContestState.ANSWERED,
        "user:li",
        given.words,
    )
    (number,) = shop.db.write(lambda db: Naming().people_numbers(db, [("u1", None)]))
    assert shop.contests.of([number]) == [answered]
    with pytest.raises(ContestAnswered):
        shop.contests.answer(brought.id, given, "user:wang")
    with pytest.raises(UnknownContest):
        shop.contests.contest("0" * 26)


def test_what_nobody_answers_is_overdue(shop: Shop) -> None:
    first = shop.contests.open(MINE, "customer:u1")
    shop.time.pass_(days=15, minutes=1)
    shop.contests.open(MINE, "customer:u1")

    assert shop.states() == [ContestState.OVERDUE, ContestState.OPEN]
    assert shop.contests.waiting() == (2, 1)
    assert [one.id for one in shop.contests.page(ContestState.OVERDUE).items] == [first.id]
    assert len(shop.contests.page(ContestState.OPEN).items) == 2


def test_pages_end(shop: Shop) -> None:
    brought = []
    for _ in range(5):
        shop.time.pass_(minutes=1)
        brought.append(shop.contests.open(MINE, "customer:u1").id)

    first = shop.contests.page(limit=3)
    rest = shop.contests.page(after=first.next or "", limit=3)

    assert [one.id for one in (*first.items, *rest.items)] == sorted(brought)
    assert rest.next is None


def test_one_person_cannot_drown_the_others(shop: Shop) -> None:
    for _ in range(MOST_A_DAY):
        shop.contests.open(MINE, "customer:u1")

    with pytest.raises(TooManyContests):
        shop.contests.open(MINE, "customer:u1")
    shop.time.pass_(days=1, minutes=1)
    assert shop.contests.open(MINE, "customer:u1")
