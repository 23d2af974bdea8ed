"""Labels that goods have earned: what each rests on, and which a merchant hides."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from zhanggui.app.web.spreadsheet import csv_answer
from zhanggui.app.web.tables import Column, TableAsk, TableRows
from zhanggui.kernel.words import N_
from zhanggui.recommend.types.labels import EarnedLabel
from zhanggui.recommend.words.labels import NAMES, meaning_of

from .listing import choice
from .shell import Console

DONE: Mapping[str, str] = {
    "hidden": N_("The label is hidden; the ledger has it."),
    "shown": N_("The label shows again."),
}
STATES: Mapping[str, str] = {"shown": N_("Shows"), "hidden": N_("Hidden")}
SORTS = ("title", "label", "share", "hits", "orders", "since")
HEAD = ("label", "product_id", "title", "share", "shop_share", "hits", "of", "orders", "chance", "since", "is_hidden")
SCOPE = {"scope": "recommend:admin"}
POSTED = {**SCOPE, "has_form": True}


@get("/console/{shop:str}/labels", include_in_schema=False, sync_to_thread=True, opt=SCOPE)
def labels(console: NamedDependency[Console]) -> Response[str]:
    """Every label with its evidence."""
    query, ask = console.view.query, _asked(console)
    rows = _listed(console, ask)
    done = query.get("done", "")
    return console.page(
        "recommend/labels.html",
        current="labels",
        columns=_columns(console),
        page=TableRows.of(rows, ask),
        choices=[
            choice(console, "label", console.view._(N_("Label")), dict(NAMES.items()), ask.filters.get("label", "")),
            choice(console, "state", console.view._(N_("State")), STATES, ask.filters.get("state", "")),
        ],
        export=f"{console.base}/labels.csv{ask.address()}",
        meaning=lambda code: meaning_of(code, console.view.language),
        done=DONE.get(done, ""),
        last=(query.get("of", ""), query.get("product", "")) if done == "hidden" else None,
    )


@get("/console/{shop:str}/labels.csv", include_in_schema=False, sync_to_thread=True, opt=SCOPE)
def labels_csv(console: NamedDependency[Console]) -> Response[bytes]:
    """The same table as a file."""
    found = _listed(console, _asked(console))
    iso = console.view.formats.iso
    rows = ([iso(one.since) if name == "since" else getattr(one, name) for name in HEAD] for one in found)
    return csv_answer("labels", HEAD, rows)


@post("/console/{shop:str}/labels/{label:str}/{act:str}", include_in_schema=False, sync_to_thread=True, opt=POSTED)
def set_label(
    console: NamedDependency[Console], form: NamedDependency[Any], label: FromPath[str], act: FromPath[str]
) -> Redirect:
    """Hide a label of a product, or show it again."""
    product_id, desk = form.required("product"), console.rooms.label_desk
    if act == "hide":
        desk.hide(label, product_id, console.actor)
        return console.go("/labels", done="hidden", of=label, product=product_id)
    desk.show(label, product_id, console.actor)
    return console.go("/labels", done="shown")


def _asked(console: Console) -> TableAsk:
    return TableAsk.of(console.view.query, sorts=SORTS, filters=("label", "state"))


def _listed(console: Console, ask: TableAsk) -> list[EarnedLabel]:
    label, state, search = ask.filters.get("label"), ask.filters.get("state"), ask.search.casefold()
    found = [
        one
        for one in console.rooms.label_desk.evidence(console.view.language)
        if label in (None, one.label)
        and state in (None, "hidden" if one.is_hidden else "shown")
        and (search in one.title.casefold() or search in one.product_id.casefold())
    ]
    keys: Mapping[str, Callable[[EarnedLabel], Any]] = {
        "title": lambda one: one.title.casefold(),
        "label": lambda one: one.name,
        "share": lambda one: one.share,
        "hits": lambda one: one.hits,
        "orders": lambda one: one.orders,
        "since": lambda one: one.since,
    }
    return sorted(found, key=keys[ask.sort], reverse=ask.is_descending) if ask.sort else found


def _columns(console: Console) -> tuple[Column, ...]:
    say = console.view._
    return (
        Column("title", say(N_("Product"))),
        Column("label", say(N_("Label"))),
        Column("share", say(N_("Share")), is_number=True),
        Column("hits", say(N_("Counted")), is_number=True, is_wide=True),
        Column("orders", say(N_("Orders")), is_number=True, is_wide=True),
        Column("since", say(N_("Earned since")), is_wide=True),
    )


LABEL_ROUTES = (labels, labels_csv, set_label)
