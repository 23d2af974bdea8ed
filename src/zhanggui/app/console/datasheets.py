"""The datasheet of a model's training set, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from zhanggui.app.web.listed import Field, Listed, figure, unseen, word
from zhanggui.kernel.datasheets import DataCheck, Datasheet
from zhanggui.kernel.words import N_

from .shell import Console

CHECKS: Mapping[str, tuple[str, str]] = {
    "consent": (N_("Consent"), N_("people who said no to training since")),
    "duplicates": (N_("Said twice"), N_("events that repeat the one before")),
    "one_source": (N_("One voice"), N_("events by which one person makes most of what is said of a product")),
    "bursts": (N_("Bursts"), N_("events of an hour in which very few people said very much of one product")),
    "outliers": (N_("Far too much"), N_("events of a day on which one person did far more than anybody does")),
    "bombing": (N_("Against a product"), N_("events by which newcomers speak against one product on one day")),
    "future": (N_("From the future"), N_("events of a moment that is yet to come")),
    "words": (N_("Forbidden goods"), N_("products whose words name what may not be sold")),
    "texts": (
        N_("Licence of texts"),
        N_("products whose words are left out, for their licence forbids learning from them"),
    ),
    "licence": (N_("Licence"), N_("people whose published data came with no source or licence named")),
}
STATES: Mapping[str, tuple[str, str]] = {
    "pass": (N_("Passed"), "ok"),
    "warn": (N_("Noted"), "warn"),
    "block": (N_("Stopped it"), "bad"),
}
BASES: Mapping[str, str] = {
    "contract": N_("For an order (contract)"),
    "consent": N_("By consent"),
    "public-data": N_("Published data"),
    "visitor": N_("What visitors did here"),
    "none": N_("No basis is known"),
}


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One check: its name and meaning, its state with a tone, what it found, where; and the same as figures."""

    name: str
    meaning: str
    state: str
    tone: str
    found: str
    where: str
    count: int
    of: int


def check_table(console: Console, path: str, sheet: Datasheet | None) -> Listed[CheckRow]:
    """All checks of a training set; `path` is that of the page, and of its file without the ending."""
    say = console.view._
    fields: tuple[Field[CheckRow], ...] = (
        word("check", say(N_("Check")), lambda one: one.name),
        word("result", say(N_("Result")), lambda one: one.state),
        figure("found", say(N_("Found")), lambda one: one.count, lambda one: one.found),
        unseen("of", lambda one: one.of),
        unseen("where", lambda one: one.where),
    )
    return console.table(path, "check-").listed(
        [] if sheet is None else [_row(console, one) for one in sheet.checks],
        fields,
        title=say(N_("Datasheet of its training set")),
        search=say(N_("Name or result of a check")),
        nothing=say(N_("Nothing was checked.")),
        file=f"{console.base}{path}/checks.csv",
        words=lambda one: (one.name, one.meaning, one.state, one.where),
    )


def basis_rows(console: Console, sheet: Datasheet) -> list[tuple[str, str]]:
    """(basis, events) of each basis that any event rests on."""
    f, say = console.view.formats, console.view._
    return [(say(BASES.get(name, name)), f.number(rows)) for name, rows in sheet.by_basis.items()]


def why_stopped(console: Console, reason: str) -> str:
    """Why a training was stopped by its gate."""
    name, meaning = CHECKS[reason]
    say = console.view._
    told = say(N_("Nothing was learned: the training set did not pass a check. %(name)s: %(meaning)s."))
    return told % {"name": say(name), "meaning": say(meaning)}


def _row(console: Console, one: DataCheck) -> CheckRow:
    say, f = console.view._, console.view.formats
    name, meaning = CHECKS[one.name]
    state, tone = STATES[one.state]
    found = say(N_("%(found)s of %(of)s")) % {"found": f.number(one.found), "of": f.number(one.of)}
    where = ", ".join(filter(None, one.where))
    return CheckRow(say(name), say(meaning), say(state), tone, found, where, one.found, one.of)
