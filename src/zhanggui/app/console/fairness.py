"""Fairness: shares by group with intervals, gaps between groups, and what is beyond a limit."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency

from zhanggui.app.web.charts import line, ticks
from zhanggui.app.web.forms import Form
from zhanggui.app.web.provinces import province
from zhanggui.kernel.clock import from_ms
from zhanggui.kernel.words import N_
from zhanggui.recommend.types.floors import FloorReport
from zhanggui.trust.types.fairness import (
    KINDS,
    FairnessAlert,
    FairnessReport,
    FlipReport,
    Gap,
    GroupShare,
    MeasuredKind,
)

from .customer_words import AGES, GENDERS
from .exposure_floors import FLOORED_BY, exposure_floors, group_of, tried
from .group_words import KIND_WORDS, with_interval
from .mitigations import mitigated
from .shell import Console
from .variety_charts import Drawn

MEASURE_WORDS: Mapping[str, tuple[str, str]] = {
    "shown": (N_("Shown a list"), N_("People of the group who were shown recommendations at all.")),
    "clicked": (N_("Lists with a click"), N_("Lists with a click on one of their products within a day.")),
    "reduced": (N_("Places below list price"), N_("Places with a product that is offered below its list price.")),
    "found": (
        N_("Wanted, and shown before"),
        N_("Of what they put in the cart or bought, what had been shown to them."),
    ),
}
TENURES: Mapping[str, str] = {
    "under-30d": N_("Under 30 days"),
    "30-179d": N_("30 to 179 days"),
    "180-364d": N_("180 to 364 days"),
    "365d+": N_("A year or more"),
}
DEVICES: Mapping[str, str] = {"phone": N_("Mobile phone"), "tablet": N_("Tablet"), "desktop": N_("Computer")}
NARROW: Mapping[str, str] = {
    "gini": N_("Goods are shown very unevenly: Gini %(value)s; %(limit)s is the most."),
    "entropy": N_("Lists show few categories: %(value)s bits; %(limit)s is the least."),
    "new_sellers": N_("New sellers have %(value)s of the places; %(limit)s is the least."),
    "novelty": N_("Lists show what everybody knows: %(value)s bits; %(limit)s is the least."),
    "bubble": N_("The lists of the person in the middle are narrow: %(value)s; %(limit)s is the most."),
    "narrowing": N_("People's lists have become narrower by %(value)s; %(limit)s is the most."),
}
UNEVEN: Mapping[str, str] = {
    "gini": N_("How evenly goods are shown"),
    "entropy": N_("How many categories lists show"),
    "new_sellers": N_("Places of new sellers"),
    "novelty": N_("Novelty of lists"),
    "bubble": N_("How narrow people's lists are"),
    "narrowing": N_("People's lists becoming narrower"),
}
FLIPS: Mapping[str, str] = {
    "gender": KIND_WORDS["gender"],
    "age": KIND_WORDS["age"],
    "region": KIND_WORDS["region"],
    "tenure": KIND_WORDS["tenure"],
    "all": N_("All at once"),
}
DONE: Mapping[str, str] = {
    "set": N_("The floor stands: from the next answer on its rule holds it; the ledger has it."),
    "removed": N_("The floor was taken away."),
    "undone": N_("The last change was taken back."),
}
UNDOABLE = frozenset({"set", "removed"})
FLIPPED = 20
"""Shoppers whom the button tries."""
BELOW_FLOOR = N_("%(group)s had %(value)s of the exposure in the last seven days; the floor is %(limit)s.")
ALERTS: Mapping[str, str] = {
    "ratio": N_(
        "%(kind)s, %(measure)s: the least served group has %(value)s of the most served one's share; %(limit)s is the "
        "least."
    ),
    "difference": N_("%(kind)s, %(measure)s: the shares of two groups differ by %(value)s; %(limit)s is the most."),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One group's share: where its interval is drawn, in percent of the scale, and what it says."""

    group: str
    people: str
    share: str
    interval: str
    low: float
    mid: float
    high: float


@dataclass(frozen=True, slots=True)
class Block:
    """One measure of one kind of group."""

    name: str
    meaning: str
    lines: tuple[Line, ...]
    top: str
    gap: str
    is_alert: bool
    untold: int


@get("/console/{shop:str}/fairness", include_in_schema=False, sync_to_thread=True, opt={"scope": "trust:measure"})
def fairness(console: NamedDependency[Console]) -> Response[str]:
    """Whether groups of people are served alike."""
    return fairness_page(console)


@post(
    "/console/{shop:str}/fairness/flip",
    include_in_schema=False,
    sync_to_thread=True,
    status_code=200,
    opt={"scope": "trust:measure", "has_form": True},
)
def flip(console: NamedDependency[Console], form: NamedDependency[Any]) -> Response[str]:
    """Answer shoppers as if they were others, and show whether anything differs."""
    del form  # its token has been verified
    return fairness_page(console, flipped=console.rooms.flip_test.run(FLIPPED))


def fairness_page(
    console: Console,
    *,
    flipped: FlipReport | None = None,
    form: Form | None = None,
    trial: FloorReport | None = None,
    problem: str = "",
) -> Response[str]:
    """The page, after a flip test, with a floor that was tried, or with what was wrong with the one that was asked."""
    report, query = console.rooms.fairness.report(), console.view.query
    done = query.get("done", "")
    may_set = console.may("recommend:admin")
    return console.page(
        "trust/fairness.html",
        current="fairness",
        floors=exposure_floors(console),
        floored_by=FLOORED_BY,
        trial=None if trial is None else tried(console, trial),
        asked=(lambda _name: "") if form is None else form.text,
        may_set=may_set,
        problem=problem,
        done=DONE.get(done, ""),
        last=query.get("rule", "") if done in UNDOABLE and may_set else "",
        status=422 if problem else 200,
        report=report,
        counted_at=from_ms(report.at_ms),
        kinds=list(_kinds(console, report)),
        alerts=[_alert(console, one) for one in report.alerts],
        weeks=_weeks(console),
        flipped=flipped,
        flip_words=FLIPS,
        mitigated=mitigated(console),
    )


