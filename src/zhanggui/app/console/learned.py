"""Learned segments: their portraits side by side, one at a time with who is in it, and how the learning went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from zhanggui.audience.jobs.learned import request_learning
from zhanggui.audience.types.learned import Figure, LearnedCard, LearnedSegment, Lifted, Part
from zhanggui.audience.words.learned import FIGURES, reason_text
from zhanggui.kernel.words import N_

from .datasheets import basis_rows, check_rows
from .kept_segments import counted_words
from .segments import SHOWN_PEOPLE, size_chart
from .shell import Console

DONE: Mapping[str, str] = {"asked": N_("A learning was asked for; what is sound and no worse serves by itself.")}
SCOPE = {"scope": "audience:measure"}
POSTED = {"scope": "audience:train", "has_form": True}
SHOWN_TRAITS = 5
_MONEY = frozenset({"spent_minor", "order_minor"})


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A mean: what it is, its value and interval, and everybody's."""

    name: str
    value: str
    low: str
    high: str
    of_all: str


@dataclass(frozen=True, slots=True)
class TraitRow:
    """What tells a segment apart: shares in words, and how many times as common it is; `width` in percent."""

    text: str
    share: str
    of_all: str
    lift: str
    low: str
    high: str
    width: int


@dataclass(frozen=True, slots=True)
class PartRow:
    """A part of the day or the life cycle; `width` in percent."""

    text: str
    share: str
    of_all: str
    width: int


@dataclass(frozen=True, slots=True)
class Shown:
    """A learned segment as a card."""

    id: str
    name: str
    people: str
    share: str
    figures: tuple[FigureRow, ...]
    traits: tuple[TraitRow, ...]
    examples: tuple[tuple[str, str, str], ...]


@get("/console/{shop:str}/segments/learned", include_in_schema=False, sync_to_thread=True, opt=SCOPE)
def learned_segments(console: NamedDependency[Console]) -> Response[str]:
    """All learned segments, and how the learning went."""
    view, found = console.view, console.rooms.audience.learned.all(console.view.language)
    last, sheet = found.last, None if found.last is None else found.last.datasheet
    return console.page(
        "audience/learned.html",
        current="segments",
        shown=[_shown(console, one) for one in found.segments],
        serving=found.serving,
        tried=_tried(console, found.serving),
        refused=reason_text(last.reason, view.language) if last is not None else "",
        last=last,
        sheet=sheet,
        checks=[] if sheet is None else check_rows(console, sheet),
        bases=[] if sheet is None else basis_rows(console, sheet),
        may_learn=console.may("audience:train"),
        done=DONE.get(view.query.get("done", ""), ""),
    )


@get("/console/{shop:str}/segments/learned/{segment_id:str}", include_in_schema=False, sync_to_thread=True, opt=SCOPE)
def learned_segment(console: NamedDependency[Console], segment_id: FromPath[str]) -> Response[str]:
    """One of them with its whole portrait and over time; with `?now` its count and, for who may, who is in it."""
    desk = console.rooms.audience.learned
    is_counted, may_see = "now" in console.view.query, console.may("audience:read")
    found = desk.get(segment_id, console.view.language, is_counted=is_counted)
    page = console.page(
        "audience/learned_segment.html",
        current="segments",
        segment=found,
        shown=_shown(console, found, len(found.portrait.common)),
        counted=counted_words(console, found.count) if found.count else "",
        stages=_parts(console, found.portrait.stages),
        hours=_parts(console, found.portrait.hours),
        chart=size_chart(console, desk.sizes(segment_id)),
        people=desk.people(segment_id, limit=SHOWN_PEOPLE) if may_see and is_counted else None,
        may_see=may_see,
    )
    page.headers["cache-control"] = "no-store"
    return page


@post("/console/{shop:str}/segments/learned/learn", include_in_schema=False, sync_to_thread=True, opt=POSTED)
def learn_segments(console: NamedDependency[Console], form: NamedDependency[Any]) -> Redirect:
    """Ask for a learning; it runs in the background."""
    del form  # its token has been verified
    request_learning(console.rooms.db)
    return console.go("/segments/learned", done="asked")


def _shown(console: Console, one: LearnedSegment, traits: int = SHOWN_TRAITS) -> Shown:
    f, portrait = console.view.formats, one.portrait
    return Shown(
        id=one.id,
        name=one.name,
        people=f.number(portrait.people),
        share=f.percent(portrait.share, 0),
        figures=tuple(_figure(console, figure) for figure in portrait.figures),
        traits=tuple(_trait(console, trait) for trait in portrait.common[:traits]),
        examples=tuple((each.product_id, each.title, f.number(each.people)) for each in portrait.examples),
    )


def _figure(console: Console, one: Figure) -> FigureRow:
    f = console.view.formats

    def told(value: float) -> str:
        if one.name in _MONEY:
            return f.money(round(value), is_whole=True)
        return f.number(value, 1 if one.name == "orders" else 0)

    return FigureRow(console.view._(FIGURES[one.name]), told(one.mean), told(one.low), told(one.high), told(one.of_all))


def _trait(console: Console, one: Lifted) -> TraitRow:
    f = console.view.formats
    return TraitRow(
        text=one.text,
        share=f.percent(one.share, 0),
        of_all=f.percent(one.of_all, 0),
        lift=f.number(one.lift, 1),
        low=f.number(one.low, 1),
        high=f.number(one.high, 1),
        width=round(100 * one.share),
    )


def _parts(console: Console, parts: Sequence[Part]) -> list[PartRow]:
    f, few = console.view.formats, console.view._(N_("too few to tell"))
    return [
        PartRow(
            one.text, few if one.share is None else f.percent(one.share, 0), f.percent(one.of_all, 0), _width(one.share)
        )
        for one in parts
    ]


def _width(share: float | None) -> int:
    return round(100 * (share or 0))


def _tried(console: Console, card: LearnedCard | None) -> list[tuple[int, str, str, bool]]:
    """(groups, silhouette, stability, whether it was chosen) of each number of groups that was looked at."""
    f = console.view.formats
    found = () if card is None else card.tried
    chosen = 0 if card is None else card.groups
    return [
        (one.groups, f.number(one.silhouette, 2), f.number(one.stability, 2), one.groups == chosen) for one in found
    ]


LEARNED_ROUTES = (learned_segments, learned_segment, learn_segments)
