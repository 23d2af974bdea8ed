"""The review of a year tells what happened in it, beside the queries that say so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tests.trust.builders import Time, a_ledger, a_shop_store

from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Purpose
from zhanggui.trust import Consents
from zhanggui.trust.errors import BadYear
from zhanggui.trust.service.ethics import Ethics
from zhanggui.trust.service.reports import YearlyReview, review_page, review_pdf
from zhanggui.trust.service.reports.chapters import Span
from zhanggui.trust.types.reports import Figure, Review, Section

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

    assert figures(now)["Consents given", ""] == 1
    assert figures(now)["Agreed to %(name)s, of those who said a word", "marketing"] == 0.5
    assert ("Consents given", "") not in figures(before)
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
    assert pdf.startswith(b"%PDF-")
    assert pdf.rstrip().endswith(b"%%EOF")
