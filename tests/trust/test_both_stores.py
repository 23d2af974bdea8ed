"""What depends on the store's own SQL, on SQLite and on PostgreSQL."""

from __future__ import annotations

import secrets
import threading

import pytest
import sqlalchemy as sa
from tests.trust.builders import Time, a_draft, a_ledger, facts_of, proposals_on, stock_the_shop

from zhanggui.kernel.db import Database
from zhanggui.kernel.jobs import enqueue
from zhanggui.kernel.privacy import Purpose
from zhanggui.shop.tables.people import VISITOR, person_numbers
from zhanggui.trust import Access, Consents, CreateKey, Keys, Passwords, Proposals, ProposalState, Users
from zhanggui.trust.errors import BadLogin, WrongState

PEPPER = bytes(32)


def test_a_proposal_goes_out_and_back(any_database: Database) -> None:
    stock_the_shop(any_database)
    before = facts_of(any_database)
    proposals = proposals_on(any_database, enqueue=enqueue)
    direct, waiting = proposals.propose(
        [a_draft(), a_draft("shop.label_product", change={"labels": []}, outlet="webhook")]
    )
    for proposal in (direct, waiting):
        proposals.approve(proposal.id, "user:li")
    proposals.confirm(waiting.id, "user:li")
    for proposal in (waiting, direct):
        proposals.undo(proposal.id, "user:li")

    assert proposals.confirm(waiting.id, "user:li").state is ProposalState.UNDONE
    assert facts_of(any_database) == before
    proposals.pause_everything("user:li")
    assert proposals.resume("user:li").is_paused is False
    assert proposals.ledger.verify().is_intact


def test_of_two_who_approve_at_once_exactly_one_applies(any_database: Database) -> None:
    stock_the_shop(any_database)
    proposals = proposals_on(any_database, enqueue=enqueue)
    [proposal] = proposals.propose([a_draft()])
    together, outcomes = threading.Barrier(2), list[str]()

    def approve(mine: Proposals, actor: str) -> None:
        together.wait()
        try:
            outcomes.append(mine.approve(proposal.id, actor).state.value)
        except WrongState:
            outcomes.append("conflict")

    threads = [threading.Thread(target=approve, args=(proposals, name)) for name in ("user:li", "user:wang")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["applied", "conflict"]


def test_many_writers_make_one_chain(any_database: Database) -> None:
    ledger = a_ledger(any_database)

    def write() -> None:
        for n in range(20):
            any_database.write(lambda db, n=n: ledger.append(db, "price.changed", {"n": n}, "user:li"))

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    report = ledger.verify()
    assert (report.is_intact, report.entries) == (True, 80)
    any_database.write(lambda db: db.execute(sa.text("UPDATE ledger SET kind = 'x' WHERE seq = 40")))
    assert ledger.verify().first_break is not None


def test_keys_users_and_consents(any_database: Database) -> None:
    time = Time()
    keys = Keys(db=any_database, clock=time, entropy=secrets.token_bytes, pepper=PEPPER)
    passwords = Passwords(memory_kib=64, time_cost=1)
    users = Users(db=any_database, clock=time, entropy=secrets.token_bytes, pepper=PEPPER, passwords=passwords)
    access = Access(db=any_database, clock=time, pepper=PEPPER)
    issued = keys.create("teahouse", CreateKey(name="till", scopes=("shop:read",)))
    users.add("li@tea.cn", password="correct horse battery", roles={"teahouse": "owner"})
    with pytest.raises(BadLogin):
        users.login("li@tea.cn", "wrong", address="1.2.3.4")
    session = users.login("li@tea.cn", "correct horse battery", address="1.2.3.4")
    linked = users.login_by_link(users.login_link("li@tea.cn"), previous=session.token)

    assert access.authenticate({"authorization": f"Bearer {issued.secret}"}, {}).shop == "teahouse"
    assert access.authenticate({}, {"zg_session": linked.token}).may("keys:write", "teahouse")

    consents = Consents(db=any_database, clock=time, ledger=a_ledger(any_database))
    visitor = any_database.write(lambda db: person_numbers(db, VISITOR, ["v1"], create=True))["v1"]
    assert consents.allowed_among([visitor], Purpose.PERSONALIZATION) == {visitor}
    consents.set_personalization(visitor, on=False, actor="visitor")
    assert not consents.allows(visitor, Purpose.PERSONALIZATION)
