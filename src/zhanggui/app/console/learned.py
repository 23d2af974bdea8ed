"""Learned segments: their portraits side by side, one at a time with who is in it, and how the learning went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from zhanggui.audience.jobs.learned import request_learning
from zhanggui.audience.types.learned import Figure, LearnedSegment, LearnedSegments
from zhanggui.audience.words.learned import FIGURES, reason_text
from zhanggui.kernel.words import N_

from .datasheets import basis_rows, check_table
from .kept_segments import counted_words
from .learned_tables import PATH, mean_words, part_table, segment_table, trait_table, tried_table
from .member_pages import SHOWN_PEOPLE, begins_after
from .segments import size_chart
from .shell import Console
from .size_table import size_table

DONE: Mapping[str, str] = {"asked": N_("A learning was asked for; what is sound and no worse serves by itself.")}
SCOPE = {"scope": "audience:measure"}
POSTED = {"scope": "audience:train", "has_form": True}


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A mean: what it is, its value and interval, and everybody's."""

    name: str
    value: str
    low: str
    high: str
    of_all: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A learned segment as a card."""

    id: str
    name: str
    people: str
    share: str
    figures: tuple[FigureRow, ...]
    examples: tuple[tuple[str, str, str], ...]


@get("/console/{shop:str}/segments/learned", include_in_schema=False, sync_to_thread=True, opt=SCOPE)
def learned_segments(console: NamedDependency[Console]) -> Response[str]:
    """All learned segments, and how the learning went."""
    view, found = console.view, _all(console)
    last, sheet = found.last, None if found.last is None else found.last.datasheet
    return console.page(
        "audience/learned.html",
        current="segments",
        table=segment_table(console, found.segments),
        serving=found.serving,
        tried=tried_table(console, found.serving),
        refused=reason_text(last.reason, view.language) if last is not None else "",
        last=last,
        sheet=sheet,
        checks=check_table(console, PATH, sheet),
        bases=[] if sheet is None else basis_rows(console, sheet),
        may_learn=console.may("audience:train"),
        done=DONE.get(view.query.get("done", ""), ""),
    )


@get("/console/{shop:str}/segments/learned/{segment_id:str}", include_in_schema=False, sync_to_thread=True, opt=SCOPE)
def learned_segment(console: NamedDependency[Console], segment_id: FromPath[str]) -> Response[str]:
    """One of them with its whole portrait and over time; with `?now` its count and, for who may, who is in it."""
    desk = console.rooms.audience.learned
    is_counted, may_see = "now" in console.view.query, console.may("audience:read")
    after = begins_after(console)
    found = desk.get(segment_id, console.view.language, is_counted=is_counted)
    sizes = desk.sizes(segment_id)
    page = console.page(
        "audience/learned_segment.html",
        current="segments",
        segment=found,
        shown=_shown(console, found),
        traits_of=trait_table(console, found),
        counted=counted_words(console, found.count) if found.count else "",
        stages=part_table(console, found, "stages"),
        hours=part_table(console, found, "hours"),
        chart=size_chart(console, sizes),
        days=size_table(console, f"{PATH}/{segment_id}", sizes),
        people=desk.people(segment_id, after=after, limit=SHOWN_PEOPLE) if may_see and is_counted else None,
        is_begun=after > 0,
        may_see=may_see,
    )
    page.headers["cache-control"] = "no-store"
    return page


@get("/console/{shop:str}/segments/learned.csv", include_in_schema=False, sync_to_thread=True, opt=SCOPE)
def learned_csv(console: NamedDependency[Console]) -> Response[bytes]:
    """All learned segments as a file: means and shares, none of fewer people than the floor."""
    return segment_table(console, _all(console).segments).file("learned-segments")


@get("/console/{shop:str}/segments/learned/tried.csv", include_in_schema=False, sync_to_thread=True, opt=SCOPE)
def tried_csv(console: NamedDependency[Console]) -> Response[bytes]:
    """The numbers of groups that were tried, as a file."""
    return tried_table(console, _all(console).serving).file("learned-tried")


@get("/console/{shop:str}/segments/learned/checks.csv", include_in_schema=False, sync_to_thread=True, opt=SCOPE)
def learned_checks_csv(console: NamedDependency[Console]) -> Response[bytes]:
    """The checks of the last learning's training set, as a file."""
    last = _all(console).last
    return check_table(console, PATH, None if last is None else last.datasheet).file("learned-checks")


