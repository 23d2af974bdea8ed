"""Figures in the reader's words, for the page and for the PDF alike."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from zhanggui.kernel.words import N_, catalogue_language, words
from zhanggui.trust.types.ethics import ClauseState, EthicsState
from zhanggui.trust.types.reports import Figure, Review

UNITS = {
    "count": N_("%(value)s"),
    "share": N_("%(value)s %%"),
    "days": N_("%(value)s days"),
    "hours": N_("%(value)s hours"),
}
STATES = {
    "no_check": N_("Nothing looks after it"),
    "failed": N_("Broken"),
    "not_run": N_("Not looked at yet"),
    "passed": N_("It is kept"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One figure as it is read."""

    label: str
    value: str
    query: str


@dataclass(frozen=True, slots=True)
class Part:
    """One chapter as it is read."""

    title: str
    rows: tuple[Row, ...]
    empty: str


@dataclass(frozen=True, slots=True)
class Promise:
    """One clause as it is read."""

    state: str
    is_kept: bool
    text: str
    owner: str
    seen: str


@dataclass(frozen=True, slots=True)
class Wording:
    """The whole review as it is read."""

    language: str
    title: str
    lead: str
    promises_title: str
    promises: tuple[Promise, ...]
    parts: tuple[Part, ...]
    query_label: str


def worded(review: Review, ethics: EthicsState, language: str) -> Wording:
    """The review in the reader's language, clauses that nobody looks after first."""
    language = catalogue_language(language)
    say = words(language).gettext
    made = f"{review.made_at:%Y-%m-%d %H:%M} UTC"
    lead = say(
        N_("From %(begins)s until %(ends)s, as known at %(made)s. Each figure stands beside the query that made it.")
    )
    return Wording(
        language=language,
        title=say(N_("Ethics and compliance of %(shop)s in %(year)s")) % {"shop": review.shop, "year": review.year},
        lead=lead % {"begins": f"{review.begins:%Y-%m-%d}", "ends": f"{review.ends:%Y-%m-%d}", "made": made},
        promises_title=say(N_("What is promised")),
        promises=tuple(_promise(clause, language, say) for clause in ethics.clauses),
        parts=tuple(
            Part(
                say(one.title), tuple(_row(figure, say) for figure in one.figures), say(one.why_empty or N_("Nothing."))
            )
            for one in review.sections
        ),
        query_label=say(N_("Query")),
    )


def _row(figure: Figure, say: Callable[[str], str]) -> Row:
    label = say(figure.label)
    if "%(name)s" in label:
        label = label % {"name": figure.name}
    elif figure.name:
        label = f"{label}: {figure.name}"
    if figure.is_of_today:
        label = say(N_("%(figure)s (as of today)")) % {"figure": label}
    return Row(label, _value(figure, say), figure.query)


def _value(figure: Figure, say: Callable[[str], str]) -> str:
    if isinstance(figure.value, str):
        return say(figure.value) if figure.value else ""
    number = figure.value * 100 if figure.unit == "share" else figure.value
    shown = f"{number:,.0f}" if float(number).is_integer() else f"{number:,.1f}"
    return say(UNITS.get(figure.unit, UNITS["count"])) % {"value": shown}


def _promise(one: ClauseState, language: str, say: Callable[[str], str]) -> Promise:
    seen = ""
    if one.result is not None:
        outcome = one.result.outcome
        seen = say(N_("%(seen)s looked at, %(wrong)s wrong")) % {"seen": outcome.seen, "wrong": outcome.wrong}
        seen = f"{seen}, {one.result.at:%Y-%m-%d}" + (f": {outcome.example}" if outcome.example else "")
    return Promise(
        state=say(STATES[one.state]),
        is_kept=one.state == "passed",
        text=one.clause.zh if language == "zh" else one.clause.en,
        owner=one.clause.owner,
        seen=seen,
    )
