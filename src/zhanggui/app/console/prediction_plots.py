"""Plots beside the reliability of chances: what else was foretold, against what came in days not known before."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from zhanggui.app.web.charts import line
from zhanggui.audience import PredictionCard
from zhanggui.audience.types.predictions import PlotName, ReliabilityBin
from zhanggui.audience.words.predictions import plot_text
from zhanggui.kernel.words import N_

from .prediction_charts import Dot
from .shell import Console

STEPS = (0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0, 2.0, 5.0, 10.0, 20.0)
FINDINGS: Mapping[PlotName, str] = {
    "latent": N_(
        "%(people)s times somebody was never seen in a category: by what they did, who came to it within 30 days had "
        "the higher chance in %(near)s of pairs (by how common it is alone: %(common)s); off by %(off)s on average."
    ),
    "orders": N_(
        "%(people)s customers, by tenths of the orders foretold, %(days)s days later: off by %(error)s orders each on "
        "average."
    ),
    "alive": N_(
        "Of %(people)s customers %(again)s bought again in the next %(days)s days. Being a customer is more than "
        "buying in those days: the line may lie below. A higher chance was right in %(auc)s of pairs."
    ),
    "first_category": N_(
        "The next category of %(people)s customers was the likeliest in %(first)s of cases (what most people buy: "
        "%(usual)s), one of three in %(three)s; the chance was off by %(ece)s on average."
    ),
}


@dataclass(frozen=True, slots=True)
class BesidePlot:
    """Like `Plot`, with its figures as rows: what was said, what came, its interval, how many."""

    title: str
    finding: str
    diagonal: str
    path: str
    dots: tuple[Dot, ...]
    labels: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def beside_plots(console: Console, cards: Sequence[PredictionCard]) -> list[BesidePlot]:
    """All plots of the cards that serve."""
    return [_beside(console, card, name) for card in cards for name, bins in card.plots.items() if bins]


def _beside(console: Console, card: PredictionCard, name: PlotName) -> BesidePlot:
    f, figures, bins = console.view.formats, card.metrics, card.plots[name]
    named = {
        "people": f.number(sum(one.people for one in bins)),
        "days": f.number(figures.get("held_out_days", 0)),
        "error": f.number(figures.get("orders_mae", 0.0), 2),
        "again": f.percent(figures.get("bought_again", 0.0)),
        "auc": f.number(figures.get("alive_auc", 0.0), 2),
        "near": f.number(figures.get("latent_auc", 0.0), 2),
        "common": f.number(figures.get("latent_auc_usual", 0.0), 2),
        "off": f.percent(figures.get("latent_ece", 0.0)),
        "first": f.percent(figures.get("right", 0.0)),
        "usual": f.percent(figures.get("right_everybody", 0.0)),
        "three": f.percent(figures.get("right_3", 0.0)),
        "ece": f.percent(figures.get("ece", 0.0)),
    }
    title, finding = plot_text(name, console.view.language), console.view._(FINDINGS[name]) % named
    if name == "orders":
        return _drawn(title, finding, bins, f.number, 1)
    return _drawn(title, finding, bins, f.percent, 0)


def _drawn(
    title: str, finding: str, bins: Sequence[ReliabilityBin], shown: Callable[[float, int], str], digits: int
) -> BesidePlot:
    most = max(max(one.said, one.high) for one in bins)
    top = next((step for step in STEPS if step >= most), most)
    xs, more = [100 * one.said / top for one in bins], digits + 1
    return BesidePlot(
        title=title,
        finding=finding,
        diagonal=line([0, 100], [0, top], top),
        path=line(xs, [one.came for one in bins], top),
        dots=tuple(
            Dot(x=x, y=_down(one.came, top), low=_down(one.low, top), high=_down(one.high, top))
            for x, one in zip(xs, bins, strict=True)
        ),
        labels=tuple(shown(top * step / 2, digits) for step in range(3)),
        rows=tuple(
            (
                shown(one.said, more),
                shown(one.came, more),
                f"{shown(one.low, more)} – {shown(one.high, more)}",
                str(one.people),
            )
            for one in bins
        ),
    )


def _down(value: float, top: float) -> float:
    return round(100 - 100 * min(value / top, 1.0), 1)
