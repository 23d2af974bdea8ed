"""The impact assessment says what is there, and a drill reckons without sending anything."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.app.builders import SHOP, an_installation

from zhanggui.app.build import open_rooms
from zhanggui.app.cli.main import run
from zhanggui.app.rooms import Rooms
from zhanggui.kernel.egress import EgressUse
from zhanggui.kernel.words import words
from zhanggui.shop import Customer, Identifiers
from zhanggui.shop.types import LegalBasis
from zhanggui.trust.service.assessing import as_html, as_markdown
from zhanggui.trust.service.assessing.safeguards import QUESTIONS, SAFEGUARDS
from zhanggui.trust.service.breach.drill import UnknownTable
from zhanggui.trust.types.assessment import DrillAsk
from zhanggui.trust.types.egress import RegisterHost

ROOT = Path(__file__).parents[2]
FOUND = datetime(2026, 11, 21, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return an_installation(tmp_path_factory.mktemp("assessing")).home


@pytest.fixture(scope="module")
def rooms(home: Path) -> Iterator[Rooms]:
    from zhanggui.kernel.settings import Settings

    with open_rooms(SHOP, Settings(home=home)) as opened:
        people = [
            Customer(id=f"u{n}", province="浙江", language="zh", identifiers=Identifiers(name="王小明"))
            for n in range(3)
        ]
        opened.people.put_customers(people, LegalBasis(kind="contract"))
        opened.egress.add(
            RegisterHost(host="api.llm.example", use=EgressUse.LLM, country="US", contract="SCC | 7"), "user:li"
        )
        yield opened


def test_it_says_what_is_held_on_which_ground_and_where_it_goes(rooms: Rooms) -> None:
    made = rooms.assessor.assess("en")
    held = {row[0]: row for row in made.chapters[0].rows}

    assert held["customers"][1] == "3"
    assert held["customers"][3] == "sealed"
    assert ("contract", "3") in made.chapters[1].rows
    (host,) = made.chapters[3].rows
    assert host[:4] == ("api.llm.example", "llm", "US", "yes")
    assert "PIPL art. 38" in host[6]


def test_each_safeguard_names_a_test_that_is_there() -> None:
    assert [test for _, test in SAFEGUARDS if not (ROOT / test).exists()] == []


def test_every_word_of_it_is_said_in_chinese_too(rooms: Rooms) -> None:
    made, say = rooms.assessor.assess("zh"), words("zh").gettext
    told = [made.title, *(chapter.title for chapter in made.chapters), *made.chapters[0].head]

    assert all(any("\u4e00" <= sign <= "\u9fff" for sign in text) for text in told)
    assert [text for text in (*QUESTIONS, *(what for what, _ in SAFEGUARDS)) if say(text) == text] == []


def test_it_is_a_page_and_markdown_in_which_nothing_breaks_out(rooms: Rooms) -> None:
    made = rooms.assessor.assess("en")

    assert "SCC \\| 7" in as_markdown(made)
    assert "<script" not in as_html(made)
    assert as_html(made).count("<section>") == 7


def test_the_command_writes_it_and_the_ledger_keeps_its_digest(home: Path, rooms: Rooms, tmp_path: Path) -> None:
    out = tmp_path / "assessment.html"

    assert run(["--home", str(home), "assess", SHOP, "--out", str(out), "--language", "zh"]) == 0

    assert out.read_text(encoding="utf-8").startswith('<!doctype html><html lang="zh">')
    assert rooms.ledger.kinds().count("assessment.made") == 1


def test_a_drill_counts_who_is_concerned_and_says_what_is_due(rooms: Rooms) -> None:
    held = rooms.drills.hold(DrillAsk(found_at=FOUND, cause="lost laptop"), "user:li", may_see_ids=True)

    assert (held.customers, held.visitors, held.ids) == (3, 0, ())
    assert "customers.sealed" in held.sealed
    assert [one.due_at - FOUND for one in held.deadlines if one.law == "GDPR 33"] == [timedelta(hours=72)]
    assert "lost laptop" in held.notice["en"]
    assert "姓名" not in held.notice["zh"]
    assert "王小明" not in str(held)


def test_with_the_master_key_gone_names_are_readable(rooms: Rooms) -> None:
    held = rooms.drills.hold(DrillAsk(is_master_key_safe=False), "user:li", may_see_ids=True)

    assert "customers.sealed" in held.readable
    assert held.sealed == ()
    assert "姓名" in held.notice["zh"]


def test_ids_are_listed_only_for_who_may_read_people(rooms: Rooms) -> None:
    ask = DrillAsk(with_ids=True, tables=("customers",))

    assert rooms.drills.hold(ask, "user:li", may_see_ids=True).ids == ("u0", "u1", "u2")
    assert rooms.drills.hold(ask, "user:li", may_see_ids=False).ids == ()


def test_a_table_that_is_not_there_is_named(rooms: Rooms) -> None:
    with pytest.raises(UnknownTable, match="custmers") as refused:
        rooms.drills.hold(DrillAsk(tables=("custmers",)), "user:li", may_see_ids=True)

    assert "customers" in refused.value.hint


def test_the_command_holds_one(home: Path, rooms: Rooms, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--home", str(home), "breach", "drill", SHOP, "--tables", "customers", "--ids"]) == 0

    told = capsys.readouterr().out
    assert "3 customers" in told
    assert "Nothing was sent" in told
    assert "breach.drill" in rooms.ledger.kinds()
