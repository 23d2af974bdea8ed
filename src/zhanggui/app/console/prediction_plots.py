"""Plots beside the reliability of chances: what else was foretold, against what came in days not known before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from zhanggui.audience import PredictionCard
from zhanggui.audience.types.predictions import LATENT_DAYS, PlotName
from zhanggui.audience.words.predictions import plot_text
from zhanggui.kernel.words import N_

from .prediction_charts import Plot, drawn
from .prediction_tables import bin_table
from .shell import Console

FINDINGS: Mapping[PlotName, str] = {
    "latent": N_(
        "%(people)s times somebody was never seen in a category: by what they did, who came to it within %(window)s "
        "days had the higher chance in %(near)s of pairs (by how common it is alone: %(common)s); off by "
        "%(off)s on average."
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


def beside_plots(console: Console, cards: Sequence[PredictionCard]) -> list[Plot]:
    """All plots of the cards that serve."""
    return [_beside(console, card, name) for card in cards for name, bins in card.plots.items() if bins]


def _beside(console: Console, card: PredictionCard, name: PlotName) -> Plot:
    f, figures, bins = console.view.formats, card.metrics, card.plots[name]
    named = {
        "people": f.number(sum(one.people for one in bins)),
        "days": f.number(figures.get("held_out_days", 0)),
        "window": f.number(LATENT_DAYS),
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
    shown = partial(f.number, digits=1) if name == "orders" else partial(f.percent, digits=0)
    return drawn(
        bins,
        title=plot_text(name, console.view.language),
        finding=console.view._(FINDINGS[name]) % named,
        shown=shown,
        table=bin_table(console, card, name),
    )
