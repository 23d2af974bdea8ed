"""Predictions: which models serve, whether what they say comes true, what is missing, how groups answer to offers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from zhanggui.audience import NoProfile, PredictionCard, UnknownShopper
from zhanggui.audience.jobs.predictions import request_training
from zhanggui.audience.words.predictions import check_text, kind_text, refusal_text
from zhanggui.kernel.datasheets import Datasheet
from zhanggui.kernel.errors import NotFound
from zhanggui.kernel.words import N_

from .datasheets import basis_rows, check_table
from .prediction_charts import reliability_plot
from .prediction_plots import beside_plots
from .prediction_tables import PATH, STATES, bin_table, card_table, offer_table
from .shell import Console

DONE: Mapping[str, str] = {"asked": N_("A training was asked for; what passes its checks serves by itself.")}
SCOPE = {"scope": "audience:measure"}
POSTED = {"scope": "audience:train", "has_form": True}


@get("/console/{shop:str}/predictions", include_in_schema=False, sync_to_thread=True, opt=SCOPE)
def predictions(console: NamedDependency[Console]) -> Response[str]:
    """Models, their reliability, what is missing, groups, and one customer where somebody is asked about."""
    view, desk = console.view, console.rooms.audience.predictions
    found = desk.models(view.language)
    serving = [card for card in found.cards if card.state == "current"]
    sheet = _newest_sheet(found.cards)
    asked = view.query.get("customer", "").strip() if console.may("audience:read") else ""
    return console.page(
        "audience/predictions.html",
        current="predictions",
        plots=[reliability_plot(console, card) for card in serving if card.bins],
        cards=card_table(console, found.cards),
        states=STATES,
        reason=lambda card: refusal_text(card.reason, view.language),
        missing=[
            (kind_text(check.kind, view.language), check_text(check, view.language))
            for check in found.checks
            if not check.holds
        ],
        sheet=sheet,
        checks=check_table(console, PATH, sheet),
        bases=[] if sheet is None else basis_rows(console, sheet),
        groups=offer_table(console, desk.offers(view.language)),
        may_train=console.may("audience:train"),
        may_ask=console.may("audience:read"),
        asked=asked,
        beside=beside_plots(console, serving),
        **_of_one(console, asked),
        done=DONE.get(view.query.get("done", ""), ""),
    )


@get("/console/{shop:str}/predictions/models.csv", include_in_schema=False, sync_to_thread=True, opt=SCOPE)
def models_csv(console: NamedDependency[Console]) -> Response[bytes]:
    """The models as a file."""
    return card_table(console, _cards(console)).file("prediction-models")


@get("/console/{shop:str}/predictions/offers.csv", include_in_schema=False, sync_to_thread=True, opt=SCOPE)
def offers_csv(console: NamedDependency[Console]) -> Response[bytes]:
    """How groups answer to reduced prices, as a file."""
    return offer_table(console, console.rooms.audience.predictions.offers(console.view.language)).file("offer-groups")


@get("/console/{shop:str}/predictions/checks.csv", include_in_schema=False, sync_to_thread=True, opt=SCOPE)
def prediction_checks_csv(console: NamedDependency[Console]) -> Response[bytes]:
    """The checks of the newest training set, as a file."""
    return check_table(console, PATH, _newest_sheet(_cards(console))).file("prediction-checks")


@get("/console/{shop:str}/predictions/{kind:str}/bins.csv", include_in_schema=False, sync_to_thread=True, opt=SCOPE)
def bins_csv(console: NamedDependency[Console], kind: FromPath[str]) -> Response[bytes]:
    """What the model of a kind that serves said against what came, as a file."""
    serving = (card for card in _cards(console) if card.state == "current" and card.bins)
    card = next((one for one in serving if one.kind == kind), None)
    if card is None:
        raise NotFound(f"No model of the kind {kind!r} serves.", hint="Follow the link beside its plot.")
    return bin_table(console, card).file(f"reliability-{card.kind}")


@get(
    "/console/{shop:str}/predictions/{kind:str}/{plot:str}/bins.csv",
    include_in_schema=False,
    sync_to_thread=True,
    opt=SCOPE,
)
def plot_csv(console: NamedDependency[Console], kind: FromPath[str], plot: FromPath[str]) -> Response[bytes]:
    """What a plot beside the chances of a kind shows, as a file."""
    serving = (card for card in _cards(console) if card.state == "current" and card.kind == kind)
    named = ((card, name) for card in serving for name, bins in card.plots.items() if name == plot and bins)
    found = next(named, None)
    if found is None:
        raise NotFound(f"No model of the kind {kind!r} has a plot {plot!r}.", hint="Follow the link beside its plot.")
    return bin_table(console, *found).file(f"{kind}-{plot}")


def _cards(console: Console) -> Sequence[PredictionCard]:
    return console.rooms.audience.predictions.models(console.view.language).cards


def _newest_sheet(cards: Sequence[PredictionCard]) -> Datasheet | None:
    return next((card.datasheet for card in cards if card.datasheet is not None), None)


@post("/console/{shop:str}/predictions/train", include_in_schema=False, sync_to_thread=True, opt=POSTED)
def train_predictions(console: NamedDependency[Console], form: NamedDependency[Any]) -> Redirect:
    """Ask for a training; it runs in the background."""
    del form  # its token has been verified
    request_training(console.rooms.db)
    return console.go("/predictions", done="asked")


def _of_one(console: Console, customer_id: str) -> dict[str, Any]:
    """What is foretold of a customer, or why nothing is."""
    if not customer_id:
        return {"told": None, "problem": ""}
    try:
        told = console.rooms.audience.predictions.of(customer_id, language=console.view.language)
    except UnknownShopper:
        return {"told": None, "problem": N_("The shop knows no customer of that id.")}
    except NoProfile:
        return {"told": None, "problem": N_("They have not allowed personalization: nothing is foretold of them.")}
    return {"told": told, "problem": ""}


PREDICTION_ROUTES = (
    predictions,
    models_csv,
    offers_csv,
    prediction_checks_csv,
    bins_csv,
    plot_csv,
    train_predictions,
)
