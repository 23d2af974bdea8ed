"""What any two segments have in common, as a matrix."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from .shell import Console


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """What two segments have in common: its text, and how strongly it is coloured, in percent."""

    text: str
    shade: int


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A segment: how many are in it, and how many of them in each rule."""

    name: str
    path: str
    size: str
    cells: tuple[MatrixCell, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """All segments against all rules, as they were counted on a day; learned ones have nobody in common."""

    day: str
    columns: tuple[str, ...]
    rows: tuple[MatrixRow, ...]


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
            _people(console, counted.sizes[id_]),
            tuple(_cell(console, shared.get((id_, rule)), counted.sizes, (id_, rule)) for rule in rules),
        )
        for id_, name in named.items()
    ]
    return Matrix(console.view.formats.day(date.fromisoformat(counted.day)), tuple(rules.values()), tuple(rows))


def _cell(console: Console, people: int | None, sizes: Mapping[str, int | None], pair: tuple[str, str]) -> MatrixCell:
    """Shaded by the share of the smaller of the two that is in the other; nothing is said of one against itself."""
    if pair[0] == pair[1]:
        return MatrixCell("–", 0)
    smaller = min((size for id_ in pair if (size := sizes[id_])), default=0)
    shade = round(60 * people / smaller) if people and smaller else 0
    return MatrixCell(_people(console, people), shade)


def _people(console: Console, people: int | None) -> str:
    return f"< {console.rooms.audience.segments.floor}" if people is None else console.view.formats.number(people)
