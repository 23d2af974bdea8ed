"""Predictions: which models serve, whether what they say comes true, what is missing, how groups answer to offers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect

from zhanggui.audience import NoProfile, PredictionCard, UnknownShopper
from zhanggui.audience.jobs.predictions import request_training
from zhanggui.audience.words.predictions import check_text, kind_text, refusal_text
from zhanggui.kernel.words import N_

from .datasheets import basis_rows, check_rows
from .prediction_charts import reliability_plot
from .prediction_plots import beside_plots
from .shell import Console

DONE: Mapping[str, str] = {"asked": N_("A training was asked for; what passes its checks serves by itself.")}
STATES: Mapping[str, tuple[str, str]] = {
    "current": (N_("serves"), "ok"),
    "kept": (N_("Kept"), ""),
    "refused": (N_("did not pass"), "bad"),
}
SCOPE = {"scope": "audience:measure"}
POSTED = {"scope": "audience:train", "has_form": True}


@get("/console/{shop:str}/predictions", include_in_schema=False, sync_to_thread=True, opt=SCOPE)
def predictions(console: NamedDependency[Console]) -> Response[str]:
    """Models, their reliability, what is missing, groups, and one customer where somebody is asked about."""
    view, desk = console.view, console.rooms.audience.predictions
    found = desk.models(view.language)
    serving = [card for card in found.cards if card.state == "current"]
    sheet = next((card.datasheet for card in found.cards if card.datasheet is not None), None)
    asked = view.query.get("customer", "").strip() if console.may("audience:read") else ""
    return console.page(
        "audience/predictions.html",
        current="predictions",
        plots=[reliability_plot(console, card) for card in serving if card.bins],
        cards=[_row(console, card) for card in _shown(found.cards)],
        missing=[
            (kind_text(check.kind, view.language), check_text(check, view.language))
            for check in found.checks
            if not check.holds
        ],
        sheet=sheet,
        checks=[] if sheet is None else check_rows(console, sheet),
        bases=[] if sheet is None else basis_rows(console, sheet),
        groups=desk.offers(view.language),
        may_train=console.may("audience:train"),
        may_ask=console.may("audience:read"),
        asked=asked,
        beside=beside_plots(console, serving),
        **_of_one(console, asked),
        done=DONE.get(view.query.get("done", ""), ""),
    )


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


def _shown(cards: Sequence[PredictionCard]) -> list[PredictionCard]:
    """Those that serve, and of each kind one that did not pass after the one that serves was made."""
    serving = {card.kind: card for card in cards if card.state == "current"}
    refused: dict[str, PredictionCard] = {}
    for card in cards:
        if card.state == "refused" and (card.kind not in serving or card.id > serving[card.kind].id):
            refused.setdefault(card.kind, card)
    return [*serving.values(), *refused.values()]


def _row(console: Console, card: PredictionCard) -> dict[str, Any]:
    f, language = console.view.formats, console.view.language
    state, tone = STATES[card.state]
    figures = card.metrics
    return {
        "name": kind_text(card.kind, language),
        "state": state,
        "tone": tone,
        "at": card.at,
        "people": f.number(card.people),
        "days": [f.day(date.fromisoformat(day)) for day in (card.from_day, card.until_day)],
        "figures": [
            f.number(figures[name], 3) if name in figures else ""
            for name in ("auc", "auc_recency", "brier", "brier_recency", "ece")
        ],
        "reason": refusal_text(card.reason, language),
    }


PREDICTION_ROUTES = (predictions, train_predictions)
