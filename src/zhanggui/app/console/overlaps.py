"""What any two segments have in common, as a matrix."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from zhanggui.app.web.listed import Field, Listed, figure, word
from zhanggui.kernel.words import N_

from .shell import Console


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """What two segments have in common: how many, None where it may not be told; its text, its colour in percent."""

    people: int | None
    text: str
    shade: int


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A segment: how many are in it, and how many of them in each rule."""

    name: str
    path: str
    people: int | None
    size: str
    cells: tuple[MatrixCell, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """All segments against all rules, as they were counted on a day; learned ones have nobody in common."""

    day: str
    table: Listed[MatrixRow]


def overlap_matrix(console: Console) -> Matrix | None:
    """The last count; None before the first, and without a rule and another segment in it."""
    audience = console.rooms.audience
    counted = audience.segments.counted()
    rules = {one.id: one.name for one in audience.segments.all() if one.id in counted.sizes}
    learned = {one.id: one.name for one in audience.learned.all(console.view.language).segments}
    paths = dict.fromkeys(rules, "/segments") | dict.fromkeys(learned, "/segments/learned")
    named = {id_: name for id_, name in (rules | learned).items() if id_ in counted.sizes}
    if counted.day is None or not rules or len(named) < 2:
        return None
    shared = {(one.first, one.second): one.people for one in counted.overlaps}
    shared |= {(second, first): people for (first, second), people in shared.items()}
    rows = [
        MatrixRow(
            name,
            f"{paths[id_]}/{id_}",
            counted.sizes[id_],
            _people(console, counted.sizes[id_]),
            tuple(_cell(console, shared.get((id_, rule)), counted.sizes, (id_, rule)) for rule in rules),
        )
        for id_, name in named.items()
    ]
    return Matrix(console.view.formats.day(date.fromisoformat(counted.day)), _table(console, rows, rules))


def _table(console: Console, rows: Sequence[MatrixRow], rules: Mapping[str, str]) -> Listed[MatrixRow]:
    """A column a rule, which the file calls by its id: two may have one name."""
    say = console.view._
    fields: tuple[Field[MatrixRow], ...] = (
        word("segment", say(N_("Segment")), lambda one: one.name),
        figure("customers", say(N_("Customers")), lambda one: one.people, lambda one: one.size),
        *(_shared(place, id_, name) for place, (id_, name) in enumerate(rules.items())),
    )
    return console.table("/segments", "shared-").listed(
        rows,
        fields,
        title=say(N_("In two at once")),
        search=say(N_("Find a segment")),
        nothing=say(N_("No two segments are counted yet.")),
        file=f"{console.base}/segments/shared.csv",
    )


def _shared(place: int, id_: str, name: str) -> Field[MatrixRow]:
    return figure(id_, name, lambda one: one.cells[place].people, lambda one: one.cells[place].text)


def _cell(console: Console, people: int | None, sizes: Mapping[str, int | None], pair: tuple[str, str]) -> MatrixCell:
    """Shaded by the share of the smaller of the two that is in the other; nothing is said of one against itself."""
    if pair[0] == pair[1]:
        return MatrixCell(None, "–", 0)
    smaller = min((size for id_ in pair if (size := sizes[id_])), default=0)
    shade = round(60 * people / smaller) if people and smaller else 0
    return MatrixCell(people, _people(console, people), shade)


def _people(console: Console, people: int | None) -> str:
    return f"< {console.rooms.audience.segments.floor}" if people is None else console.view.formats.number(people)
