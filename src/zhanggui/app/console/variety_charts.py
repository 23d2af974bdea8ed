"""The charts of sales and variety: geometry in a box of 100 by 100."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from zhanggui.app.web.charts import line, ticks
from zhanggui.kernel.words import N_
from zhanggui.recommend.types.watching import ExposureDay, ExposureReport, TradeOff

from .shell import Console


@dataclass(frozen=True, slots=True)
class Drawn:
    """Lines by name (path, whether it is the quiet one), their labels, and what they say."""

    finding: str
    lines: tuple[tuple[str, str, bool], ...]
    y_labels: tuple[str, ...]
    x_labels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """One group of people: where it begins, and the height of its bar in percent."""

    low: str
    height: float


@dataclass(frozen=True, slots=True)
class Bars:
    """How narrow people's lists are."""

    finding: str
    bars: tuple[Bar, ...]


def cost_chart(console: Console, found: TradeOff) -> Drawn:
    """What is found, and how varied it is, at each place of the slider; the beginning is 100 %."""
    say, f, first = console.view._, console.view.formats, found.rows[0]
    xs = [100 * row.position for row in found.rows]
    sales = [100 * row.recall.value / (first.recall.value or 1) for row in found.rows]
    kinds = [100 * row.entropy.value / (first.entropy.value or 1) for row in found.rows]
    scale = ticks(max(*sales, *kinds))
    finding = say(N_("Half way, lists find %(sales)s of what they find at the beginning, and are %(kinds)s as varied."))
    half = len(found.rows) // 2
    return Drawn(
        finding=finding % {"sales": f.percent(sales[half] / 100, 0), "kinds": f.percent(kinds[half] / 100, 0)},
        lines=(
            (say(N_("Found of what shoppers took next")), line(xs, sales, scale[-1]), False),
            (say(N_("Variety of categories")), line(xs, kinds, scale[-1]), True),
        ),
        y_labels=tuple(f.percent(tick / 100, 0) for tick in reversed(scale)),
        x_labels=tuple(f.number(row.position, 2) for row in found.rows),
    )


def entropy_chart(console: Console, seen: ExposureReport) -> Drawn | None:
    """Variety of categories day by day, and how little known what was shown is; None where there is no day."""
    say, f, days = console.view._, console.view.formats, seen.days
    if not days:
        return None
    finding = say(N_("Variety of categories was %(first)s bits on the first of these days and %(last)s on the last."))
    named = {"first": f.number(days[0].entropy, 2), "last": f.number(days[-1].entropy, 2)}
    series = (
        (say(N_("Variety of categories")), [day.entropy for day in days], False),
        (say(N_("Novelty")), [day.novelty for day in days], True),
    )
    return _drawn(console, days, finding % named, series, lambda tick: f.number(tick, 0 if tick == int(tick) else 1))


def share_chart(console: Console, seen: ExposureReport) -> Drawn | None:
    """Places of new sellers and share of the catalogue shown, day by day; None where there is no day."""
    say, f, days = console.view._, console.view.formats, seen.days
    if not days:
        return None
    finding = say(
        N_(
            "On the last of these days %(new)s of the places were of new sellers; %(shown)s of all goods stood in some "
            "list, shown with a Gini of %(gini)s."
        )
    )
    last = days[-1]
    named = {"new": f.percent(last.new_sellers), "shown": f.percent(last.shown), "gini": f.number(last.gini, 2)}
    series = (
        (say(N_("Share of the catalogue shown")), [100 * day.shown for day in days], True),
        (say(N_("Places of new sellers")), [100 * day.new_sellers for day in days], False),
    )
    return _drawn(console, days, finding % named, series, lambda tick: f.percent(tick / 100, 0))


def bubble_chart(console: Console, seen: ExposureReport) -> Bars | None:
    """How many people's lists are how narrow; None where too few were shown lists on two days."""
    if seen.median_bubble is None:
        return None
    say, f = console.view._, console.view.formats
    most = max((one.people or 0 for one in seen.bubbles), default=0) or 1
    finding = say(
        N_("Half of %(people)s people have lists narrower than %(median)s: 0 is every kind, 1 one kind only.")
    )
    return Bars(
        finding=finding % {"people": f.number(seen.people), "median": f.number(seen.median_bubble, 2)},
        bars=tuple(
            Bar(
                low=f.number(one.low, 1),
                height=2.0 if one.people is None else round(100 * one.people / most, 1),
            )
            for one in seen.bubbles
        ),
    )


def _drawn(
    console: Console,
    days: Sequence[ExposureDay],
    finding: str,
    series: Sequence[tuple[str, list[float], bool]],
    scaled: Callable[[float], str],
) -> Drawn:
    """Lines over days that need not follow one another."""
    f = console.view.formats
    dates = [date.fromisoformat(day.day) for day in days]
    span = max((dates[-1] - dates[0]).days, 1)
    xs = [100 * (one - dates[0]).days / span for one in dates]
    scale = ticks(max(max(values) for _, values, _ in series))
    return Drawn(
        finding=finding,
        lines=tuple((name, line(xs, values, scale[-1]), quiet) for name, values, quiet in series),
        y_labels=tuple(scaled(tick) for tick in reversed(scale)),
        x_labels=tuple(f.day(dates[place]) for place in (0, len(dates) // 2, -1)),
    )
