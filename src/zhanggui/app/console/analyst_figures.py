"""Figures for analysts: ask, see the answer with its noise, and what is left of the budget."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency

from zhanggui.app.web.provinces import province
from zhanggui.kernel.errors import InvalidInput
from zhanggui.kernel.words import N_, named
from zhanggui.trust.errors import BudgetSpent
from zhanggui.trust.routes.figures import ANALYSTS
from zhanggui.trust.types.figures import AskFigures, ReleasedFigures

from .customer_words import AGES, GENDERS
from .fairness import TENURES
from .shell import Console

MEASURES: Mapping[str, str] = {
    "orders": N_("Purchases"),
    "buyers": N_("People who bought"),
    "sales": N_("Sales"),
    "top_products": N_("Most bought products"),
}
CUTS: Mapping[str, str] = {
    "none": N_("All together"),
    "category": N_("Category"),
    "gender": N_("Gender"),
    "age": N_("Age"),
    "region": N_("Region"),
    "tenure": N_("Customer for"),
    "segment": N_("Segment"),
}
DAYS = (7, 28, 90, 365)
EPSILONS = (0.1, 0.25, 0.5, 1.0)
_WORDS: Mapping[str, Mapping[str, str]] = {"gender": GENDERS, "age": AGES, "tenure": TENURES}


@get("/console/{shop:str}/figures", include_in_schema=False, sync_to_thread=True, opt={"scope": "trust:figures"})
def figures(console: NamedDependency[Console]) -> Response[str]:
    """The question, and what is left of the budget."""
    return _page(console, AskFigures(), None)


@post(
    "/console/{shop:str}/figures",
    include_in_schema=False,
    sync_to_thread=True,
    status_code=200,
    opt={"scope": "trust:figures", "has_form": True},
)
def release(console: NamedDependency[Console], form: NamedDependency[Any]) -> Response[str]:
    """Release figures; a budget that is spent is said on the page."""
    given = {name: form.text(name) for name in ("measure", "by", "days", "epsilon") if form.text(name)}
    try:
        ask = msgspec.convert(given, AskFigures, strict=False)
    except msgspec.ValidationError as error:
        raise InvalidInput(f"The question cannot be read: {error}.", hint="Choose from the lists.") from error
    try:
        found = console.rooms.analyst_figures.release(ANALYSTS, ask)
    except BudgetSpent:
        return _page(console, ask, None, is_refused=True)
    return _page(console, ask, found)


@post(
    "/console/{shop:str}/figures/budget",
    include_in_schema=False,
    sync_to_thread=True,
    status_code=200,
    opt={"scope": "trust:budget", "has_form": True},
)
def grant(console: NamedDependency[Console], form: NamedDependency[Any]) -> Response[str]:
    """Grant analysts a new budget, as the settings say; the ledger keeps it."""
    del form  # its token has been verified
    figures = console.rooms.analyst_figures
    figures.budget.grant(ANALYSTS, figures.limits.budget, console.caller.actor)
    return _page(console, AskFigures(), None)


def _page(
    console: Console, ask: AskFigures, found: ReleasedFigures | None, *, is_refused: bool = False
) -> Response[str]:
    f = console.view.formats
    return console.page(
        "trust/figures.html",
        current="figures",
        ask=ask,
        found=found,
        rows=[]
        if found is None
        else [
            (_group(console, ask, row.group), _label(console, ask, row.label), _value(console, ask, row.value))
            for row in found.rows
        ],
        is_cut=found is not None and any(row.group for row in found.rows),
        least="" if found is None or not found.least else console.view.formats.number(found.least),
        margin="" if found is None else _value(console, ask, round(found.margin)),
        is_refused=is_refused,
        budget=console.rooms.analyst_figures.budget.state(ANALYSTS),
        measures=MEASURES,
        cuts=CUTS,
        days=DAYS,
        epsilons=[(one, f.number(one, 2)) for one in EPSILONS],
        may_grant=console.may("trust:budget"),
    )


def _value(console: Console, ask: AskFigures, value: int | None) -> str:
    if value is None:
        return console.view._(N_("withheld"))
    return console.view.formats.money(value) if ask.measure == "sales" else console.view.formats.number(value)


def _label(console: Console, ask: AskFigures, label: str) -> str:
    return label if ask.measure == "top_products" else _group(console, ask, label)


def _group(console: Console, ask: AskFigures, label: str) -> str:
    say, language = console.view._, console.view.language
    if label == "all":
        return say(CUTS["none"])
    if label == "other":
        return say(N_("Not told, or others"))
    if not label or ask.by in ("none", "segment"):
        return label
    if ask.by == "region":
        return province(label, language)
    if ask.by == "category":
        return named(label, language)
    return say(_WORDS[ask.by][label])


ANALYST_FIGURE_ROUTES = (figures, release, grant)
