"""What shoppers contest: who waits for an answer, what the record says, and answering."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from zhanggui.app.web.spreadsheet import csv_answer
from zhanggui.app.web.tables import Column, TableAsk, TableRows
from zhanggui.kernel.errors import InvalidInput
from zhanggui.kernel.words import N_
from zhanggui.trust.errors import UnknownEntry
from zhanggui.trust.types.contests import MOST_WORDS, AnswerContest, Contest, ContestState, Decision, Outcome

from .ledger_words import LedgerSentence, Teller
from .shell import Console

DECISIONS: Mapping[Decision, str] = {
    Decision.RECOMMENDATION: N_("Recommendation"),
    Decision.PRICE: N_("Price"),
    Decision.OFFER: N_("Offer"),
    Decision.REFUSAL: N_("Refusal"),
    Decision.OTHER: N_("Other decision"),
}
STATES: Mapping[ContestState, str] = {
    ContestState.OPEN: N_("Waits for an answer"),
    ContestState.OVERDUE: N_("Answer overdue"),
    ContestState.ANSWERED: N_("Answered"),
}
TONES: Mapping[ContestState, str] = {ContestState.OVERDUE: "warn", ContestState.ANSWERED: "ok"}
OUTCOMES: Mapping[Outcome, str] = {
    Outcome.CHANGED: N_("Changed: the decision was put right"),
    Outcome.UPHELD: N_("Upheld: the decision stands, and why"),
    Outcome.EXPLAINED: N_("Explained: nothing was decided wrongly"),
}
MOST_LISTED = 2_000
"""Contests of one list; those that wait longest."""


class EmptyAnswer(InvalidInput):
    """A form came without words or without an outcome."""

    code = "web.empty_answer"


@get("/console/{shop:str}/contests", include_in_schema=False, sync_to_thread=True, opt={"scope": "contests:read"})
def contests(console: NamedDependency[Console]) -> Response[str]:
    """Contests, those first that wait longest."""
    ask, found = _listed(console)
    waiting, late = console.rooms.contests.waiting()
    return console.page(
        "trust/contests.html",
        current="contests",
        columns=_columns(console),
        page=TableRows.of(found, ask),
        export=f"{console.base}/contests.csv{ask.query}",
        chosen=ask.filters.get("state", ContestState.OPEN.value),
        waiting=waiting,
        late=late,
        **_words(),
    )


@get("/console/{shop:str}/contests.csv", include_in_schema=False, sync_to_thread=True, opt={"scope": "contests:read"})
def contests_csv(console: NamedDependency[Console]) -> Response[bytes]:
    """The same table as a file, without what shoppers wrote."""
    iso = console.view.formats.iso
    rows = (
        (
            one.id,
            one.decision.value,
            one.about,
            one.state.value,
            iso(one.at),
            iso(one.due_at),
            one.answer.outcome.value if one.answer else None,
        )
        for one in _listed(console)[1]
    )
    return csv_answer("contests", ("id", "decision", "about", "state", "at", "due_at", "outcome"), rows)


def _listed(console: Console) -> tuple[TableAsk, list[Contest]]:
    """What is asked for, and the contests that fit."""
    say = console.view._
    sorts: Mapping[str, Callable[[Contest], Any]] = {
        "what": lambda one: (say(DECISIONS[one.decision]), one.about),
        "state": lambda one: list(STATES).index(one.state),
        "due": lambda one: one.due_at,
    }
    ask = TableAsk.of(console.view.query, sorts=sorts, filters=("state",))
    asked = ask.filters.get("state", ContestState.OPEN.value)
    chosen = ContestState(asked) if asked in set(ContestState) else None
    held = console.rooms.contests.page(chosen, limit=MOST_LISTED).items
    return ask, ask.arranged(held, sorts, lambda one: (say(DECISIONS[one.decision]), one.about, one.words, one.id))


def _columns(console: Console) -> tuple[Column, ...]:
    say = console.view._
    return (
        Column("what", say(N_("What"))),
        Column("state", say(N_("State"))),
        Column("due", say(N_("Answer by"))),
        Column("words", say(N_("In their words")), is_sortable=False, is_wide=True),
    )


@get(
    "/console/{shop:str}/contests/{contest_id:str}",
    include_in_schema=False,
    sync_to_thread=True,
    opt={"scope": "contests:read"},
)
def contest(console: NamedDependency[Console], contest_id: FromPath[str]) -> Response[str]:
    """One contest: what was shown, what is said to it, the entries of the ledger, and the form of the answer."""
    held = console.rooms.contests.contest(contest_id)
    return console.page(
        "trust/contest.html",
        current="contests",
        one=held,
        entries=_entries(console, held),
        title=_title(console, held),
        sees_people=console.may("shop:people"),
        sees_ledger=console.may("ledger:read"),
        may_answer=held.answer is None and console.may("contests:answer"),
        most=MOST_WORDS,
        **_words(),
    )


@post(
    "/console/{shop:str}/contests/{contest_id:str}/answer",
    include_in_schema=False,
    sync_to_thread=True,
    opt={"scope": "contests:answer", "has_form": True},
)
def answer(console: NamedDependency[Console], form: NamedDependency[Any], contest_id: FromPath[str]) -> Redirect:
    """Answer it; the shopper sees it on their page at once."""
    outcome, words = form.text("outcome"), form.text("words").strip()[:MOST_WORDS]
    if outcome not in set(Outcome) or not words:
        raise EmptyAnswer("An answer has an outcome and some words.", hint="Choose an outcome and say why.")
    given = AnswerContest(outcome=Outcome(outcome), words=words)
    console.rooms.contests.answer(contest_id, given, console.actor)
    return Redirect(f"{console.base}/contests/{contest_id}?done=answered", status_code=303)


def _words() -> dict[str, Any]:
    return {"decisions": DECISIONS, "states": STATES, "tones": TONES, "outcomes": OUTCOMES}


def _title(console: Console, held: Contest) -> str:
    """What it is about, by its title where it is a product."""
    if not held.about:
        return ""
    titles = console.rooms.product_browsing.titles([held.about], console.view.language)
    return titles.get(held.about, held.about)


def _entries(console: Console, held: Contest) -> Sequence[LedgerSentence]:
    """The entries that belong to the decision, in words."""
    teller, found = Teller(console), []
    for seq in held.entries:
        try:
            found.append(teller.tell(console.rooms.ledger.entry(seq).entry))
        except UnknownEntry:  # a copy of the shop begins a ledger of its own
            continue
    return found


CONTEST_ROUTES = (contests, contests_csv, contest, answer)
