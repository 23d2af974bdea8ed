"""The export of a whole shop, as a merchant makes it: by command, with what every room adds."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from tests.shop.builders import NOON

from zhanggui.app.cli.main import run
from zhanggui.app.shop import Shop
from zhanggui.audience import NewSegment
from zhanggui.audience.tables.profiles import starts_of
from zhanggui.kernel.clock import to_ms
from zhanggui.kernel.ids import new_id
from zhanggui.kernel.privacy import Channel, Purpose
from zhanggui.recommend import ShowLess
from zhanggui.recommend.types.rules import PutRule, RuleKind
from zhanggui.shop import Event, EventName
from zhanggui.shop.tables.imports import store_entries
from zhanggui.shop.types.accepting import ServedList
from zhanggui.shop.types.imports import BookEntry, EntryKind
from zhanggui.trust import Notice
from zhanggui.trust.engines.chain import GENESIS, entry_hash, payload_hash
from zhanggui.trust.service.record_parts import LedgerRow
from zhanggui.trust.types.contests import AnswerContest, Decision, OpenContest, Outcome
from zhanggui.trust.types.notices import PublishNotice


def fill(home: Path) -> None:
    """A simulated shop, and whatever a simulation leaves out."""
    assert run(["simulate", "one", "--products", "12", "--customers", "60", "--days", "8", "--quiet"]) == 0
    with Shop.open("one", home=home) as shop:
        (first, second) = shop.catalogue.products(None, 2)
        (somebody, *_) = shop.people.customers(None, 9, purpose=Purpose.SERVICE)
        undone = shop.recommend.show_less(ShowLess(product_id=first.id, customer_id=somebody.id))
        shop.recommend.undo_show_less(undone.id)
        shop.recommend.show_less(ShowLess(product_id=second.id, visitor_id="newcomer"))
        shop.rule_trials.rules.create(PutRule(kind=RuleKind.VARIETY, value=0.2), "owner")
        shop.aim_desk.aims.set_variety(0.5, "owner")
        shop.consents.set_notice(Notice(notice="v2", purposes=(Purpose.MARKETING,)), actor="owner")
        person = shop.consents.person(customer_id=somebody.id)
        shop.consents.set_personalization(person, on=False, actor="owner")
        shop.consents.record(person, Purpose.MARKETING, granted=True, actor="owner", channel=Channel.SMS)
        shop.notices.publish("privacy", PublishNotice(purposes=(Purpose.ANALYTICS,), texts={"zh": "隐私"}), "owner")
        asked = OpenContest(decision=Decision.RECOMMENDATION, words="为什么是这个？", customer_id=somebody.id)
        answer = AnswerContest(outcome=Outcome.EXPLAINED, words="依据购买")
        shop.contests.answer(shop.contests.open(asked, "owner").id, answer, "owner")
        shop.audience.corrections.mute("tag:night_orders", "owner", visitor_id="newcomer")
        shop.audience.corrections.forget("owner", visitor_id="newcomer")
        shop.audience.segments.add(NewSegment(name="三单", rule="orders >= 3"), "owner")
        shop.audience.segments.count_all()
        entry = BookEntry(id="e1", kind=EntryKind.CHARGE, code="POST", quantity=1, unit_price_source="0.5501", at=NOON)
        shop.db.write(lambda db: store_entries(db, [entry]))
        shop.events.accept([Event(id="sent", name=EventName.VIEW_ITEM, visitor_id="newcomer", product_id=first.id)])
        shop.served.log_served([ServedList(id=new_id(), person=0, surface="home", at_ms=to_ms(NOON), products=(1,))])
        shop.archive.archive_closed_days()


def the_chain_holds(lines: list[bytes]) -> bool:
    """Whether an exported ledger can be followed with what stands in the file."""
    last = GENESIS
    for line in lines:
        row = msgspec.json.decode(line, type=LedgerRow)
        digest = payload_hash(bytes.fromhex(row.salt), row.payload.encode())
        last = entry_hash(last, row.seq, row.kind, to_ms(row.at), digest)
        if (row.payload_hash, row.hash) != (digest.hex(), last.hex()):
            return False
    return bool(lines)


def the_bytes(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_whole_shop_moves_by_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home, first, second = tmp_path / "home", tmp_path / "first", tmp_path / "second"
    monkeypatch.setenv("ZHANGGUI_HOME", str(home))
    assert run(["init", "one"]) == run(["init", "two"]) == 0
    fill(home)

    assert run(["export", "one", "--to", str(first), "--quiet"]) == 0
    capsys.readouterr()
    assert run(["restore", "two", str(first)]) == 0
    restored = capsys.readouterr().out
    assert run(["restore", "two", str(first)]) == 0
    again = capsys.readouterr().out.splitlines()
    assert run(["export", "two", "--to", str(second), "--quiet"]) == 0

    with Shop.open("two", home=home) as shop, shop.db.read() as db:
        newcomer = shop.audience.shoppers.known(db, visitor_id="newcomer").number
        assert starts_of(db, [newcomer], purpose=Purpose.SERVICE)[newcomer] > 0  # what was forgotten stays so

    theirs, ours = the_bytes(second), the_bytes(first)
    records = [files.pop(name) for name in ("ledger.jsonl", "proposals.jsonl") for files in (ours, theirs)]
    assert theirs == ours
    assert the_chain_holds(records[0].splitlines())
    assert records[0] != records[1]  # the new shop's own: a restore is what happened there
    assert (first / "events.jsonl").read_bytes()
    served = len((first / "served-lists.jsonl").read_bytes().splitlines())
    told = [
        "entries\t1 new\t0 changed\t0 as they were",
        "event-ids\t4 new\t0 changed\t0 as they were",
        f"served-lists\t{served} new\t0 changed\t0 as they were",
        "notices\t3 new\t0 changed\t0 as they were",
        "notice-versions\t1 new\t0 changed\t0 as they were",
        "consents\t1 new\t0 changed\t0 as they were",
        "channel-consents\t1 new\t0 changed\t0 as they were",
        "contests\t1 new\t0 changed\t0 as they were",
        "preferences\t2 new\t0 changed\t0 as they were",
        "profile-corrections\t2 new\t0 changed\t0 as they were",
        "segments\t1 new\t0 changed\t0 as they were",
        "segment-sizes\t1 new\t0 changed\t0 as they were",
        "recommend-rules\t1 new\t0 changed\t0 as they were",
        "recommend-objectives\t1 new\t0 changed\t0 as they were",
    ]
    assert [line for line in restored.splitlines() if line in told] == told
    assert {line.split("\t", 1)[1].rsplit("\t", 1)[0] for line in again} == {"0 new\t0 changed"}
