"""How customers stay after their first purchase, and how they moved between stages in the last whole month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from litestar import Response, get
from litestar.di import NamedDependency

from zhanggui.audience.types.journeys import Cohort, Flow, Move
from zhanggui.kernel.words import N_

from .journey_tables import ORDER, cell_of, cohort_table, move_table, named, people
from .shell import Console

SCOPE = {"scope": "audience:measure"}
FINDING = N_("From %(since)s to %(until)s most went from %(before)s to %(after)s: %(people)s customers.")
GAP = 2.0
"""Between the blocks of a side, of a height of 100."""


@dataclass(frozen=True, slots=True)
class Band:
    """The people who moved alike: a path in a box of 100 by 100, and what it says."""

    path: str
    said: str
    is_kept: bool


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
    total = sum(move.people or 0 for move in told)
    if not total:
        return []
    scale = (100 - GAP * len(ORDER)) / total
    left = _tops({stage: _sum(told, before=stage) for stage in ORDER}, scale)
    right = _tops({stage: _sum(told, after=stage) for stage in ORDER}, scale)
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


def _sum(told: Sequence[Move], **side: str | None) -> int:
    ((name, stage),) = side.items()
    return sum(move.people or 0 for move in told if getattr(move, name) == stage)


def _tops(people: dict[str | None, int], scale: float) -> dict[str | None, float]:
    """Where the block of each stage begins."""
    tops: dict[str | None, float] = {}
    at = 0.0
    for stage, count in people.items():
        tops[stage] = at
        at += count * scale + GAP
    return tops


JOURNEY_ROUTES = (journeys, cohorts_csv, moves_csv)
