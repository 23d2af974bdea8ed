"""Figures of sales and variety as tables: what the slider costs, lists day by day, how narrow people's lists are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from zhanggui.app.web.listed import Field, Listed, figure, unseen
from zhanggui.app.web.tables import Column
from zhanggui.kernel.money import to_decimal
from zhanggui.kernel.words import N_
from zhanggui.recommend.types.watching import BubbleBin, Estimate, ExposureDay, ExposureReport, TradeOff, TradeOffRow

from .shell import Console

PATH = "/variety"
NO_DAY = N_("No day yet on which lists were shown to five people.")


def cost_table(console: Console, found: TradeOff | None) -> Listed[TradeOffRow]:
    """One row a place of the slider: figures, each with its interval on a line below."""
    say, f = console.view._, console.view.formats
    currency = console.rooms.settings.shop.currency
    fields: tuple[Field[TradeOffRow], ...] = (
        Field(Column("slider", say(N_("Slider"))), lambda one: one.position, lambda one: f.number(one.position, 2)),
        *_measured("found", say(N_("Found of 20")), lambda one: one.recall, f.percent),
        *_measured(
            "margin",
            say(N_("Margin of a list")),
            lambda one: one.margin,
            lambda value: f.money(round(value)),
            lambda value: to_decimal(round(value), currency),
        ),
        *_measured("entropy", say(N_("Variety in bits")), lambda one: one.entropy, lambda value: f.number(value, 2)),
        *_measured("new_sellers", say(N_("Places of new sellers")), lambda one: one.new_sellers, f.percent),
        *_measured("coverage", say(N_("Share of the catalogue shown")), lambda one: one.coverage, f.percent),
    )
    return console.table(PATH, "cost-").listed(
        () if found is None else found.rows,
        fields,
        title=say(N_("What the slider costs and brings")),
        search=say(N_("Search this table")),
        nothing=say(
            N_("The cost is not measured yet: it needs a trained model and 20 sessions of shoppers who came before.")
        ),
        file=f"{console.base}{PATH}/cost.csv",
    )


def _measured(
    key: str,
    label: str,
    of: Callable[[TradeOffRow], Estimate | None],
    said: Callable[[float], str],
    filed: Callable[[float], object] = lambda value: round(value, 4),
) -> tuple[Field[TradeOffRow], ...]:
    """A measured figure with its interval: in one column of the page, in three of the file."""

    def text(row: TradeOffRow) -> str:
        one = of(row)
        return "—" if one is None else f"{said(one.value)}\n({said(one.low)} – {said(one.high)})"

    def part(name: str) -> Callable[[TradeOffRow], object]:
        return lambda row: None if (one := of(row)) is None else filed(getattr(one, name))

    return (
        figure(key, label, part("value"), text),
        unseen(f"{key}_low", part("low")),
        unseen(f"{key}_high", part("high")),
    )


def day_table(console: Console, seen: ExposureReport) -> Listed[ExposureDay]:
    """What lists showed, the newest day first."""
    say, f = console.view._, console.view.formats
    fields: tuple[Field[ExposureDay], ...] = (
        Field(Column("day", say(N_("Day"))), lambda one: one.day, lambda one: f.day(date.fromisoformat(one.day))),
        figure("lists", say(N_("Lists")), lambda one: one.lists, lambda one: f.number(one.lists)),
        figure(
            "entropy",
            say(N_("Variety in bits")),
            lambda one: round(one.entropy, 4),
            lambda one: f.number(one.entropy, 2),
        ),
        figure("novelty", say(N_("Novelty")), lambda one: round(one.novelty, 4), lambda one: f.number(one.novelty, 2)),
        figure(
            "new_sellers",
            say(N_("Places of new sellers")),
            lambda one: round(one.new_sellers, 4),
            lambda one: f.percent(one.new_sellers),
        ),
        figure("gini", say(N_("Gini")), lambda one: round(one.gini, 4), lambda one: f.number(one.gini, 2)),
        figure(
            "shown",
            say(N_("Share of the catalogue shown")),
            lambda one: round(one.shown, 4),
            lambda one: f.percent(one.shown),
        ),
    )
    return console.table(PATH, "day-").listed(
        list(reversed(seen.days)),
        fields,
        title=say(N_("What lists showed")),
        search=say(N_("Find a day")),
        nothing=say(NO_DAY),
        file=f"{console.base}{PATH}/days.csv",
    )


def bubble_table(console: Console, seen: ExposureReport) -> Listed[BubbleBin]:
    """How many people's lists are how narrow; nothing below five people."""
    say, f = console.view._, console.view.formats
    fields: tuple[Field[BubbleBin], ...] = (
        Field(
            Column("from", say(N_("How narrow"))),
            lambda one: one.low,
            lambda one: f"{f.number(one.low, 1)} – {f.number(one.high, 1)}",
        ),
        unseen("until", lambda one: one.high),
        figure("people", say(N_("People")), lambda one: one.people, lambda one: bubble_people(console, one)),
    )
    return console.table(PATH, "bubble-").listed(
        () if seen.median_bubble is None else seen.bubbles,
        fields,
        title=say(N_("How narrow lists are")),
        search=say(N_("Search this table")),
        nothing=say(N_("Fewer than five people were shown lists on two days yet.")),
        file=f"{console.base}{PATH}/bubbles.csv",
    )


def bubble_people(console: Console, one: BubbleBin) -> str:
    """How many people's lists are so narrow, in words."""
    return console.view._(N_("fewer than 5")) if one.people is None else console.view.formats.number(one.people)
