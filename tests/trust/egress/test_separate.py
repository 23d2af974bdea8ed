"""Separate consents: one act each, silence is a no, and without a yes nobody's data go to such a receiver."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest
from tests.shop.outbox.builders import NOON, a_receiver
from tests.trust.builders import Time, a_ledger, a_shop_store

from zhanggui.kernel.clock import to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.egress import EgressUse, NoSeparateConsent
from zhanggui.kernel.persons import KnownPerson
from zhanggui.shop.outbox import Card, OutboxEntry, OutboxState, WebhookOutlet
from zhanggui.shop.outbox.ports import Sent, TryAgain
from zhanggui.shop.service.naming import Naming
from zhanggui.shop.service.people import identify
from zhanggui.shop.tables.people import CUSTOMER, VISITOR, person_numbers
from zhanggui.shop.types import Identified
from zhanggui.trust.engines.separate import MUST_TELL, untold
from zhanggui.trust.errors import (
    EndedSeparateAsk,
    OutdatedSeparateAsk,
    UnfitSeparateAsk,
    UnknownSeparateAsk,
    UntoldSeparateAsk,
)
from zhanggui.trust.service.consenting.separate import SeparateConsents
from zhanggui.trust.service.consenting.store import ConsentingStore
from zhanggui.trust.service.egress import EgressRegister
from zhanggui.trust.service.separate_parts import SeparateAskPart, SeparateConsentPart
from zhanggui.trust.types.egress import RegisterHost
from zhanggui.trust.types.separate import PublishSeparateAsk, RecordSeparate, SeparateAct

ABROAD = PublishSeparateAsk(
    act=SeparateAct.ABROAD,
    receiver="Mail Partner Inc.",
    contact="privacy@mail.example",
    country="US",
    data=("顾客编号", "写信的渠道"),
    purpose="替本店发信",
    method="发信后三十天删除",
    rights="写信到 privacy@mail.example，本店代为转达",
)
HOME = msgspec.structs.replace(ABROAD, act=SeparateAct.HAND_OVER, country="CN", receiver="杭州寄信有限公司")
USE = EgressUse.OUTBOX


class Shop:
    def __init__(self, db: Database) -> None:
        self.db, self.time = db, Time()
        self.ledger = a_ledger(db, clock=self.time)
        self.separate = SeparateConsents(db=db, clock=self.time, ledger=self.ledger)
        self.egress = EgressRegister(db=db, clock=self.time, ledger=self.ledger)
        self.parts: tuple[Any, ...] = (
            SeparateAskPart(ledger=self.ledger),
            SeparateConsentPart(ledger=self.ledger, names=Naming()),
        )

    def customer(self, id_: str) -> int:
        return self.db.write(lambda db: person_numbers(db, CUSTOMER, [id_], create=True))[id_]

    def visitor(self, id_: str) -> int:
        return self.db.write(lambda db: person_numbers(db, VISITOR, [id_], create=True))[id_]

    def says(self, person: int, name: str, *, granted: bool, version: int | None = None) -> None:
        self.time.pass_(minutes=1)
        self.separate.record(person, RecordSeparate(name=name, is_granted=granted, version=version), "me")

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

    def holds(self, person: int) -> list[bool]:
        return [one.is_granted for one in self.separate.of(person)]


class Between:
    """A database to which somebody else writes just before each write."""

    def __init__(self, db: Database, first: Callable[[], object]) -> None:
        self._db, self._first, self.read = db, first, db.read

    def write(self, work: Any) -> Any:
        self._first()
        return self._db.write(work)


@pytest.fixture
def shop(any_database: Database) -> Shop:
    """Mail is sent by a company abroad, on separate consent; u1 gave it, u2 said nothing."""
    shop = Shop(any_database)
    shop.separate.publish("mail", ABROAD, "user:li")
    host = RegisterHost(host="api.mail.example", use=USE, country="US", contract="SCC 7", separate="mail")
    shop.egress.add(host, "user:li")
    shop.says(shop.customer("u1"), "mail", granted=True)
    shop.customer("u2")
    return shop


@pytest.mark.parametrize("act", SeparateAct)
def test_nothing_is_asked_that_does_not_say_what_its_article_wants_told(act: SeparateAct) -> None:
    bare = PublishSeparateAsk(act=act, data=(), purpose="  ")

    assert untold(bare) == MUST_TELL[act]
    assert {"data", "purpose"} <= set(MUST_TELL[act])
    assert ("receiver" in MUST_TELL[act]) == (act not in {SeparateAct.SENSITIVE, SeparateAct.PUBLIC_PLACES})


def test_an_ask_must_be_whole_and_name_the_article_of_its_country(shop: Shop) -> None:
    with pytest.raises(UntoldSeparateAsk, match=r"art\. 39 does not say: contact, rights"):
        shop.separate.publish("x", msgspec.structs.replace(ABROAD, contact="", rights=" "), "user:li")
    with pytest.raises(UntoldSeparateAsk, match="not asked for as hand_over"):
        shop.separate.publish("x", msgspec.structs.replace(HOME, country="HK"), "user:li")


def test_silence_is_a_no_and_a_purpose_never_speaks_for_it(shop: Shop) -> None:
    assert shop.holds(shop.customer("u1")) == [True]
    assert shop.holds(shop.customer("u2")) == [False]
    assert [one.is_granted for one in shop.separate.of(None)] == [False]


def test_the_very_next_call_after_a_withdrawal_is_refused(shop: Shop) -> None:
    shop.egress.require_people("API.mail.example", USE, ["u1"])

    shop.says(shop.customer("u1"), "mail", granted=False)

    with pytest.raises(NoSeparateConsent, match="1 people"):
        shop.egress.require_people("api.mail.example", USE, ["u1"])
    assert shop.egress.agreed("api.mail.example", USE, [shop.customer("u1")]) == set()


def test_one_who_has_not_agreed_keeps_the_whole_call_back(shop: Shop) -> None:
    with pytest.raises(NoSeparateConsent, match="2 people") as refused:
        shop.egress.require_people("api.mail.example", USE, ["u1", "u2", "nobody"])

    assert "u2" not in str(refused.value)
    assert shop.egress.agreed("api.mail.example", USE, [shop.customer("u1"), shop.customer("u2")]) == {
        shop.customer("u1")
    }


def test_a_call_must_say_whose_data_it_carries_where_the_host_rests_on_consent(shop: Shop) -> None:
    with pytest.raises(NoSeparateConsent, match="did not say whose"):
        shop.egress.require_people("api.mail.example", USE, None)
    shop.egress.require_people("api.mail.example", USE, [])
    shop.egress.require_people("elsewhere.example", USE, None)


def test_a_newer_version_asks_again_and_an_end_leaves_no_yes(shop: Shop) -> None:
    u1 = shop.customer("u1")
    shop.separate.publish("mail", msgspec.structs.replace(ABROAD, purpose="也做问卷"), "user:li")

    (told,) = shop.separate.of(u1)
    assert (told.is_granted, told.is_outdated, told.ask.version) == (False, True, 2)
    with pytest.raises(OutdatedSeparateAsk):
        shop.says(u1, "mail", granted=True, version=1)
    shop.says(u1, "mail", granted=True, version=2)
    assert [one.agreed for one in shop.separate.asks()] == [1]

    shop.separate.end("mail", "user:li")

    assert shop.separate.of(u1) == ()
    assert [one.agreed for one in shop.separate.asks()] == [0]
    with pytest.raises(UnknownSeparateAsk):
        shop.says(u1, "mail", granted=True)
    with pytest.raises(NoSeparateConsent):
        shop.egress.require_people("api.mail.example", USE, ["u1"])


def test_an_end_closes_what_is_asked_at_that_moment(shop: Shop) -> None:
    newer = msgspec.structs.replace(ABROAD, purpose="也做问卷")
    between = Between(shop.db, lambda: shop.separate.publish("mail", newer, "user:wang"))

    last = replace(shop.separate, db=cast("Database", between)).end("mail", "user:li")

    assert (last.version, last.is_open, last.purpose, last.by) == (3, False, "也做问卷", "user:li")


def test_only_what_is_asked_can_be_ended_and_only_once(shop: Shop) -> None:
    with pytest.raises(UnknownSeparateAsk):
        shop.separate.end("nothing", "user:li")
    shop.separate.end("mail", "user:li")

    with pytest.raises(EndedSeparateAsk, match="over since version 2"):
        shop.separate.end("mail", "user:li")

    assert [one.ask.version for one in shop.separate.asks()] == [2]
    assert shop.separate.publish("mail", ABROAD, "user:li").is_open


def test_a_draft_cannot_be_closed_before_it_is_asked() -> None:
    with pytest.raises(msgspec.ValidationError, match="is_open"):
        msgspec.json.decode(b'{"act": "abroad", "is_open": false}', type=PublishSeparateAsk)


def test_a_yes_for_one_country_is_none_for_another(shop: Shop) -> None:
    shop.separate.publish("mail", msgspec.structs.replace(ABROAD, country="SG"), "user:li")
    shop.says(shop.customer("u1"), "mail", granted=True)

    with pytest.raises(NoSeparateConsent):
        shop.egress.require_people("api.mail.example", USE, ["u1"])


def test_a_host_rests_only_on_an_ask_that_is_about_it(shop: Shop) -> None:
    home = RegisterHost(host="mail.example.cn", use=USE, country="CN", separate="mail")
    with pytest.raises(UnfitSeparateAsk):
        shop.egress.add(home, "user:li")
    with pytest.raises(UnknownSeparateAsk):
        shop.egress.add(msgspec.structs.replace(home, separate="nothing"), "user:li")

    (host,) = shop.egress.hosts()
    assert host.separate == "mail"
    assert host.needs == ("impact_assessment", "one_of_38", "thresholds_40")


def test_the_word_of_a_visitor_follows_them_and_the_last_one_counts(shop: Shop) -> None:
    customer, visitor = shop.customer("u2"), shop.visitor("v9")
    shop.says(visitor, "mail", granted=True)
    link = Identified(visitor_id="v9", customer_id="u2", at=shop.time())
    shop.db.write(lambda db: identify(db, [link], to_ms(shop.time())))
    assert shop.holds(customer) == [True]

    shop.says(customer, "mail", granted=False)

    assert shop.holds(visitor) == [False]


def test_each_word_stands_in_the_ledger(shop: Shop) -> None:
    shop.says(shop.customer("u1"), "mail", granted=False)

    kinds = [entry.kind for entry in shop.ledger.entries().items if entry.kind.startswith("consent.")]
    assert sorted(kinds) == ["consent.separate_asked", "consent.separate_granted", "consent.separate_refused"]
    assert shop.ledger.verify().is_intact


def test_a_person_is_given_what_they_agreed_to_and_erasure_takes_it(shop: Shop) -> None:
    person = KnownPerson(customer_id="u1", visitor_ids=(), numbers=(shop.customer("u1"),))
    with shop.db.read() as db:
        told: Any = ConsentingStore().export(db, person)["separate_consents"]

    assert [(one["name"], one["is_granted"], one["receiver"], one["country"]) for one in told] == [
        ("mail", True, "Mail Partner Inc.", "US")
    ]
    assert shop.db.write(lambda db: ConsentingStore().erase(db, person, "r1"))["separate_consents"] == 1
    assert shop.holds(shop.customer("u1")) == [False]


def test_they_move_with_an_export_and_the_newer_word_wins(shop: Shop, tmp_path: Path) -> None:
    two = Shop(a_shop_store(tmp_path))
    two.customer("someone-before")

    assert two.takes_in(shop) == [(1, 0, 0), (1, 0, 0)]
    assert two.takes_in(shop) == [(0, 0, 1), (0, 0, 1)]
    assert two.holds(two.customer("u1")) == [True]
    assert two.exported() == shop.exported()
    shop.says(shop.customer("u1"), "mail", granted=False)
    assert two.takes_in(shop)[1] == (0, 1, 0)
    assert two.holds(two.customer("u1")) == [False]
    assert two.ledger.verify().is_intact
    two.db.close()


def a_list(*people: str) -> OutboxEntry:
    return OutboxEntry(
        id="e1",
        outlet="webhook",
        kind="audience.plan_people",
        payload={"people": list(people)},
        card=Card(code="send_plan"),
        reference="r1",
        idempotency_key="k1",
        state=OutboxState.SENDING,
        created_at=NOON,
        updated_at=NOON,
    )


def test_a_webhook_sends_a_list_of_those_who_agreed_and_waits_where_one_withdrew(any_database: Database) -> None:
    shop = Shop(any_database)
    shop.separate.publish("post", HOME, "user:li")
    shop.egress.add(RegisterHost(host="127.0.0.1", use=USE, country="CN", separate="post"), "user:li")
    shop.says(shop.customer("u1"), "post", granted=True)
    with a_receiver((200, {})) as receiver, shop.egress.door().client(USE) as client:
        outlet = WebhookOutlet(
            url=f"http://127.0.0.1:{receiver.port}/in",
            secret=b"0123456789abcdef",
            client=client,
            clock=shop.time,
            allow_private=True,
        )
        before = outlet.send(a_list("u1"))
        shop.says(shop.customer("u1"), "post", granted=False)
        after = outlet.send(a_list("u1"))

    assert isinstance(before, Sent)
    assert isinstance(after, TryAgain)
    assert "separate consent" in after.note
    assert len(receiver.got) == 1
