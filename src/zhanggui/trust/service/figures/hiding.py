"""Hides people in figures that are counted: by noise where its library is there, else by the floor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from zhanggui.trust.engines.figures import noise
from zhanggui.trust.engines.figures.floor import floored
from zhanggui.trust.types.figures import FigureRow, Longs, Method

from .cells import CellName


class Counted(NamedTuple):
    """A table before its people are hidden: (n,) figures, the most that one person changes in them, (n,) people."""

    names: tuple[CellName, ...]
    exact: Longs
    sensitivity: int
    people: Longs
    most_per_person: int


class Hidden(NamedTuple):
    """Figures as they may be told, and what hid the people in them; `floor` is 0 with noise, the rest 0 without."""

    values: list[int | None]
    method: Method
    epsilon: float
    scale: float
    margin: float
    floor: int


def hidden(told: Counted, epsilon: float, floor: int, *, is_noisy: bool) -> Hidden:
    """Noise for so much epsilon, nothing below nought; or what so many people stand behind, rounded."""
    if not is_noisy:
        return Hidden(floored(told.exact, told.people, floor), "k_floor", 0.0, 0.0, 0.0, floor)
    values: list[int | None] = [max(value, 0) for value in noise.noisy(told.exact, told.sensitivity, epsilon)]
    scale = noise.scale_of(told.sensitivity, epsilon)
    return Hidden(values, "differential_privacy", epsilon, scale, noise.margin_of(scale), 0)


def rows_of(names: Sequence[CellName], values: Sequence[int | None]) -> tuple[FigureRow, ...]:
    """A row for each cell."""
    return tuple(
        FigureRow(label.text, value, group.text, of=label.of, group_of=group.of)
        for (group, label), value in zip(names, values, strict=True)
    )
