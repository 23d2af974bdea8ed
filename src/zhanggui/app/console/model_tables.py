"""Tables of models: what a card shows beside being right, the methods that were tried, what served lists led to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from zhanggui.app.web.listed import Field, Listed, figure, unseen
from zhanggui.app.web.tables import Column
from zhanggui.kernel.words import N_
from zhanggui.recommend.types.learning import TriedMethod
from zhanggui.recommend.types.models import ModelCard
from zhanggui.recommend.types.quality import ModelQuality, ServedDay

from .model_methods import method_words
from .shell import Console

GUARD_WORDS: Mapping[str, tuple[str, str]] = {
    "coverage@20": (N_("Share of the catalogue shown"), N_("How many of all products stood in any of the lists.")),
    "new_share@20": (N_("Places given to new products"), N_("New is what was met less than 28 days before.")),
    "evenness@20": (
        N_("Evenness of showing"),
        N_("1 where all products are shown alike, near 0 where a few take all."),
    ),
    "entropy@20": (
        N_("Variety of categories"),
        N_("In bits: 1 is as varied as two categories shown alike, 2 as four."),
    ),
}
"""Figures that guard against showing less → what they are called and what they mean."""


def guard_table(console: Console, card: ModelCard) -> Listed[str]:
    """What the lists of a model are like, beside those of the model before: a row a key of `GUARD_WORDS`."""
    say, f, held = console.view._, console.view.formats, card.metrics
    path = f"/models/{card.id}"

    def value(key: str) -> float | None:
        return held.get(key)

    def before(key: str) -> float | None:
        return held.get(f"{key}_present")

    fields: tuple[Field[str], ...] = (
        Field(
            Column("figure", say(N_("Figure"))),
            lambda key: say(GUARD_WORDS[key][0]),
            lambda key: "\n".join(map(say, GUARD_WORDS[key])),
        ),
        figure("this", say(N_("This model")), value, lambda key: f.number(value(key), 2)),
        figure("before", say(N_("The model before")), before, lambda key: f.number(before(key), 2)),
    )
    return console.table(path, "shows-").listed(
        [key for key in GUARD_WORDS if key in held],
        fields,
        title=say(N_("What it shows")),
        search=say(N_("Find a figure")),
        nothing=say(N_("There were no sessions to judge it by.")),
        file=f"{console.base}{path}/shows.csv",
    )


def tried_table(console: Console, card: ModelCard) -> Listed[TriedMethod]:
    """The methods that a model's lists were chosen among, as they were tried."""
    say, f, path = console.view._, console.view.formats, f"/models/{card.id}"
    fields: tuple[Field[TriedMethod], ...] = (
        Field(
            Column("method", say(N_("Method"))),
            lambda one: f"{one.graph} {one.method}",
            lambda one: "\n".join(filter(None, method_words(console, one))),
        ),
        figure(
            "found",
            say(N_("Found")),
            lambda one: one.quality,
            lambda one: "–" if one.quality is None else f.number(one.quality, 4),
        ),
        figure(
            "share", say(N_("Share")), lambda one: one.weight, lambda one: f.percent(one.weight) if one.weight else "–"
        ),
        figure("seconds", say(N_("Seconds")), lambda one: one.seconds, lambda one: f.number(one.seconds, 1)),
        unseen("settings", lambda one: " ".join(f"{name}={value:g}" for name, value in one.settings.items())),
        unseen("reason", lambda one: one.reason),
    )
    return console.table(path, "tried-").listed(
        card.tried,
        fields,
        title=say(N_("Methods that were tried")),
        search=say(N_("Find a method")),
        nothing=say(N_("Nothing was tried yet.")),
        file=f"{console.base}{path}/tried.csv",
    )


def served_table(console: Console, report: ModelQuality) -> Listed[ServedDay]:
    """What served lists led to within a day, the newest day first."""
    say, f = console.view._, console.view.formats
    fields: tuple[Field[ServedDay], ...] = (
        Field(Column("day", say(N_("Day"))), lambda one: one.day, lambda one: f.day(date.fromisoformat(one.day))),
        figure("lists", say(N_("Lists")), lambda one: one.lists, lambda one: f.number(one.lists)),
        figure(
            "clicked",
            say(N_("Clicked")),
            lambda one: round(one.clicked / one.lists, 4),
            lambda one: f.percent(one.clicked / one.lists),
        ),
        figure(
            "bought",
            say(N_("Bought from")),
            lambda one: round(one.bought / one.lists, 4),
            lambda one: f.percent(one.bought / one.lists),
        ),
    )
    return console.table("/models", "served-").listed(
        [day for day in reversed(report.days) if day.lists],
        fields,
        title=say(N_("What served lists led to")),
        search=say(N_("Find a day")),
        nothing=say(N_("No list is a day old yet.")),
        file=f"{console.base}/models/served.csv",
    )
