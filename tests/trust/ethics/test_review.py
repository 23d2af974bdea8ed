"""The review of a year tells what happened in it, beside the queries that say so."""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
import pytest
from tests.trust.builders import Time, a_ledger, a_shop_store

from zhanggui.kernel.clock import to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.ids import new_id
from zhanggui.kernel.privacy import Purpose
from zhanggui.trust import Consents
from zhanggui.trust.errors import BadYear
from zhanggui.trust.service.ethics import Ethics
from zhanggui.trust.service.reports import YearlyReview, review_page, review_pdf
from zhanggui.trust.service.reports.chapters import OF_CHAPTERS, Span
from zhanggui.trust.tables.persons import HeldErasure, add_erasure
from zhanggui.trust.types.persons import Ground, Receipt
from zhanggui.trust.types.reports import Figure, Review, Section
from zhanggui.trust.words.ledger import KINDS

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    store = a_shop_store(tmp_path)
    yield store
    store.close()


def yearly(db: Database, clock: Time, *others: Section) -> YearlyReview:
    told = tuple(lambda _span, one=one: one for one in others)
    return YearlyReview(db=db, clock=clock, zone=SHANGHAI, shop="tea", others=told)


def figures(review: Review) -> dict[tuple[str, str], float | str]:
    return {(one.label, one.name): one.value for section in review.sections for one in section.figures}


def test_a_year_counts_what_fell_into_it_by_the_shops_own_calendar(db: Database) -> None:
    clock = Time()
    consents = Consents(db=db, clock=clock, ledger=a_ledger(db, clock=clock))
    clock.now = clock.now.replace(month=12, day=31, hour=17)  # in Shanghai the next year has begun
    consents.record(1, Purpose.MARKETING, granted=True, actor="li")
    consents.record(2, Purpose.MARKETING, granted=False, actor="li")
    clock.pass_(minutes=1)

    now, before = yearly(db, clock).of(2027), yearly(db, clock).of(2026)

    assert figures(now)["Consent given", ""] == 1
    assert figures(now)["Agreed to %(name)s, of those who said a word", "marketing"] == 0.5
    assert ("Consent given", "") not in figures(before)
    assert all(one.query for section in now.sections for one in section.figures)


def test_years_that_cannot_be_are_refused(db: Database) -> None:
    for year in (1999, 2027):
        with pytest.raises(BadYear):
            yearly(db, Time()).of(year)


def test_other_rooms_tell_their_chapters_of_the_same_span(db: Database) -> None:
    seen: list[Span] = []

    def chapter(span: Span) -> Section:
        seen.append(span)
        return Section(title="Fairness", figures=(Figure(label="Gap", value=0.02, unit="share", query="fairness"),))

    review = YearlyReview(db=db, clock=Time(), zone=SHANGHAI, shop="tea", others=(chapter,)).of(2026)

    assert review.sections[-1].title == "Fairness"
    assert seen[0].until_ms > seen[0].since_ms


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_page_and_the_pdf_say_the_same_and_escape_what_they_are_told(db: Database, language: str) -> None:
    clock = Time()
    odd = Section(title="<b>odd</b>", figures=(Figure(label="a & b", name="<i>", value="x < y", query="SELECT '<'"),))
    ethics = Ethics(db=db, clock=clock, ledger=a_ledger(db), checks={})

    page = review_page(yearly(db, clock, odd).of(2026), ethics.state(), language)
    pdf = review_pdf(yearly(db, clock, odd).of(2026), ethics.state(), language)

    assert "<b>odd" not in page
    assert "SELECT &#39;&lt;&#39;" in page
    assert ("没有检查看着" if language == "zh" else "Nothing looks after it") in page
    said = words_of(pdf, language)
    assert ("没有检查看着" if language == "zh" else "Nothinglooksafterit") in said
    assert ("tea2026年伦理与合规审查" if language == "zh" else "Ethicsandcomplianceofteain2026") in said
    assert ("人推翻它的地方" if language == "zh" else "Wherepeopleoverrodeit") in said
    assert all(odd in said for odd in ("a&b:<i>", "x<y", "SELECT'<'"))


