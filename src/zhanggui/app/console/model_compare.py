"""Two models side by side: figures with intervals, weights, and how differently they would serve."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency

from zhanggui.kernel.words import N_
from zhanggui.recommend.types.models import ModelCard

from .model_facts import ordered_by
from .model_tables import GUARD_WORDS
from .models import METHODS, STATES, WEIGHTS
from .shell import Console


@dataclass(frozen=True, slots=True)
class Beside:
    """One line: what it is, and its value in either model."""

    name: str
    first: str
    second: str


@get(
    "/console/{shop:str}/models/compare",
    include_in_schema=False,
    sync_to_thread=True,
    opt={"scope": "recommend:measure"},
)
def compare(console: NamedDependency[Console]) -> Response[str]:
    """Two models side by side; the one that serves and the newest kept where none are chosen."""
    cards = [card for card in console.rooms.recommend.model_cards() if card.state != "refused"]
    first, second = _chosen(console, cards)
    seen = console.rooms.model_desk.comparing.compare(first, second) if first and second else None
    shown: dict[str, Any] = {}
    if seen is not None:
        shown = {"parts": _parts(console, (seen.first, seen.second)), "cards": (seen.first, seen.second)}
    return console.page(
        "recommend/compare.html",
        current="models",
        seen=seen,
        choices=cards,
        chosen=(first, second),
        states=STATES,
        **({"parts": [], "cards": ()} | shown),
    )


def _chosen(console: Console, cards: Sequence[ModelCard]) -> tuple[str, str]:
    """The two that are asked for, else the one that serves and another; empty where there are not two."""
    if len(cards) < 2:
        return "", ""
    query = console.view.query
    serving = next((card.id for card in cards if card.state == "current"), cards[0].id)
    other = next(card.id for card in cards if card.id != serving)
    return query.get("first", other), query.get("second", serving)


def _parts(console: Console, cards: tuple[ModelCard, ModelCard]) -> list[tuple[str, list[Beside]]]:
    say = console.view._
    return [
        (say(N_("How well it does")), _figures(console, cards)),
        (say(N_("Made from")), _made_from(console, cards)),
        (say(N_("What counts how much")), _weights(console, cards)),
    ]


def _figures(console: Console, cards: tuple[ModelCard, ModelCard]) -> list[Beside]:
    say, f = console.view._, console.view.formats

    def found(card: ModelCard) -> str:
        held = card.metrics
        if card.recall is None:
            return say(N_("Not measured: nobody came back"))
        if "recall@20_low" not in held:
            return f.percent(card.recall)
        return f"{f.percent(card.recall)} ({f.percent(held['recall@20_low'])}–{f.percent(held['recall@20_high'])})"

    lines = [Beside(say(N_("Found of 20, with its 95 % interval")), *map(found, cards))]
    lines.append(
        Beside(say(N_("Sessions that judged it")), *(f.number(card.metrics.get("occasions", 0)) for card in cards))
    )
    for key, (name, _) in GUARD_WORDS.items():
        lines.append(Beside(say(name), *(f.number(card.metrics.get(key), 2) for card in cards)))
    return lines


def _made_from(console: Console, cards: tuple[ModelCard, ModelCard]) -> list[Beside]:
    say, f = console.view._, console.view.formats
    methods = (card.parameters.get("alike", "") for card in cards)
    return [
        Beside(say(N_("Trained")), *(f.time_ms(card.at_ms) for card in cards)),
        Beside(say(N_("Events")), *(f.number(card.rows) for card in cards)),
        Beside(say(N_("Products")), *(f.number(card.products) for card in cards)),
        Beside(say(N_("Method")), *(say(METHODS[method]) if method in METHODS else method for method in methods)),
        Beside(say(N_("How it orders")), *(ordered_by(console, card) for card in cards)),
        Beside(say(N_("Seed")), *(str(card.seed) for card in cards)),
    ]


def _weights(console: Console, cards: tuple[ModelCard, ModelCard]) -> list[Beside]:
    say, f = console.view._, console.view.formats

    def weight(card: ModelCard, name: str) -> float:
        return float(card.parameters.get(f"weight_{name}", 0))

    ordered = sorted(WEIGHTS, key=lambda name: -max(abs(weight(card, name)) for card in cards))
    return [Beside(say(WEIGHTS[name]), *(f.number(weight(card, name), 2) for card in cards)) for name in ordered]


MODEL_COMPARE_ROUTES = (compare,)
