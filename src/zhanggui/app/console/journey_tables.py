"""Tables of how customers stay: cohorts by months since, moves between stages. None tells fewer than the floor."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from zhanggui.app.web.listed import Field, Listed, figure, word
from zhanggui.app.web.tables import Column
from zhanggui.audience.types.journeys import Cohort, Move
from zhanggui.audience.words.profiles import STAGES
from zhanggui.kernel.words import N_

from .group_words import people_words
from .shell import Console

NOBODY = N_("Not a customer yet")
ORDER = (None, *STAGES)
STRONGEST = 48
"""Of a cell: stronger, and what stands in it could not be read in the dark."""
PATH = "/journeys"


@dataclass(frozen=True, slots=True)
class Cell:
    """One month of a cohort: what stands in it, and how strongly it is coloured, in percent."""

    text: str
    shade: int


def cohort_table(console: Console, cohorts: Sequence[Cohort]) -> Listed[Cohort]:
    """Who came back, by the month of the first purchase; `cohorts` begins with the first that may be told."""
    say = console.view._
    fields: tuple[Field[Cohort], ...] = (
        word("month", say(N_("First bought in")), lambda one: one.month),
        figure("customers", say(N_("Customers")), lambda one: one.people, lambda one: people(console, one.people)),
        *(_since(console, n) for n in range(len(cohorts))),
    )
    return console.table(PATH, "cohort-").listed(
        cohorts,
        fields,
        title=say(N_("Who came back")),
        search=say(N_("Find a month")),
        nothing=say(N_("No month with ten new customers yet.")),
        file=f"{console.base}{PATH}/cohorts.csv",
    )


def _since(console: Console, months: int) -> Field[Cohort]:
    """The column of so many months after the first purchase."""
    label = console.view.formats.number(months)
    return figure(
        f"month_{months}", label, lambda one: _share(one, months), lambda one: cell_of(console, one, months).text
    )


def _share(cohort: Cohort, months: int) -> float | None:
    kept = cohort.kept[months] if months < len(cohort.kept) else None
    return None if kept is None or not cohort.people else round(kept / cohort.people, 4)


def cell_of(console: Console, cohort: Cohort, months: int) -> Cell:
    """The share of a cohort that bought again so many months later; empty where that month is yet to come."""
    if months >= len(cohort.kept):
        return Cell("", 0)
    share = _share(cohort, months)
    text = "<" if share is None else console.view.formats.percent(share, 0)
    return Cell(text, round(STRONGEST * (share or 0)))


def move_table(console: Console, told: Sequence[Move]) -> Listed[Move]:
    """From which stage to which how many went."""
    say = console.view._

    def stage(key: str, label: str, of: Callable[[Move], str | None]) -> Field[Move]:
        def text(one: Move) -> str:
            return named(console, of(one))

        return Field(Column(key, label), text, text, lambda one: ORDER.index(of(one)))

    fields: tuple[Field[Move], ...] = (
        stage("before", say(N_("Stage before")), lambda one: one.before),
        stage("after", say(N_("Stage after")), lambda one: one.after),
        figure("customers", say(N_("Customers")), lambda one: one.people, lambda one: people(console, one.people)),
    )
    return console.table(PATH, "move-").listed(
        told,
        fields,
        title=say(N_("Through the stages of the life cycle")),
        search=say(N_("Find a stage")),
        nothing=say(N_("Nothing that ten customers did yet.")),
        file=f"{console.base}{PATH}/moves.csv",
    )


def people(console: Console, count: int | None) -> str:
    """So many customers, or fewer than the floor."""
    return people_words(console.view, count, console.rooms.audience.journeys.floor)


def named(console: Console, stage: str | None) -> str:
    """A stage in words."""
    return console.view._(NOBODY if stage is None else STAGES[stage])  # type: ignore[index]
