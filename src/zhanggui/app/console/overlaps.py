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
    """A segment against all others, itself among them."""

    number: int
    name: str
    path: str
    cells: tuple[MatrixCell, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """All of them, as they were counted on a day."""

    day: str
    rows: tuple[MatrixRow, ...]


def overlap_matrix(console: Console) -> Matrix | None:
    """The last count of rules and learned segments; None before the first of two segments."""
    audience = console.rooms.audience
    counted = audience.segments.counted()
    rules = {one.id: (one.name, f"/segments/{one.id}") for one in audience.segments.all()}
    learned = {
        one.id: (one.name, f"/segments/learned/{one.id}")
        for one in audience.learned.all(console.view.language).segments
    }
    named = {id_: told for id_, told in (rules | learned).items() if id_ in counted.sizes}
    if counted.day is None or len(named) < 2:
        return None
    shared: dict[tuple[str, str], int | None] = {(id_, id_): counted.sizes[id_] for id_ in named}
    for one in counted.overlaps:
        shared[one.first, one.second] = shared[one.second, one.first] = one.people
    rows = [
        MatrixRow(number, name, path, tuple(_cell(console, shared, (id_, other)) for other in named))
        for number, (id_, (name, path)) in enumerate(named.items(), 1)
    ]
    return Matrix(console.view.formats.day(date.fromisoformat(counted.day)), tuple(rows))


def _cell(console: Console, shared: Mapping[tuple[str, str], int | None], pair: tuple[str, str]) -> MatrixCell:
    """Shaded by the share of the smaller of the two that is in the other; two learned ones have nobody in common."""
    if pair not in shared:
        return MatrixCell("–", 0)
    people, sizes = shared[pair], [shared[id_, id_] for id_ in pair]
    if people is None:
        return MatrixCell(f"< {console.rooms.audience.segments.floor}", 0)
    smaller = min((size for size in sizes if size), default=people)
    is_itself = pair[0] == pair[1]
    return MatrixCell(console.view.formats.number(people), 0 if is_itself else round(60 * people / max(smaller, 1)))
