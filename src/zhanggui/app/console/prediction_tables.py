"""Tables of predictions: models with their figures, bins of a reliability plot, how groups answer to offers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from zhanggui.app.web.listed import Field, Listed, figure, unseen, word
from zhanggui.app.web.tables import Column
from zhanggui.audience import PredictionCard
from zhanggui.audience.types.predictions import OfferGroup, PlotName, ReliabilityBin
from zhanggui.audience.words.predictions import kind_text, plot_text, refusal_text
from zhanggui.kernel.words import N_

from .shell import Console

PATH = "/predictions"
STATES = {
    "current": (N_("serves"), "ok"),
    "kept": (N_("Kept"), ""),
    "refused": (N_("did not pass"), "bad"),
}
METRICS = {
    "auc": N_("AUC"),
    "auc_recency": N_("AUC of recency"),
    "brier": N_("Brier score"),
    "brier_recency": N_("Brier of recency"),
    "ece": N_("Calibration error"),
}


def card_table(console: Console, cards: Sequence[PredictionCard]) -> Listed[PredictionCard]:
    """Models: what they foretell, whether they serve, and how they did on what they could not know."""
    say, f, language = console.view._, console.view.formats, console.view.language

    def days(one: PredictionCard) -> str:
        return " – ".join(f.day(date.fromisoformat(day)) for day in (one.from_day, one.until_day))

    def foretells(one: PredictionCard) -> str:
        return kind_text(one.kind, language)

    fields: tuple[Field[PredictionCard], ...] = (
        word("foretells", say(N_("Foretells")), foretells),
        word("state", say(N_("State")), lambda one: say(STATES[one.state][0])),
        figure("customers", say(N_("Customers")), lambda one: one.people, lambda one: f.number(one.people)),
        Field(Column("from_day", say(N_("Days"))), lambda one: one.from_day, days),
        unseen("until_day", lambda one: one.until_day),
        *(_metric(console, name) for name in METRICS),
        unseen("trained", lambda one: f.iso(one.at)),
        unseen("reason", lambda one: refusal_text(one.reason, language)),
    )
    return console.table(PATH, "model-").listed(
        _shown(cards),
        fields,
        title=say(N_("Models")),
        search=say(N_("What a model foretells, or its state")),
        nothing=say(N_("Nothing was trained yet.")),
        file=f"{console.base}{PATH}/models.csv",
        words=lambda one: (foretells(one), say(STATES[one.state][0]), refusal_text(one.reason, language)),
    )


def _metric(console: Console, name: str) -> Field[PredictionCard]:
    f = console.view.formats
    return figure(
        name,
        console.view._(METRICS[name]),
        lambda one: one.metrics.get(name),
        lambda one: f.number(one.metrics[name], 3) if name in one.metrics else "",
    )


def _shown(cards: Sequence[PredictionCard]) -> list[PredictionCard]:
    """Those that serve, and of each kind one that did not pass after the one that serves was made."""
    serving = {card.kind: card for card in cards if card.state == "current"}
    refused: dict[str, PredictionCard] = {}
    for card in cards:
        if card.state == "refused" and (card.kind not in serving or card.id > serving[card.kind].id):
            refused.setdefault(card.kind, card)
    return [*serving.values(), *refused.values()]


def bin_table(console: Console, card: PredictionCard, name: PlotName | None = None) -> Listed[ReliabilityBin]:
    """The bins of a model's reliability plot, or of a plot beside it, lowest first."""
    say, f = console.view._, console.view.formats
    place = card.kind if name is None else f"{card.kind}/{name}"

    def told(value: float) -> str:
        return f.number(value, 2) if name == "orders" else f.percent(value)

    fields: tuple[Field[ReliabilityBin], ...] = (
        Field(Column("said", say(N_("Said"))), lambda one: round(one.said, 4), lambda one: told(one.said)),
        figure("came", say(N_("Came")), lambda one: round(one.came, 4), lambda one: told(one.came)),
        figure(
            "low",
            say(N_("In 19 of 20 cases")),
            lambda one: round(one.low, 4),
            lambda one: f"{told(one.low)} – {told(one.high)}",
        ),
        unseen("high", lambda one: round(one.high, 4)),
        figure("customers", say(N_("Customers")), lambda one: one.people, lambda one: f.number(one.people)),
    )
    language = console.view.language
    return console.table(PATH, place.replace("/", "-") + "-").listed(
        card.bins if name is None else card.plots.get(name, ()),
        fields,
        title=kind_text(card.kind, language) if name is None else plot_text(name, language),
        search=say(N_("Search this table")),
        nothing=say(N_("Nothing was trained yet.")),
        file=f"{console.base}{PATH}/{place}/bins.csv",
    )


def offer_table(console: Console, groups: Sequence[OfferGroup]) -> Listed[OfferGroup]:
    """How groups that anybody can see whether they belong to answer to reduced prices."""
    say, f = console.view._, console.view.formats
    fields: tuple[Field[OfferGroup], ...] = (
        word("condition", say(N_("Condition of a published offer")), lambda one: one.text),
        figure("customers", say(N_("Customers")), lambda one: one.people, lambda one: f.number(one.people)),
        figure(
            "times",
            say(N_("Times as often as everybody")),
            lambda one: round(one.ratio, 4),
            lambda one: f.number(one.ratio, 2),
        ),
        figure(
            "low",
            say(N_("In 19 of 20 cases")),
            lambda one: round(one.low, 4),
            lambda one: f"{f.number(one.low, 2)} – {f.number(one.high, 2)}",
        ),
        unseen("high", lambda one: round(one.high, 4)),
    )
    return console.table(PATH, "offer-").listed(
        groups,
        fields,
        title=say(N_("How groups answer to reduced prices")),
        search=say(N_("Find a condition")),
        nothing=say(N_("No group is large enough yet.")),
        file=f"{console.base}{PATH}/offers.csv",
    )
