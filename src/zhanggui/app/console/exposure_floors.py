"""Floors under exposure on the page of fairness: what each cost, what lists gave since, and what one would do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from zhanggui.app.web.listed import Field, Listed, figure, unseen
from zhanggui.app.web.tables import Column
from zhanggui.kernel.clock import from_ms
from zhanggui.kernel.words import N_
from zhanggui.recommend.service.aims.floor_check import TO_LAST_DAY
from zhanggui.recommend.service.aims.floored import about
from zhanggui.recommend.types.floors import (
    FlooredBy,
    FloorReport,
    Measured,
    ServedShare,
    StandingFloor,
    Verdict,
)

from .shell import Console

PATH = "/fairness"
FLOORED_BY: Mapping[FlooredBy, str] = {
    "new_sellers": N_("New sellers"),
    "brand": N_("Brand"),
    "seller": N_("Seller"),
    "category": N_("Category"),
}
VERDICTS: Mapping[Verdict, str] = {
    "met": N_("The floor would hold."),
    "not_enough_candidates": N_("It would not hold: the group has too few goods for these places."),
    "held_back": N_("It would not hold: other rules, or what shoppers should not be shown again, take its places."),
}


@dataclass(frozen=True, slots=True)
class FloorRow:
    """A floor that stands, in words; `served` is empty where nothing was counted yet.

    `since` and `until` are the days of the newest week that is told; `is_last_week`: it ended last midnight.
    """

    rule_id: str
    group: str
    floor: str
    decided: str
    served: str
    since: str
    until: str
    is_last_week: bool
    lists: str
    replayed: str
    recall_cost: str
    ndcg_cost: str
    is_on: bool
    is_below: bool
    is_held: bool


@dataclass(frozen=True, slots=True)
class FloorTrial:
    """What a floor would bring and cost, in words."""

    group: str
    floor: str
    before: str
    after: str
    recall_cost: str
    ndcg_cost: str
    lists: str
    verdict: str
    is_met: bool


@dataclass(frozen=True, slots=True)
class Span:
    """What lists of a day, or of seven, gave one group."""

    group: str
    is_week: bool
    floor: float
    share: ServedShare


@dataclass(frozen=True, slots=True)
class ExposureFloors:
    """The section: floors that stand, and what lists gave their groups by day and week."""

    rows: tuple[FloorRow, ...]
    spans: Listed[Span]


def exposure_floors(console: Console) -> ExposureFloors:
    """What stands on the page."""
    standing = console.rooms.aim_desk.floors.all()
    return ExposureFloors(tuple(_row(console, one) for one in standing), span_table(console, standing))


def group_of(console: Console, group: str) -> str:
    """A group of goods as pages call it, from `new_sellers` or `seller:A`."""
    by, _, name = group.partition(":")
    known = next((words for key, words in FLOORED_BY.items() if key == by), by)
    if not name:
        return console.view._(known)
    return console.view._(N_('%(kind)s "%(name)s"')) % {"kind": console.view._(known), "name": name}


def tried(console: Console, found: FloorReport) -> FloorTrial:
    """A replay in words."""
    f = console.view.formats
    return FloorTrial(
        group=group_of(console, about(found.floor)),
        floor=f.percent(found.floor.share),
        before=_measured(console, found.before),
        after=_measured(console, found.after),
        recall_cost=_measured(console, found.recall_cost),
        ndcg_cost=_measured(console, found.ndcg_cost),
        lists=f.number(found.lists),
        verdict=console.view._(VERDICTS[found.verdict]),
        is_met=found.verdict == "met",
    )


def span_table(console: Console, standing: list[StandingFloor]) -> Listed[Span]:
    """What served lists gave the groups, the newest span first."""
    say, f = console.view._, console.view.formats
    fields: tuple[Field[Span], ...] = (
        Field(Column("group", say(N_("Group"))), lambda one: one.group, lambda one: one.group),
        Field(Column("span", say(N_("Span"))), _span(console), _span(console)),
        Field(
            Column("since", say(N_("From"))),
            lambda one: one.share.since,
            lambda one: f.day(date.fromisoformat(one.share.since)),
        ),
        figure("lists", say(N_("Lists")), lambda one: one.share.lists, lambda one: f.number(one.share.lists)),
        figure("below", say(N_("Below the floor")), lambda one: one.share.below, lambda one: f.number(one.share.below)),
        figure("floor", say(N_("Floor")), lambda one: one.floor, lambda one: f.percent(one.floor)),
        figure(
            "share",
            say(N_("Share of exposure")),
            lambda one: one.share.share.value,
            lambda one: _measured(console, one.share.share, "\n"),
        ),
        unseen("share_low", lambda one: one.share.share.low),
        unseen("share_high", lambda one: one.share.share.high),
    )
    return console.table(PATH, "floor-").listed(
        sorted(_spans(console, standing), key=lambda one: (one.share.since, one.is_week), reverse=True),
        fields,
        title=say(N_("What served lists gave")),
        search=say(N_("Search this table")),
        nothing=say(N_("No day yet since a floor was set on which lists were shown to five people.")),
        file=f"{console.base}{PATH}/floors.csv",
    )


def _span(console: Console) -> Callable[[Span], str]:
    return lambda one: console.view._(N_("Seven days") if one.is_week else N_("Day"))


def _spans(console: Console, standing: list[StandingFloor]) -> Iterator[Span]:
    for one in standing:
        if one.served is not None:
            group = group_of(console, one.served.about)
            for is_week, shares in ((False, one.served.days), (True, one.served.weeks)):
                yield from (Span(group, is_week, one.served.floor, share) for share in shares)


def _row(console: Console, one: StandingFloor) -> FloorRow:
    f = console.view.formats
    last = one.served.weeks[-1] if one.served is not None and one.served.weeks else None
    began = None if last is None else date.fromisoformat(last.since)
    is_last_week = one.served is not None and one.served.last_week is not None
    return FloorRow(
        rule_id=one.rule.id,
        group=group_of(console, about(one.report.floor)),
        floor=f.percent(one.report.floor.share),
        decided=f.ago(from_ms(one.decided_at_ms)),
        served="" if last is None else _measured(console, last.share),
        since="" if began is None else f.day(began),
        until="" if began is None else f.day(began + TO_LAST_DAY),
        is_last_week=is_last_week,
        lists="" if last is None else f.number(last.lists),
        replayed=_measured(console, one.report.after),
        recall_cost=_measured(console, one.report.recall_cost),
        ndcg_cost=_measured(console, one.report.ndcg_cost),
        is_on=one.rule.is_on,
        is_below=one.served is not None and one.served.is_below,
        is_held=is_last_week and last is not None and last.share.value >= one.report.floor.share,
    )


def _measured(console: Console, one: Measured, between: str = " ") -> str:
    """A share with its interval."""
    f = console.view.formats
    return f"{f.percent(one.value)}{between}({f.percent(one.low)} – {f.percent(one.high)})"
