"""Figures for analysts: ask, see the answer with its noise, and what is left of the budget."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency

from zhanggui.app.web.provinces import province
from zhanggui.kernel.errors import InvalidInput
from zhanggui.kernel.words import N_, named
from zhanggui.trust.errors import BudgetSpent
from zhanggui.trust.service.figures import FiguresAcross
from zhanggui.trust.types.figures import (
    ANALYSTS,
    AskAcross,
    AskFigures,
    CellOf,
    FigureRow,
    ReleasedAcross,
    ReleasedFigures,
)

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
Ask = TypeVar("Ask", AskFigures, AskAcross)
DAYS = (7, 28, 90, 365)
EPSILONS = (0.1, 0.25, 0.5, 1.0)
_WORDS: Mapping[str, Mapping[str, str]] = {"gender": GENDERS, "age": AGES, "tenure": TENURES}


SHARED_CUTS: Mapping[str, str] = {
    "none": CUTS["none"],
    "shop": N_("Shop"),
    **{kind: CUTS[kind] for kind in ("gender", "age", "region", "tenure")},
}


@get("/console/{shop:str}/figures", include_in_schema=False, sync_to_thread=True, opt={"scope": "trust:figures"})
def figures(console: NamedDependency[Console], figures_across: NamedDependency[FiguresAcross]) -> Response[str]:
    """The question, and what is left of the budget."""
    return _page(console, figures_across)


@post(
    "/console/{shop:str}/figures",
    include_in_schema=False,
    sync_to_thread=True,
    status_code=200,
    opt={"scope": "trust:figures", "has_form": True},
)
def release(
    console: NamedDependency[Console], form: NamedDependency[Any], figures_across: NamedDependency[FiguresAcross]
) -> Response[str]:
    """Release figures; a budget that is spent is said on the page."""
    ask = _asked(form, AskFigures)
    try:
        found = console.rooms.analyst_figures.release(ANALYSTS, ask)
    except BudgetSpent:
        return _page(console, figures_across, ask=ask, is_refused=True)
    return _page(console, figures_across, ask=ask, found=found)


@post(
    "/console/{shop:str}/figures/across",
    include_in_schema=False,
    sync_to_thread=True,
    status_code=200,
    opt={"scope": "trust:figures", "has_form": True},
)
def across(
    console: NamedDependency[Console], form: NamedDependency[Any], figures_across: NamedDependency[FiguresAcross]
) -> Response[str]:
    """Release figures over all shops that take part and that the asker may see figures of."""
    ask = _asked(form, AskAcross)
    try:
        found = figures_across.release(ANALYSTS, ask, _may(console))
    except BudgetSpent:
        return _page(console, figures_across, shared_ask=ask, is_refused=True)
    return _page(console, figures_across, shared_ask=ask, shared=found)


@post(
    "/console/{shop:str}/figures/budget",
    include_in_schema=False,
    sync_to_thread=True,
    status_code=200,
    opt={"scope": "trust:budget", "has_form": True},
)
def grant(
    console: NamedDependency[Console], form: NamedDependency[Any], figures_across: NamedDependency[FiguresAcross]
) -> Response[str]:
    """Grant analysts a new budget, as the settings say; the ledger keeps it."""
    del form  # its token has been verified
    figures = console.rooms.analyst_figures
    figures.budget.grant(ANALYSTS, figures.limits.budget, console.caller.actor)
    return _page(console, figures_across)


def _asked(form: Any, kind: type[Ask]) -> Ask:
    given = {name: form.text(name) for name in ("measure", "by", "days", "epsilon") if form.text(name)}
    try:
        return msgspec.convert(given, kind, strict=False)
    except msgspec.ValidationError as error:
        raise InvalidInput(f"The question cannot be read: {error}.", hint="Choose from the lists.") from error


def _may(console: Console) -> Callable[[str], bool]:
    return lambda shop: console.caller.may("trust:figures", shop)


def _page(
    console: Console,
    figures_across: FiguresAcross,
    *,
    ask: AskFigures = AskFigures(),  # noqa: B008  (frozen)
    found: ReleasedFigures | None = None,
    shared_ask: AskAcross = AskAcross(),  # noqa: B008  (frozen)
    shared: ReleasedAcross | None = None,
    is_refused: bool = False,
) -> Response[str]:
    f = console.view.formats
    return console.page(
        "trust/figures.html",
        current="figures",
        ask=ask,
        found=found,
        rows=_rows(console, ask, found),
        taking_part=figures_across.taking_part(_may(console)),
        shared_ask=shared_ask,
        shared=shared,
        shared_rows=_rows(console, shared_ask, shared),
        shared_margin="" if shared is None else _value(console, shared_ask, round(shared.margin)),
        shared_cuts=SHARED_CUTS,
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


def _rows(
    console: Console, ask: AskFigures | AskAcross, found: ReleasedFigures | ReleasedAcross | None
) -> list[tuple[str, str, str]]:
    return [
        (_name(console, ask, row.group, row.group_of), _label(console, ask, row), _value(console, ask, row.value))
        for row in (() if found is None else found.rows)
    ]


def _value(console: Console, ask: AskFigures | AskAcross, value: int | None) -> str:
    if value is None:
        return console.view._(N_("withheld"))
    return console.view.formats.money(value) if ask.measure == "sales" else console.view.formats.number(value)


def _label(console: Console, ask: AskFigures | AskAcross, row: FigureRow) -> str:
    return row.label if ask.measure == "top_products" else _name(console, ask, row.label, row.of)


def _name(console: Console, ask: AskFigures | AskAcross, label: str, of: CellOf) -> str:
    say, language = console.view._, console.view.language
    if of == "all":
        return say(CUTS["none"])
    if of == "other":
        return say(N_("Not told, or others"))
    if not label or ask.by in ("none", "segment", "shop"):
        return label
    if ask.by == "region":
        return province(label, language)
    if ask.by == "category":
        return named(label, language)
    return say(_WORDS[ask.by][label])


ANALYST_FIGURE_ROUTES = (figures, release, across, grant)
