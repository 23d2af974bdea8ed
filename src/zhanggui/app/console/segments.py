"""Segments: rules with their counts, how large each is day by day, and how much any two have in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from zhanggui.app.web.charts import line, ticks
from zhanggui.app.web.spreadsheet import csv_answer
from zhanggui.app.web.tables import TableRows
from zhanggui.audience import BadSegmentRule, NewSegment
from zhanggui.audience.jobs.segments import request_counting
from zhanggui.audience.types.segments import DaySize
from zhanggui.audience.words.segments import FIELD_WORDS, TIERS, UNITS, rule_problem
from zhanggui.kernel.errors import NotFound
from zhanggui.kernel.words import N_

from .kept_segments import SegmentTable, counted_words
from .member_pages import SHOWN_PEOPLE, begins_after
from .overlaps import overlap_matrix
from .rule_form import composed, rule_form, rule_words
from .shell import Console
from .size_table import size_table

DONE: Mapping[str, str] = {
    "kept": N_("Kept. Who is in it is worked out whenever it is asked."),
    "dropped": N_("Deleted. Nobody in it was touched."),
}
NOTHING_ASKED = N_("Fill in one field at least: a rule without any would mean everybody.")
SCOPE = {"scope": "audience:measure"}
POSTED = {"scope": "audience:train", "has_form": True}
LONGEST_NAME, LONGEST_RULE = 100, 1_000


@dataclass(frozen=True, slots=True)
class SizeChart:
    """A segment over time: what it says, its line, its labels."""

    finding: str
    path: str
    y_labels: tuple[str, ...]
    x_labels: tuple[str, ...]


@get("/console/{shop:str}/segments", include_in_schema=False, sync_to_thread=True, opt=SCOPE)
def segments(console: NamedDependency[Console]) -> Response[str]:
    """All segments, and a rule that is tried."""
    query, say = console.view.query, console.view._
    is_built = "build" in query
    rule = (composed(console) if is_built else query.get("rule", "").strip())[:LONGEST_RULE]
    counted, problem = _tried(console, rule) if rule else (None, say(NOTHING_ASKED) if is_built else None)
    words, table = rule_words(console), SegmentTable.of(console)
    return console.page(
        "audience/segments.html",
        current="segments",
        rule=rule,
        words=words.say(rule) if counted else "",
        name=query.get("name", "").strip()[:LONGEST_NAME],
        counted=counted,
        problem=problem,
        form=rule_form(console, rule),
        columns=table.columns,
        page=TableRows.of(table.rows, table.ask),
        export=f"{console.base}/segments.csv{table.ask.query}",
        matrix=overlap_matrix(console),
        fields=FIELD_WORDS,
        units={field: say(unit) for field, unit in UNITS.items()},
        tiers=[(say(name), rule, words.say(rule)) for name, rule in TIERS.values()],
        may_keep=console.may("audience:train"),
        done=DONE.get(query.get("done", ""), ""),
    )


@get("/console/{shop:str}/segments.csv", include_in_schema=False, sync_to_thread=True, opt=SCOPE)
def segments_csv(console: NamedDependency[Console]) -> Response[bytes]:
    """The kept segments as a file; what is below the floor is not counted out there either."""
    iso = console.view.formats.iso
    rows = (
        (one.segment.id, one.segment.name, one.size, one.segment.rule, one.words, iso(one.segment.created_at))
        for one in SegmentTable.of(console).rows
    )
    return csv_answer("segments", ("id", "name", "customers", "rule", "in_words", "created_at"), rows)


@get("/console/{shop:str}/segments/{segment_id:str}", include_in_schema=False, sync_to_thread=True, opt=SCOPE)
def segment(console: NamedDependency[Console], segment_id: FromPath[str]) -> Response[str]:
    """One segment over time; with `?now` its count of this moment and, for who may see persons, who is in it."""
    desk = console.rooms.audience.segments
    is_counted, may_see = "now" in console.view.query, console.may("audience:read")
    after = begins_after(console)
    found, sizes = desk.get(segment_id, is_counted=is_counted), desk.sizes(segment_id)
    page = console.page(
        "audience/segment.html",
        current="segments",
        segment=found,
        words=rule_words(console).say(found.rule),
        counted=counted_words(console, found.count) if found.count else "",
        chart=size_chart(console, sizes),
        days=size_table(console, f"/segments/{segment_id}", sizes),
        people=desk.people(segment_id, after=after, limit=SHOWN_PEOPLE) if may_see and is_counted else None,
        is_begun=after > 0,
        may_see=may_see,
        may_keep=console.may("audience:train"),
    )
    page.headers["cache-control"] = "no-store"
    return page


@get("/console/{shop:str}/segments/shared.csv", include_in_schema=False, sync_to_thread=True, opt=SCOPE)
def shared_csv(console: NamedDependency[Console]) -> Response[bytes]:
    """What any two segments have in common, as a file; empty below the floor."""
    matrix = overlap_matrix(console)
    if matrix is None:
        raise NotFound("No two segments are counted yet.", hint="They are counted once a day.")
    return matrix.table.file("segments-shared")


@get("/console/{shop:str}/segments/{segment_id:str}/days.csv", include_in_schema=False, sync_to_thread=True, opt=SCOPE)
def segment_days_csv(console: NamedDependency[Console], segment_id: FromPath[str]) -> Response[bytes]:
    """How large it was day by day, as a file; days below the floor are left out."""
    desk = console.rooms.audience.segments
    return size_table(console, f"/segments/{segment_id}", desk.sizes(desk.get(segment_id).id)).file("days")


@post("/console/{shop:str}/segments", include_in_schema=False, sync_to_thread=True, opt=POSTED)
def keep_segment(console: NamedDependency[Console], form: NamedDependency[Any]) -> Redirect:
    """Keep a rule as a segment; one that cannot be understood is shown again with its hint."""
    name, rule = form.required("name")[:LONGEST_NAME], form.required("rule")[:LONGEST_RULE]
    try:
        console.rooms.audience.segments.add(NewSegment(name=name, rule=rule), console.actor)
        request_counting(console.rooms.db)
    except BadSegmentRule:
        return console.go("/segments", name=name, rule=rule)
    return console.go("/segments", done="kept")


@post("/console/{shop:str}/segments/{segment_id:str}/drop", include_in_schema=False, sync_to_thread=True, opt=POSTED)
def drop_segment(console: NamedDependency[Console], form: NamedDependency[Any], segment_id: FromPath[str]) -> Redirect:
    """Delete a segment."""
    del form  # its token has been verified
    console.rooms.audience.segments.drop(segment_id, console.actor)
    return console.go("/segments", done="dropped")


def _tried(console: Console, rule: str) -> tuple[str | None, str | None]:
    try:
        return counted_words(console, console.rooms.audience.segments.count(rule)), None
    except BadSegmentRule as error:
        return None, rule_problem(error, console.view.language)


def size_chart(console: Console, sizes: list[DaySize]) -> SizeChart | None:
    """The line of the days that may be told; None for fewer than two."""
    told = [(date.fromisoformat(one.day), one.people) for one in sizes if one.people is not None]
    if len(told) < 2:
        return None
    f, first = console.view.formats, told[0][0]
    span, scale = max((told[-1][0] - first).days, 1), ticks(max(people for _, people in told))
    finding = console.view._(N_("%(first)s customers on %(since)s, %(last)s on %(until)s."))
    return SizeChart(
        finding=finding
        % {
            "first": f.number(told[0][1]),
            "since": f.day(first),
            "last": f.number(told[-1][1]),
            "until": f.day(told[-1][0]),
        },
        path=line([100 * (day - first).days / span for day, _ in told], [people for _, people in told], scale[-1]),
        y_labels=tuple(f.number(tick) for tick in reversed(scale)),
        x_labels=(f.day(first), f.day(told[-1][0])),
    )


SEGMENT_ROUTES = (segments, segments_csv, shared_csv, segment, segment_days_csv, keep_segment, drop_segment)
