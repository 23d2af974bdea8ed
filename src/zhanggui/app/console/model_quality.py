"""How models do over time, as the models page draws it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from zhanggui.app.web.charts import line, ticks
from zhanggui.kernel.words import N_
from zhanggui.recommend.types.quality import Drift, ModelQuality

from .shell import Console

DRIFTS: Mapping[str, str] = {
    "categories": N_(
        "What shoppers want has shifted in the last 7 days: %(category)s rose from %(before)s to %(now)s of all acts."
    ),
    "clicks": N_("Served lists are clicked less: %(now)s in the last 7 days, %(before)s in the 28 before."),
    "purchases": N_("Served lists lead to fewer purchases: %(now)s in the last 7 days, %(before)s in the 28 before."),
}
NAMES = ("clicked", "bought")


@dataclass(frozen=True, slots=True)
class ServedChart:
    """Two lines in a box of 100 by 100, and their labels."""

    finding: str
    clicked: str
    bought: str
    y_labels: tuple[str, ...]
    x_labels: tuple[str, ...]


def warnings(console: Console, report: ModelQuality) -> list[str]:
    """What departs, in words."""
    return [_warning(console, drift) for drift in report.drifts]


def served_chart(console: Console, report: ModelQuality) -> ServedChart | None:
    """Shares of served lists that were clicked and bought from; None where no list is a day old yet."""
    days = [day for day in report.days if day.lists]
    if not days:
        return None
    f, whole = console.view.formats, len(report.days) - 1
    order = {day.day: place for place, day in enumerate(report.days)}
    xs = [round(100 * order[day.day] / max(whole, 1), 2) for day in days]
    clicked, bought = ([100 * getattr(day, name) / day.lists for day in days] for name in NAMES)
    scale = ticks(max(*clicked, *bought))
    named = [f.day(date.fromisoformat(day.day)) for day in (report.days[0], report.days[whole // 2], report.days[-1])]
    shares = {name: sum(getattr(day, name) for day in days) / sum(day.lists for day in days) for name in NAMES}
    finding = console.view._(N_("Of served lists %(clicked)s were clicked and %(bought)s bought from within a day."))
    return ServedChart(
        finding=finding % {name: f.percent(share) for name, share in shares.items()},
        clicked=line(xs, clicked, scale[-1]),
        bought=line(xs, bought, scale[-1]),
        y_labels=tuple(f.percent(tick / 100, 0) for tick in reversed(scale)),
        x_labels=tuple(named),
    )


def _warning(console: Console, drift: Drift) -> str:
    f = console.view.formats
    values = {"before": f.percent(drift.before), "now": f.percent(drift.now), "category": drift.category}
    return console.view._(DRIFTS[drift.what]) % values
