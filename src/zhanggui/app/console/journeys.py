"""How customers stay after their first purchase, and how they moved between stages in the last whole month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from litestar import Response, get
from litestar.di import NamedDependency

from zhanggui.audience.types.journeys import Cohort, Flow, Move
from zhanggui.audience.words.profiles import STAGES
from zhanggui.kernel.words import N_

from .group_words import people_words
from .shell import Console

SCOPE = {"scope": "audience:measure"}
NOBODY = N_("Not a customer yet")
FINDING = N_("From %(since)s to %(until)s most went from %(before)s to %(after)s: %(people)s customers.")
ORDER = (None, *STAGES)
STRONGEST = 48
"""Of a cell: stronger, and what stands in it could not be read in the dark."""
GAP = 2.0
"""Between the blocks of a side, of a height of 100."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One month of a cohort: what stands in it, and how strongly it is coloured, in percent."""

    text: str
    shade: int


@dataclass(frozen=True, slots=True)
class Band:
    """The people who moved alike: a path in a box of 100 by 100, and what it says."""

    path: str
    said: str
    is_kept: bool


@get("/console/{shop:str}/journeys", include_in_schema=False, sync_to_thread=True, opt=SCOPE)
def journeys(console: NamedDependency[Console]) -> Response[str]:
    """Cohorts, and the flow between stages."""
    (cohorts, flow), at_ms = console.rooms.audience.journeys.lately()
    begun = next((place for place, one in enumerate(cohorts) if one.people is not None), len(cohorts))
    cohorts = cohorts[begun:]
    told = [move for move in flow.moves if move.people is not None]
    return console.page(
        "audience/journeys.html",
        current="journeys",
        counted_at=console.view.formats.time_ms(at_ms),
        cohorts=[(one.month, _people(console, one.people), _cells(console, one)) for one in cohorts],
        has_cohorts=bool(cohorts),
        months=range(len(cohorts)),
        bands=_bands(console, told),
        finding=_finding(console, flow, told),
        moves=[(_named(console, move.before), _named(console, move.after), _people(console, move.people))
               for move in told],
        untold=len(flow.moves) - len(told),
    )  # fmt: skip


def _people(console: Console, people: int | None) -> str:
    return people_words(console.view, people, console.rooms.audience.journeys.floor)


def _cells(console: Console, cohort: Cohort) -> list[Cell]:
    """The share of a cohort that bought again, by months since."""
    cells = []
    for kept in cohort.kept:
        share = None if kept is None or not cohort.people else kept / cohort.people
        text = "<" if share is None else console.view.formats.percent(share, 0)
        cells.append(Cell(text, round(STRONGEST * (share or 0))))
    return cells


def _named(console: Console, stage: str | None) -> str:
    return console.view._(NOBODY if stage is None else STAGES[stage])  # type: ignore[index]


def _finding(console: Console, flow: Flow, told: Sequence[Move]) -> str:
    """What the flow says in a line: the widest band."""
    if not told:
        return ""
    widest = max(told, key=lambda move: move.people or 0)
    said = console.view._(FINDING)
    return said % {
        "since": flow.since,
        "until": flow.until,
        "before": _named(console, widest.before),
        "after": _named(console, widest.after),
        "people": _people(console, widest.people),
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
        people = move.people or 0
        height, a, b = people * scale, left[move.before], right[move.after]
        left[move.before], right[move.after] = a + height, b + height
        path = (
            f"M0 {a:.2f}C50 {a:.2f} 50 {b:.2f} 100 {b:.2f}V{b + height:.2f}"
            f"C50 {b + height:.2f} 50 {a + height:.2f} 0 {a + height:.2f}z"
        )
        said = f"{_named(console, move.before)} → {_named(console, move.after)}: {_people(console, people)}"
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


JOURNEY_ROUTES = (journeys,)