@get(
    "/console/{shop:str}/segments/learned/{segment_id:str}/traits.csv",
    include_in_schema=False,
    sync_to_thread=True,
    opt=SCOPE,
)
def traits_csv(console: NamedDependency[Console], segment_id: FromPath[str]) -> Response[bytes]:
    """What tells a segment apart, as a file."""
    return trait_table(console, _one(console, segment_id)).file("traits")


@get(
    "/console/{shop:str}/segments/learned/{segment_id:str}/stages.csv",
    include_in_schema=False,
    sync_to_thread=True,
    opt=SCOPE,
)
def stages_csv(console: NamedDependency[Console], segment_id: FromPath[str]) -> Response[bytes]:
    """The stages of those in a segment, as a file; empty where they are fewer than the floor."""
    return part_table(console, _one(console, segment_id), "stages").file("stages")


@get(
    "/console/{shop:str}/segments/learned/{segment_id:str}/hours.csv",
    include_in_schema=False,
    sync_to_thread=True,
    opt=SCOPE,
)
def hours_csv(console: NamedDependency[Console], segment_id: FromPath[str]) -> Response[bytes]:
    """The hours of those in a segment, as a file."""
    return part_table(console, _one(console, segment_id), "hours").file("hours")


@get(
    "/console/{shop:str}/segments/learned/{segment_id:str}/days.csv",
    include_in_schema=False,
    sync_to_thread=True,
    opt=SCOPE,
)
def learned_days_csv(console: NamedDependency[Console], segment_id: FromPath[str]) -> Response[bytes]:
    """How large a segment was day by day, as a file."""
    sizes = console.rooms.audience.learned.sizes(_one(console, segment_id).id)
    return size_table(console, f"{PATH}/{segment_id}", sizes).file("days")


def _all(console: Console) -> LearnedSegments:
    return console.rooms.audience.learned.all(console.view.language)


def _one(console: Console, segment_id: str) -> LearnedSegment:
    return console.rooms.audience.learned.get(segment_id, console.view.language, is_counted=False)


@post("/console/{shop:str}/segments/learned/learn", include_in_schema=False, sync_to_thread=True, opt=POSTED)
def learn_segments(console: NamedDependency[Console], form: NamedDependency[Any]) -> Redirect:
    """Ask for a learning; it runs in the background."""
    del form  # its token has been verified
    request_learning(console.rooms.db)
    return console.go("/segments/learned", done="asked")


def _shown(console: Console, one: LearnedSegment) -> Shown:
    f, portrait = console.view.formats, one.portrait
    return Shown(
        id=one.id,
        name=one.name,
        people=f.number(portrait.people),
        share=f.percent(portrait.share, 0),
        figures=tuple(_figure(console, figure) for figure in portrait.figures),
        examples=tuple((each.product_id, each.title, f.number(each.people)) for each in portrait.examples),
    )


def _figure(console: Console, one: Figure) -> FigureRow:
    values = (mean_words(console, one.name, value) for value in (one.mean, one.low, one.high, one.of_all))
    return FigureRow(console.view._(FIGURES[one.name]), *values)


LEARNED_ROUTES = (
    learned_segments,
    learned_csv,
    tried_csv,
    learned_checks_csv,
    learned_segment,
    traits_csv,
    stages_csv,
    hours_csv,
    learned_days_csv,
    learn_segments,
)