def words_of(pdf: bytes, language: str) -> str:
    """What stands on the pages, without spaces: Chinese is set in two bytes a character, the queries in one."""
    lines = list[bytes]()
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        page = zlib.decompress(base64.a85decode(stream.strip().removesuffix(b"~>")))
        lines += map(unescaped, re.findall(rb"\((.*?)(?<!\\)\) Tj", page, re.DOTALL))
    set_in = ("latin-1", "utf-16-be") if language == "zh" else ("latin-1",)
    return "".join("".join(line.decode(code, "replace") for line in lines) for code in set_in).replace(" ", "")


def test_every_kind_of_entry_is_counted_in_one_chapter_and_no_other_can_be_written(db: Database) -> None:
    told = [kind for kinds in OF_CHAPTERS.values() for kind in kinds]
    ledger = replace(a_ledger(db), known=KINDS)

    assert sorted(told) == sorted(KINDS)
    with pytest.raises(ValueError, match=r"personal\.shown"):
        db.write(lambda at: ledger.append(at, "personal.shown", {}))


def test_each_kind_of_entry_that_happened_stands_in_the_review(db: Database) -> None:
    ledger = a_ledger(db)
    for kind in KINDS:
        held = {"kind": "shop.reprice_offer", "level": "act"} if kind == "autonomy.level" else {}
        db.write(lambda at, kind=kind, held=held: ledger.append(at, kind, held))

    told = figures(yearly(db, Time()).of(2026))

    assert {label for label, _ in told} >= set(KINDS.values())
    assert told["Personal data shown", ""] == 1


def test_what_decides_automatically_names_every_kind_as_it_stood_at_the_end_of_the_year(db: Database) -> None:
    clock = Time()
    ledger = a_ledger(db, clock=clock)
    level = "Level of %(name)s"

    def set_level(to: str) -> None:
        db.write(lambda at: ledger.append(at, "autonomy.level", {"kind": "shop.reprice_offer", "level": to}))

    set_level("act")
    clock.now = clock.now.replace(year=2027)
    set_level("observe")
    review = replace(yearly(db, clock), kinds=("shop.edit_product", "shop.reprice_offer"))

    assert figures(review.of(2026))[level, "shop.reprice_offer"] == "act alone where no check objects"
    assert figures(review.of(2027))[level, "shop.reprice_offer"] == "only observe"
    assert figures(review.of(2027))[level, "shop.edit_product"] == "suggest, a person decides"


def test_it_says_how_fast_erasures_were_complete(db: Database) -> None:
    for hours in (2, 3, 10, None):
        keep_erasure(db, Time().now, hours)

    told = figures(yearly(db, Time(Time().now + timedelta(hours=20))).of(2026))

    assert told["Erasures that are complete", ""] == 3
    assert told["Hours until an erasure was complete, middle value", ""] == 3
    assert told["Hours of the slowest complete erasure", ""] == 10
    assert told["Erasures under way", ""] == 1


def test_a_year_that_is_over_says_which_figures_are_of_today(db: Database) -> None:
    clock = Time()
    Consents(db=db, clock=clock, ledger=a_ledger(db, clock=clock)).record(
        1, Purpose.MARKETING, granted=True, actor="li"
    )
    ethics = Ethics(db=db, clock=clock, ledger=a_ledger(db), checks={})
    now = review_page(yearly(db, clock).of(2026), ethics.state(), "en")
    clock.now = clock.now.replace(year=2027)

    later = review_page(yearly(db, clock).of(2026), ethics.state(), "en")

    assert "as of today" not in now
    assert "Words on marketing (as of today)" in later


def keep_erasure(db: Database, at: datetime, hours: int | None) -> None:
    done = None if hours is None else at + timedelta(hours=hours)
    state = "cleaning" if done is None else "done"
    receipt = Receipt(
        id=new_id(),
        shop="tea",
        at=at,
        ground=Ground.ASKED,
        state=state,
        persons=1,
        rows={},
        done_at=done,
        backups_until=at,
    )
    held = HeldErasure(receipt.id, state, to_ms(at), msgspec.json.encode(receipt), None)
    db.write(lambda connection: add_erasure(connection, held))


def unescaped(text: bytes) -> bytes:
    """A literal string of a PDF as the bytes that it stands for."""
    return re.sub(
        rb"\\([0-7]{3}|.)",
        lambda found: bytes([int(found[1], 8)]) if len(found[1]) == 3 else ESCAPES.get(found[1], found[1]),
        text,
        flags=re.DOTALL,
    )


ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
