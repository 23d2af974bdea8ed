"""What is promised and whether it is kept; where the law stands; the review of a year."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from zhanggui.app.web.spreadsheet import csv_answer
from zhanggui.app.web.tables import PER_PAGE, Column, TableAsk, TableRows
from zhanggui.kernel.words import N_
from zhanggui.trust.service.reports import review_page, review_pdf
from zhanggui.trust.types.ethics import Article, ClauseState
from zhanggui.trust.words.ethics import CHECK_WORDS

from .ledger_words import ROLE_WORDS
from .listing import choice
from .shell import Console

READ = {"scope": "ethics:read"}
CHECK = {"scope": "ethics:check", "has_form": True}
TONES = {"no_check": "bad", "failed": "bad", "not_run": "warn", "idle": "", "passed": "ok"}
STATES: Mapping[str, str] = {
    "no_check": N_("Nothing looks after it"),
    "failed": N_("Broken"),
    "not_run": N_("Not looked at yet"),
    "idle": N_("Nothing to look at yet"),
    "passed": N_("It is kept"),
}
OPEN = N_("%(n)s to look into")
KEPT = N_("%(n)s kept when they were looked at last")
IDLE = N_("%(n)s with nothing to look at so far")
_OPEN = {"no_check", "failed", "not_run"}
READ_OR_NOT: Mapping[str, str] = {"yes": N_("Text was read"), "no": N_("Text was not read")}
KINDS: Mapping[str, str] = {
    "route": N_("API"),
    "page": N_("Page"),
    "command": N_("Command"),
    "test": N_("Test"),
    "doc": N_("Document"),
}
HEAD = ("id", "law", "number", "asks", "read", "source", "stands_in", "not_ours")
YEARS, NEAREST = 5, 2
"""Years that have a review, and how many of them are shown at once."""


@get("/console/{shop:str}/ethics", include_in_schema=False, sync_to_thread=True, opt=READ)
def ethics(console: NamedDependency[Console]) -> Response[str]:
    """The clauses; those without a passing check come first."""
    shown = [(_shown(one), one) for one in console.rooms.ethics.state().clauses]
    year = console.rooms.clock().astimezone(console.view.formats.zone).year
    return console.page(
        "trust/ethics.html",
        current="ethics",
        clauses=shown,
        parts=[
            (said, [one for one in shown if one[0] in states], states == _OPEN)
            for said, states in ((OPEN, _OPEN), (KEPT, {"passed"}), (IDLE, {"idle"}))
        ],
        states=STATES,
        tones=TONES,
        roles=ROLE_WORDS,
        is_zh=console.view.language == "zh",
        kept=sum(state == "passed" for state, _ in shown),
        hows=CHECK_WORDS,
        years=range(year, year - NEAREST, -1),
        earlier=range(year - NEAREST, year - YEARS, -1),
        done=console.view.query.get("done", ""),
    )


def _shown(clause: ClauseState) -> str:
    """The state of a clause as a reader takes it: a check that found nothing to look at has kept no promise yet."""
    is_idle = clause.state == "passed" and clause.result is not None and clause.result.outcome.seen == 0
    return "idle" if is_idle else clause.state


@post("/console/{shop:str}/ethics/check", include_in_schema=False, sync_to_thread=True, opt=CHECK)
def check_ethics(console: NamedDependency[Console], form: NamedDependency[Any]) -> Redirect:
    """Run every check now."""
    del form  # it has no fields; its token was checked
    console.rooms.ethics.check(console.actor)
    return console.go("/ethics", done="checked")


@get("/console/{shop:str}/ethics/law", include_in_schema=False, sync_to_thread=True, opt=READ)
def law(console: NamedDependency[Console]) -> Response[str]:
    """From each article to what answers it."""
    ask = _asked(console)
    rows, laws = _listed(console, ask), _laws(console)
    return console.page(
        "trust/law.html",
        current="ethics",
        columns=_columns(console),
        page=TableRows(rows[ask.offset : ask.offset + PER_PAGE], len(rows), ask),
        choices=[
            choice(console, "law", console.view._(N_("Law")), laws, ask.filters.get("law", "")),
            choice(console, "read", console.view._(N_("Its text")), READ_OR_NOT, ask.filters.get("read", "")),
        ],
        export=f"{console.base}/ethics/law.csv{ask.address()}",
        laws=laws,
        kinds=KINDS,
        is_zh=console.view.language == "zh",
    )


@get("/console/{shop:str}/ethics/law.csv", include_in_schema=False, sync_to_thread=True, opt=READ)
def law_csv(console: NamedDependency[Console]) -> Response[bytes]:
    """The same table as a file."""
    is_zh, laws = console.view.language == "zh", _laws(console)
    rows = (
        [
            one.id,
            laws[one.law],
            one.number,
            one.zh if is_zh else one.en,
            one.read,
            one.source,
            "; ".join(f"{held.kind} {held.name}" for held in one.held),
            one.not_ours_zh if is_zh else one.not_ours_en,
        ]
        for one in _listed(console, _asked(console))
    )
    return csv_answer("law", HEAD, rows)


@get("/console/{shop:str}/ethics/reviews/{year:int}/page", include_in_schema=False, sync_to_thread=True, opt=READ)
def review(console: NamedDependency[Console], year: FromPath[int]) -> Response[str]:
    """The review of a year, as a page to read, print and keep."""
    made = review_page(console.rooms.yearly_review.of(year), console.rooms.ethics.state(), console.view.language)
    headers = {"Content-Disposition": f'attachment; filename="review-{year}.html"'}
    return Response(made, media_type="text/html", headers=headers)


@get("/console/{shop:str}/ethics/reviews/{year:int}/pdf", include_in_schema=False, sync_to_thread=True, opt=READ)
def review_as_pdf(console: NamedDependency[Console], year: FromPath[int]) -> Response[bytes]:
    """The same as a PDF."""
    made = review_pdf(console.rooms.yearly_review.of(year), console.rooms.ethics.state(), console.view.language)
    headers = {"Content-Disposition": f'attachment; filename="review-{year}.pdf"'}
    return Response(made, media_type="application/pdf", headers=headers)


def _asked(console: Console) -> TableAsk:
    return TableAsk.of(console.view.query, sorts=("law", "number", "asks", "read"), filters=("law", "read"))


def _laws(console: Console) -> dict[str, str]:
    is_zh = console.view.language == "zh"
    return {law.id: law.zh if is_zh else law.en for law in console.rooms.ethics.matrix().laws}


def _listed(console: Console, ask: TableAsk) -> list[Article]:
    law, read, search = ask.filters.get("law"), ask.filters.get("read"), ask.search.casefold()
    found = [
        one
        for one in console.rooms.ethics.matrix().articles
        if law in (None, one.law)
        and read in (None, "yes" if one.read else "no")
        and search in f"{one.id} {one.zh} {one.en}".casefold()
    ]
    keys: Mapping[str, Callable[[Article], Any]] = {
        "law": lambda one: (one.law, _number(one)),
        "number": _number,
        "asks": lambda one: one.zh if console.view.language == "zh" else one.en.casefold(),
        "read": lambda one: one.read,
    }
    return sorted(found, key=keys[ask.sort], reverse=ask.is_descending) if ask.sort else found


def _number(one: Article) -> int:
    return int(one.number) if one.number.isdigit() else 0


def _columns(console: Console) -> tuple[Column, ...]:
    say = console.view._
    return (
        Column("law", say(N_("Law"))),
        Column("number", say(N_("Article of the law")), is_number=True),
        Column("asks", say(N_("Asks for"))),
        Column("held", say(N_("Stands in")), is_sortable=False, is_wide=True),
        Column("read", say(N_("Its text")), is_wide=True),
    )


ETHICS_ROUTES = (ethics, check_ethics, law, law_csv, review, review_as_pdf)
