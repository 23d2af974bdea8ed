"""Predictions on the command line: training, cards, one customer, everybody."""

from __future__ import annotations

from cyclopts import App

from zhanggui.audience.types.predictions import (
    Foretold,
    Kind,
    LifetimeOutlook,
    OfferGroup,
    PredictionCard,
    PredictionModels,
    ReliabilityBin,
)
from zhanggui.audience.words.predictions import check_text, kind_text, plot_text, refusal_text
from zhanggui.kernel.datasheets import Datasheet
from zhanggui.kernel.options import Json, Quiet, Shown
from zhanggui.kernel.terminal import Bars, print_json, print_table

from .profiles import OpenAudience


def add_prediction_commands(app: App, open_room: OpenAudience) -> None:
    """`audience train`, `card`, `predict`, `foretell` and `offers`."""
    _training(app, open_room)
    _cards(app, open_room)
    _telling(app, open_room)


def _training(app: App, open_room: OpenAudience) -> None:
    @app.command
    def train(shop: str, *, seed: int = 0, language: Shown = "zh", quiet: Quiet = False, json: Json = False) -> int:
        """Train all models of predictions anew; each serves when its checks pass. Exit code 3 when none does.

        Args:
            shop: the shop's name.
            seed: equal seeds and facts give equal models.
            language: zh or en.
        """
        with open_room(shop) as rooms, Bars(quiet=quiet) as bars:
            done = rooms.audience.predictions.training.train(seed, bars.begin("training"))
        if json:
            print_json(done)
        else:
            _show_cards(done.cards, language)
            for check in done.checks:
                if not check.holds:
                    print(f"{kind_text(check.kind, language)}: {check_text(check, language)}")
        return 0 if any(card.state == "current" for card in done.cards) else 3


def _cards(app: App, open_room: OpenAudience) -> None:
    @app.command
    def card(shop: str, kind: Kind | None = None, *, language: Shown = "zh", json: Json = False) -> None:
        """Show the cards of the models: what they learned from, how they did, whether what they say comes true.

        Args:
            shop: the shop's name.
            kind: buy_7, buy_30, stay_90, lifetime, next_category or offers; with one, its reliability and the
                datasheet of the newest training set too.
            language: zh or en.
        """
        with open_room(shop) as rooms:
            found = rooms.audience.predictions.models(language)
        cards = tuple(one for one in found.cards if kind in {None, one.kind})
        if json:
            told = PredictionModels(cards=cards, checks=found.checks)
            print_json(told)
            return
        _show_cards(cards, language)
        if kind and cards and cards[0].datasheet is not None:
            _show_sheet(cards[0].datasheet)
        current = next((one for one in cards if kind and one.state == "current"), None)
        if current is not None:
            _show_bins(current, language)


def _telling(app: App, open_room: OpenAudience) -> None:
    @app.command
    def predict(shop: str, id: str, *, language: Shown = "zh", json: Json = False) -> None:  # noqa: A002
        """Foretell a customer: purchases, churn, orders and value to come, next categories, latent interests.

        Args:
            shop: the shop's name.
            id: of the customer.
            language: zh or en.
        """
        with open_room(shop) as rooms:
            told = rooms.audience.predictions.of(id, language=language)
        print_json(told) if json else _show(told)

    @app.command
    def foretell(shop: str, *, quiet: Quiet = False) -> None:
        """Foretell everybody who allows it, for segments; the jobs do so once a day.

        Args:
            shop: the shop's name.
        """
        with open_room(shop) as rooms, Bars(quiet=quiet) as bars:
            rows = rooms.audience.predictions.bulk.run(bars.begin("foretelling"))
        print(f"{rows} customers foretold.")

    @app.command
    def offers(shop: str, *, language: Shown = "zh", json: Json = False) -> None:
        """Show how groups answer to reduced prices, for offers published to all of a group; never of a person.

        Args:
            shop: the shop's name.
            language: zh or en.
        """
        with open_room(shop) as rooms:
            found = rooms.audience.predictions.offers(language)
        print_json(found) if json else _show_groups(found)


def _show_cards(cards: tuple[PredictionCard, ...], language: str) -> None:
    columns = ("model", "foretells", "state", "people", "AUC", "Brier", "ECE", "reason")
    print_table(columns, (_card(one, language) for one in cards))


def _card(one: PredictionCard, language: str) -> tuple[object, ...]:
    figures = (f"{one.metrics[name]:.4f}" if name in one.metrics else "" for name in ("auc", "brier", "ece"))
    reason = refusal_text(one.reason, language)
    return one.id, kind_text(one.kind, language), one.state, one.people, *figures, reason


def _show_sheet(sheet: Datasheet) -> None:
    rows = ((one.name, one.state, one.found, one.of, ", ".join(filter(None, one.where))) for one in sheet.checks)
    print_table(("check of the training set", "result", "found", "of", "products"), rows)


def _show_bins(card: PredictionCard, language: str) -> None:
    if card.bins:
        _show_plot(card.bins, ".1%", "")
    for name, bins in card.plots.items():
        _show_plot(bins, ".2f" if name == "orders" else ".1%", plot_text(name, language))
    for figure, value in card.metrics.items() if card.plots else ():
        print(f"{figure}: {value:.4g}")


def _show_plot(bins: tuple[ReliabilityBin, ...], form: str, title: str) -> None:
    rows = (
        (f"{one.said:{form}}", f"{one.came:{form}}", f"{one.low:{form}} to {one.high:{form}}", one.people)
        for one in bins
    )
    print_table(("said", "came", "95 % interval", "people"), rows, title=title)


def _show(told: Foretold) -> None:
    if told.text:
        print(told.text)
    for chance in told.purchases:
        print(f"{chance.horizon_days} d: {chance.chance:.1%} ({chance.basis})")
        for reason in chance.reasons:
            print(f"  {'+' if reason.effect > 0 else '-'} {reason.text}")
    if told.churn is not None:
        print(f"churn (90 d): {told.churn:.1%}")
    if told.lifetime is not None:
        _show_lifetime(told.lifetime)
    for category in told.next_categories:
        print(f"→ {category.category}: {category.chance:.1%}")
    for latent in told.latent:
        print(f"? {latent.category}: {latent.chance:.1%}, ×{latent.strength:.1f} ({', '.join(latent.because)})")


def _show_lifetime(outlook: LifetimeOutlook) -> None:
    value = "" if outlook.value_minor is None else f", {outlook.value_minor / 100:.2f}"
    print(f"alive: {outlook.alive:.1%}; {outlook.days} d: {outlook.orders:.2f} orders{value}")
    for reasons in (outlook.alive_reasons, outlook.order_reasons, outlook.value_reasons):
        print("; ".join(f"{'+' if one.effect > 0 else '-'} {one.text}" for one in reasons))


def _show_groups(groups: tuple[OfferGroup, ...]) -> None:
    rows = ((one.text, one.people, one.lines, f"{one.ratio:.2f}", f"{one.low:.2f} to {one.high:.2f}") for one in groups)
    print_table(("group", "people", "lines", "ratio", "95 % interval"), rows)