def _kinds(console: Console, report: FairnessReport) -> Iterator[tuple[str, str, list[Block]]]:
    """(key, name, its measures) of each kind of group that has any."""
    for kind in KINDS:
        blocks = [_block(console, one) for one in report.measured if one.kind == kind]
        if blocks:
            yield kind, console.view._(KIND_WORDS[kind]), blocks


def _block(console: Console, one: MeasuredKind) -> Block:
    say, f = console.view._, console.view.formats
    name, meaning = MEASURE_WORDS[one.measure]
    named = _namer(console, one.kind)
    top = min(ticks(100 * max(it.share.high for it in one.groups))[-1], 100.0)
    return Block(
        name=say(name),
        meaning=say(meaning),
        lines=tuple(_line(console, it, named(it.group), top) for it in one.groups),
        top=f.percent(top / 100, 0),
        gap="" if one.gap is None else _gap(console, one.gap, named),
        is_alert=one.gap is not None and one.gap.is_alert,
        untold=one.untold,
    )


def _line(console: Console, it: GroupShare, name: str, top: float) -> Line:
    low, mid, high = (
        min(round(100 * 100 * value / top, 1), 100.0) for value in (it.share.low, it.share.value, it.share.high)
    )
    share, _, interval = with_interval(it.share, console.view.formats).partition(" ")
    return Line(name, console.view.formats.number(it.people), share, interval, low, mid, high)


def _gap(console: Console, gap: Gap, named: Callable[[str], str]) -> str:
    say, f = console.view._, console.view.formats
    found = say(N_("%(most)s stands above %(least)s by %(difference)s; ratio %(ratio)s."))
    return found % {
        "most": named(gap.most),
        "least": named(gap.least),
        "difference": with_interval(gap.difference, f),
        "ratio": f.number(gap.ratio, 2),
    }


def uneven_words(console: Console, subject: str) -> str:
    """What an alert of the watch about fairness is about, `ratio:gender:clicked`; empty for any other."""
    say, (code, _, about) = console.view._, subject.partition(":")
    if code in UNEVEN:
        return say(UNEVEN[code])
    if code == "floor":
        return say(N_("Exposure of %(group)s")) % {"group": group_of(console, about)}
    kind, _, measure = about.partition(":")
    if code in ALERTS and kind in KIND_WORDS and measure in MEASURE_WORDS:
        named = {"kind": say(KIND_WORDS[kind]), "measure": say(MEASURE_WORDS[measure][0])}
        return say(N_("%(kind)s: %(measure)s")) % named
    return ""


def _alert(console: Console, alert: FairnessAlert) -> str:
    say, f = console.view._, console.view.formats
    if alert.code in NARROW:
        share = alert.code == "new_sellers"
        value, limit = (f.percent(one) if share else f.number(one, 2) for one in (alert.value, alert.limit))
        return say(NARROW[alert.code]) % {"value": value, "limit": limit}
    if alert.code == "floor":
        told = {
            "group": group_of(console, alert.about),
            "value": f.percent(alert.value),
            "limit": f.percent(alert.limit),
        }
        return say(BELOW_FLOOR) % told
    kind, _, measure = alert.about.partition(":")
    return say(ALERTS[alert.code]) % {
        "kind": say(KIND_WORDS[kind]),
        "measure": say(MEASURE_WORDS[measure][0]),
        "value": f.percent(alert.value, 0),
        "limit": f.percent(alert.limit, 0),
    }


def _weeks(console: Console) -> Drawn | None:
    """How narrow people's lists were week by week; None with fewer than two weeks."""
    say, f, weeks = console.view._, console.view.formats, console.rooms.aim_desk.watch.kept().weeks
    if len(weeks) < 2:
        return None
    xs = [100 * place / (len(weeks) - 1) for place in range(len(weeks))]
    finding = say(
        N_("The person in the middle had a bubble of %(first)s in the first of these weeks and %(last)s in the last.")
    )
    series = (
        (say(N_("The person in the middle")), [week.median for week in weeks], False),
        (say(N_("Nine of ten people stay below")), [week.ninth for week in weeks], True),
    )
    return Drawn(
        finding=finding % {"first": f.number(weeks[0].median, 2), "last": f.number(weeks[-1].median, 2)},
        lines=tuple((name, line(xs, values, 1.0), quiet) for name, values, quiet in series),
        y_labels=tuple(f.number(tick, 1) for tick in (1.0, 0.5, 0.0)),
        x_labels=tuple(f.day(date.fromisoformat(week.since)) for week in weeks),
    )


def _namer(console: Console, kind: str) -> Callable[[str], str]:
    """What a group of a kind is called; a device of another class by its own name."""
    say, language = console.view._, console.view.language
    words: Mapping[str, Mapping[str, str]] = {
        "gender": GENDERS,
        "age": AGES,
        "tenure": TENURES,
        "device": DEVICES,
    }

    def name(label: str) -> str:
        if kind == "region":
            return province(label, language)
        known = words.get(kind, {})
        return say(known[label]) if label in known else label

    return name


FAIRNESS_ROUTES = (fairness, flip)
