"""The reliability plot: what a model said against what came, in a box of 100 by 100, and the same as rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from zhanggui.app.web.charts import line
from zhanggui.app.web.listed import Listed
from zhanggui.audience import PredictionCard
from zhanggui.audience.types.predictions import ReliabilityBin
from zhanggui.audience.words.predictions import kind_text
from zhanggui.kernel.words import N_

from .prediction_tables import bin_table
from .shell import Console

STEPS = (0.1, 0.2, 0.3, 0.4, 0.6, 0.8, 1.0, 2.0, 5.0, 10.0, 20.0)
"""Where axes end: chances at one, orders further on."""


@dataclass(frozen=True, slots=True)
class Dot:
    """One bin: its place in percent of the box, and the interval of what came, from the top."""

    x: float
    y: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Plot:
    """A reliability plot: on the diagonal, what is said comes true as often as it is said."""

    title: str
    finding: str
    diagonal: str
    path: str
    dots: tuple[Dot, ...]
    labels: tuple[str, ...]
    table: Listed[ReliabilityBin]


def reliability_plot(console: Console, card: PredictionCard) -> Plot:
    """The plot of a card with bins."""
    say, f = console.view._, console.view.formats
    finding = say(
        N_(
            "Of %(people)s customers %(came)s bought in days that the model could not know; its chances were off by "
            "%(ece)s on average."
        )
    )
    figures = card.metrics
    named = {
        "people": f.number(int(card.parameters.get("judged_people", 0))),
        "came": f.percent(figures["came"]),
        "ece": f.percent(figures["ece"]),
    }
    return drawn(
        card.bins,
        title=kind_text(card.kind, console.view.language),
        finding=finding % named,
        shown=partial(f.percent, digits=0),
        table=bin_table(console, card),
    )


def drawn(
    bins: Sequence[ReliabilityBin],
    *,
    title: str,
    finding: str,
    shown: Callable[[float], str],
    table: Listed[ReliabilityBin],
) -> Plot:
    """A plot of bins; `shown` writes a figure beside its axes."""
    most = max(max(one.said, one.high) for one in bins)
    top = next((step for step in STEPS if step >= most), most)
    xs = [100 * one.said / top for one in bins]
    return Plot(
        title=title,
        finding=finding,
        diagonal=line([0, 100], [0, top], top),
        path=line(xs, [one.came for one in bins], top),
        dots=tuple(
            Dot(x=x, y=_down(one.came, top), low=_down(one.low, top), high=_down(one.high, top))
            for x, one in zip(xs, bins, strict=True)
        ),
        labels=tuple(shown(top * step / 2) for step in range(3)),
        table=table,
    )


def _down(value: float, top: float) -> float:
    return round(100 - 100 * min(value / top, 1.0), 1)
