"""The models: which one serves, which were kept or refused and why, and what each was made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from zhanggui.app.web.spreadsheet import csv_answer
from zhanggui.app.web.tables import Column, TableAsk, TableRows
from zhanggui.kernel.clock import from_ms
from zhanggui.kernel.jobs import JobState
from zhanggui.kernel.words import N_
from zhanggui.recommend.jobs.training import asked_training, open_training, request_training
from zhanggui.recommend.service.training.data_gate import REFUSED
from zhanggui.recommend.service.training.model_check import GUARDRAILS
from zhanggui.recommend.types.models import ModelCard
from zhanggui.recommend.words import SIGNALS

from .datasheets import basis_rows, check_table, why_stopped
from .import_sentences import told_error
from .model_facts import facts_of
from .model_files import MODEL_FILE_ROUTES
from .model_quality import served_chart, warnings
from .model_tables import guard_table, served_table, tried_table
from .shell import Console

STATES: Mapping[str, tuple[str, str]] = {
    "current": (N_("Serves now"), "ok"),
    "kept": (N_("Kept"), "info"),
    "refused": (N_("Refused"), "warn"),
}
"""State → its word and its tone."""
REASONS: Mapping[str, str] = {
    "worse than popularity on the last sessions": N_(
        "On the last sessions it found less than a plain list of what is popular."
    ),
    "worse than the present model on the sessions since": N_(
        "On the sessions since then it found less than the model that serves."
    ),
    GUARDRAILS["coverage@20"]: N_("It shows far less of the catalogue than the model that served."),
    GUARDRAILS["new_share@20"]: N_("It shows far fewer new products than the model that served."),
    GUARDRAILS["evenness@20"]: N_("It shows products far more unevenly than the model that served."),
    GUARDRAILS["entropy@20"]: N_("It shows far fewer kinds of goods than the model that served."),
}
METHODS: Mapping[str, str] = {
    "ease": N_("linear autoencoder (EASE)"),
    "cosine": N_("likeness by who bought (cosine)"),
    "chosen": N_("chosen among several"),
}
REUSED: Mapping[str, str] = {
    "blend": N_("weights of the model before"),
    "content": N_("what is alike by its words"),
}
"""What an incremental training takes over."""
WEIGHTS: Mapping[str, str] = {
    "alike": SIGNALS["alike"],
    "together": SIGNALS["together"],
    "content": SIGNALS["content"],
    "trending": N_("Selling in the last days"),
    "alike_trending": N_("Liked by the same taste, and selling now"),
    "rising": N_("Selling in the last weeks"),
    "popular": N_("Selling in the last months"),
    "newness": SIGNALS["newness"],
    "bought": SIGNALS["bought"],
    "bought_often": N_("Bought before more than once"),
    "bought_count": N_("How often it was bought"),
    "bought_lately": N_("Bought not long ago"),
    "repeat_rate": N_("How many buy it again"),
    "due": N_("Due again by the own rhythm"),
    "bought_just_now": N_("Bought just now"),
}
"""Features of the ranking, as a reader knows them."""
DONE: Mapping[str, str] = {
    "asked": N_("Training was asked for."),
    "joined": N_("A training that was asked for before has not ended: it does this too."),
    "called-off": N_("The training was called off."),
    "put-back": N_("The earlier model serves again."),
    "undone": N_("The model that served before serves again."),
}
SORTS = ("at", "rows", "products", "recall")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a card: what it is, what it means, the baseline beside it and the occasions it rests on."""

    name: str
    meaning: str
    value: float
    baseline_name: str
    baseline: float
    occasions: int


@get("/console/{shop:str}/models", include_in_schema=False, sync_to_thread=True, opt={"scope": "recommend:measure"})
def models(console: NamedDependency[Console]) -> Response[str]:
    """All models, and the button that trains anew."""
    every = console.rooms.recommend.model_cards()
    ask, cards = _listed(console)
    page = TableRows(cards[ask.offset : ask.offset + 50], len(cards), ask)
    report = console.rooms.model_desk.quality.report()
    return console.page(
        "recommend/models.html",
        current="models",
        columns=_columns(console),
        page=page,
        export=f"{console.base}/models.csv{ask.address()}",
        states=STATES,
        reason=lambda card: _reason(console, card),
        serving=next((card for card in every if card.state == "current"), None),
        training=open_training(console.rooms.db),
        failure=_failure(console, every),
        done=DONE.get(console.view.query.get("done", "")),
        may_train=console.may("recommend:admin"),
        from_ms=from_ms,
        may_compare=sum(card.state != "refused" for card in every) > 1,
        chart=served_chart(console, report),
        served=served_table(console, report),
        warnings=warnings(console, report),
        uncounted=report.uncounted,
    )


