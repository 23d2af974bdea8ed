"""How customers stay after their first purchase, and how they moved between stages in the last whole month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from litestar import Response, get
from litestar.di import NamedDependency

from zhanggui.audience.types.journeys import Cohort, Flow, Move
from zhanggui.kernel.words import N_

from .journey_tables import ORDER, cell_of, cohort_table, move_table, named, people
from .shell import Console

SCOPE = {"scope": "audience:measure"}
FINDING = N_("From %(since)s to %(until)s most went from %(before)s to %(after)s: %(people)s customers.")
Side = Literal["before", "after"]
GAP = 2.0
"""Between the blocks of a side, of a height of 100."""
APART = 8.0
"""Between the middles of two names: as high as a line of small letters."""


@dataclass(frozen=True, slots=True)
class Band:
    """The people who moved alike: a path in a box of 100 by 100, and what it says."""

    path: str
    said: str
    is_kept: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """The name of a stage beside its block, `y` percent from above; `is_after` on the right side."""

    text: str
    y: float
    is_after: bool


@get("/console/{shop:str}/journeys", include_in_schema=False, sync_to_thread=True, opt=SCOPE)
def journeys(console: NamedDependency[Console]) -> Response[str]:
    """Cohorts, and the flow between stages."""
    cohorts, flow, at_ms = _lately(console)
    told = _told(flow)
    return console.page(
        "audience/journeys.html",
        current="journeys",
        counted_at=console.view.formats.time_ms(at_ms),
        cohorts=cohort_table(console, cohorts),
        cell_of=partial(cell_of, console),
        months=range(len(cohorts)),
        bands=_bands(console, told),
        marks=[*_marks(console, told, "before"), *_marks(console, told, "after")],
        finding=_finding(console, flow, told),
        moves=move_table(console, told),
        untold=len(flow.moves) - len(told),
    )


@get("/console/{shop:str}/journeys/cohorts.csv", include_in_schema=False, sync_to_thread=True, opt=SCOPE)
def cohorts_csv(console: NamedDependency[Console]) -> Response[bytes]:
    """The cohorts as a file: shares, empty where fewer than the floor came back."""
    return cohort_table(console, _lately(console)[0]).file("cohorts")


@get("/console/{shop:str}/journeys/moves.csv", include_in_schema=False, sync_to_thread=True, opt=SCOPE)
def moves_csv(console: NamedDependency[Console]) -> Response[bytes]:
    """The moves between stages as a file, none of fewer people than the floor."""
    return move_table(console, _told(_lately(console)[1])).file("moves")


def _lately(console: Console) -> tuple[Sequence[Cohort], Flow, int]:
    """The cohorts from the first that may be told on, the flow, and when both were counted."""
    (cohorts, flow), at_ms = console.rooms.audience.journeys.lately()
    begun = next((place for place, one in enumerate(cohorts) if one.people is not None), len(cohorts))
    return cohorts[begun:], flow, at_ms


def _told(flow: Flow) -> list[Move]:
    return [move for move in flow.moves if move.people is not None]


def _finding(console: Console, flow: Flow, told: Sequence[Move]) -> str:
    """What the flow says in a line: the widest band."""
    if not told:
        return ""
    widest = max(told, key=lambda move: move.people or 0)
    said = console.view._(FINDING)
    return said % {
        "since": flow.since,
        "until": flow.until,
        "before": named(console, widest.before),
        "after": named(console, widest.after),
        "people": people(console, widest.people),
    }


def _bands(console: Console, told: Sequence[Move]) -> list[Band]:
    """Bands from left to right, as wide as they hold people; stages from above in their order."""
    if not told:
        return []
    scale = _scale(told)
    left, right = _tops(_sums(told, "before"), scale), _tops(_sums(told, "after"), scale)
    bands = []
    for move in sorted(told, key=lambda one: (ORDER.index(one.before), ORDER.index(one.after))):
        count = move.people or 0
        height, a, b = count * scale, left[move.before], right[move.after]
        left[move.before], right[move.after] = a + height, b + height
        path = (
            f"M0 {a:.2f}C50 {a:.2f} 50 {b:.2f} 100 {b:.2f}V{b + height:.2f}"
            f"C50 {b + height:.2f} 50 {a + height:.2f} 0 {a + height:.2f}z"
        )
        said = f"{named(console, move.before)} → {named(console, move.after)}: {people(console, count)}"
        bands.append(Band(path, said, move.before == move.after))
    return bands


def _marks(console: Console, told: Sequence[Move], side: Side) -> list[Mark]:
    """The names of the stages of a side that hold somebody, each beside its block and none over another."""
    if not told:
        return []
    scale, sums = _scale(told), _sums(told, side)
    tops = _tops(sums, scale)
    middles = {stage: tops[stage] + count * scale / 2 for stage, count in sums.items() if count}
    places = spread(list(middles.values()), APART)
    named_at = zip(middles, places, strict=True)
    return [Mark(named(console, stage), round(place, 1), side == "after") for stage, place in named_at]


def spread(middles: Sequence[float], apart: float) -> list[float]:
    """Rising places moved as little downwards as keeps them apart, and up again from the end of 100."""
    places: list[float] = []
    for middle in middles:
        places.append(max([middle, *(place + apart for place in places[-1:])]))
    last = 100 - apart / 2
    for at in reversed(range(len(places))):
        places[at] = min(places[at], last)
        last = places[at] - apart
    return places


def _scale(told: Sequence[Move]) -> float:
    """How high one person is."""
    return (100 - GAP * len(ORDER)) / sum(move.people or 0 for move in told)


def _sums(told: Sequence[Move], side: Side) -> dict[str | None, int]:
    """How many stand in each stage, of one side."""
    sums: dict[str | None, int] = dict.fromkeys(ORDER, 0)
    for move in told:
        sums[move.before if side == "before" else move.after] += move.people or 0
    return sums


def _tops(people: dict[str | None, int], scale: float) -> dict[str | None, float]:
    """Where the block of each stage begins."""
    tops: dict[str | None, float] = {}
    at = 0.0
    for stage, count in people.items():
        tops[stage] = at
        at += count * scale + GAP
    return tops


JOURNEY_ROUTES = (journeys, cohorts_csv, moves_csv)
