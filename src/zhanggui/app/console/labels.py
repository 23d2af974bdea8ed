"""Labels that goods have earned: what each rests on, and which a merchant hides."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from zhanggui.kernel.words import N_
from zhanggui.recommend.words.labels import meaning_of

from .shell import Console

DONE: Mapping[str, str] = {
    "hidden": N_("The label is hidden; the ledger has it."),
    "shown": N_("The label shows again."),
}
SCOPE = {"scope": "recommend:admin"}
POSTED = {**SCOPE, "has_form": True}


@get("/console/{shop:str}/labels", include_in_schema=False, sync_to_thread=True, opt=SCOPE)
def labels(console: NamedDependency[Console]) -> Response[str]:
    """Every label by kind, with its evidence."""
    language, query = console.view.language, console.view.query
    found = console.rooms.label_desk.evidence(language)
    kinds = [
        (code, rows[0].name, meaning_of(code, language), rows)
        for code, rows in ((code, list(rows)) for code, rows in groupby(found, key=lambda one: one.label))
    ]
    done = query.get("done", "")
    last = (query.get("label", ""), query.get("product", "")) if done == "hidden" else None
    return console.page("recommend/labels.html", current="labels", kinds=kinds, done=DONE.get(done, ""), last=last)


@post("/console/{shop:str}/labels/{label:str}/{act:str}", include_in_schema=False, sync_to_thread=True, opt=POSTED)
def set_label(
    console: NamedDependency[Console], form: NamedDependency[Any], label: FromPath[str], act: FromPath[str]
) -> Redirect:
    """Hide a label of a product, or show it again."""
    product_id, desk = form.required("product"), console.rooms.label_desk
    if act == "hide":
        desk.hide(label, product_id, console.actor)
        return console.go("/labels", done="hidden", label=label, product=product_id)
    desk.show(label, product_id, console.actor)
    return console.go("/labels", done="shown")


LABEL_ROUTES = (labels, set_label)