@get("/console/{shop:str}/models.csv", include_in_schema=False, sync_to_thread=True, opt={"scope": "recommend:measure"})
def models_csv(console: NamedDependency[Console]) -> Response[bytes]:
    """The same table as a file."""
    _, cards = _listed(console)
    iso = console.view.formats.iso
    names = ("id", "state", "rows", "people", "products", "reason")
    rows = (
        [iso(from_ms(card.at_ms)), card.recall, card.metrics.get("recall@20_popular")]
        + [getattr(card, name) for name in names]
        for card in cards
    )
    return csv_answer("models", ("trained", "recall@20", "recall@20_popular", *names), rows)


@get(
    "/console/{shop:str}/models/{model_id:str}",
    include_in_schema=False,
    sync_to_thread=True,
    opt={"scope": "recommend:measure"},
)
def model_card(console: NamedDependency[Console], model_id: FromPath[str]) -> Response[str]:
    """The card of one model."""
    card = console.rooms.recommend.model_card(model_id)
    weights = sorted(
        ((name.removeprefix("weight_"), float(value)) for name, value in card.parameters.items() if "weight_" in name),
        key=lambda pair: -abs(pair[1]),
    )
    return console.page(
        "recommend/model.html",
        current="models",
        card=card,
        state=STATES[card.state],
        figures=_figures(console, card),
        guards=guard_table(console, card),
        reused=" · ".join(console.view._(REUSED[part]) for part in REUSED if part in card.parameters.get("reused", "")),
        reason=_reason(console, card),
        method=METHODS.get(card.parameters.get("alike", ""), card.parameters.get("alike", "")),
        facts=facts_of(console, card),
        weights=weights,
        largest=max((abs(value) for _, value in weights), default=1.0) or 1.0,
        words=WEIGHTS,
        tried=tried_table(console, card),
        sheet=card.datasheet,
        checks=check_table(console, f"/models/{card.id}", card.datasheet),
        bases=[] if card.datasheet is None else basis_rows(console, card.datasheet),
    )


@post(
    "/console/{shop:str}/models/train",
    include_in_schema=False,
    sync_to_thread=True,
    opt={"scope": "recommend:admin", "has_form": True},
)
def train(console: NamedDependency[Console], form: NamedDependency[Any]) -> Redirect:
    """Ask for a training; it runs in the background."""
    asked = request_training(console.rooms.db, incremental=form.is_checked("incremental"))
    return console.go("/models", done="joined" if asked.is_joined else "asked")


def _listed(console: Console) -> tuple[TableAsk, list[ModelCard]]:
    ask = TableAsk.of(console.view.query, sorts=SORTS, filters=("state",))
    wanted = ask.filters.get("state")
    cards = [card for card in console.rooms.recommend.model_cards() if wanted in (None, card.state)]
    keys = {
        "at": lambda card: card.at_ms,
        "rows": lambda card: card.rows,
        "products": lambda card: card.products,
        "recall": lambda card: card.recall or 0.0,
    }
    if ask.sort:
        cards.sort(key=keys[ask.sort], reverse=ask.is_descending)
    return ask, cards


def _failure(console: Console, cards: Sequence[ModelCard]) -> str:
    """Why the training that a person asked for last came to nothing; empty where it did not, or one came since."""
    asked = asked_training(console.rooms.db)
    if asked is None or asked.state not in {JobState.DEAD, JobState.WAITING}:
        return ""
    is_past = any(card.at_ms > asked.ended_ms > 0 for card in cards)
    return "" if is_past else told_error(asked.error, console.view._)


def _columns(console: Console) -> tuple[Column, ...]:
    say = console.view._
    return (
        Column("at", say(N_("Trained"))),
        Column("state", say(N_("State")), is_sortable=False),
        Column("rows", say(N_("Events")), is_number=True, is_wide=True),
        Column("products", say(N_("Products")), is_number=True, is_wide=True),
        Column("recall", say(N_("Found of 20")), is_number=True),
    )


def _reason(console: Console, card: ModelCard) -> str:
    if card.reason.startswith(REFUSED):
        return why_stopped(console, card.reason.removeprefix(REFUSED))
    return console.view._(REASONS[card.reason]) if card.reason in REASONS else card.reason


def _figures(console: Console, card: ModelCard) -> list[Figure]:
    say, held = console.view._, card.metrics
    found = []
    if held.get("occasions"):
        found.append(
            Figure(
                say(N_("Found on the last sessions")),
                say(N_("How often what a shopper took next was among the 20 that the model would have shown.")),
                held.get("recall@20", 0.0),
                say(N_("A list of what is popular")),
                held.get("recall@20_popular", 0.0),
                int(held["occasions"]),
            )
        )
    if held.get("occasions_since"):
        found.append(
            Figure(
                say(N_("Found on the sessions since")),
                say(N_("The same, on sessions that the model before had not learned from.")),
                held.get("recall@20_since", 0.0),
                say(N_("The model before")),
                held.get("recall@20_since_present", 0.0),
                int(held["occasions_since"]),
            )
        )
    return found


MODEL_ROUTES = (models, models_csv, model_card, train, *MODEL_FILE_ROUTES)
