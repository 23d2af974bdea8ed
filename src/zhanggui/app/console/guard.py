"""The guard's page: type a text, and see what of it would not leave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency

from zhanggui.kernel.words import N_
from zhanggui.trust.types.guard import MOST_CHARACTERS, GuardedText

from .shell import Console

KIND_WORDS: Mapping[str, str] = {
    "email": N_("e-mail address"),
    "id_card": N_("identity number"),
    "bank_card": N_("bank card"),
    "mobile": N_("telephone number"),
    "order_number": N_("order or parcel number"),
    "wechat": N_("WeChat id"),
    "address": N_("address"),
    "name": N_("name of a person"),
}


@get("/console/{shop:str}/guard", include_in_schema=False, sync_to_thread=True, opt={"scope": "trust:guard"})
def guard_page(console: NamedDependency[Console]) -> Response[str]:
    """The box, empty."""
    return _page(console, "", None)


@post(
    "/console/{shop:str}/guard",
    include_in_schema=False,
    sync_to_thread=True,
    status_code=200,
    opt={"scope": "trust:guard", "has_form": True},
)
def guard_try(console: NamedDependency[Console], form: NamedDependency[Any]) -> Response[str]:
    """What was found in the text, and the text without it."""
    text = str(form.texts.get("text", ""))[:MOST_CHARACTERS]
    return _page(console, text, console.rooms.guard.examine(text, "zh" if console.view.language == "zh" else "en"))


def _page(console: Console, text: str, found: GuardedText | None) -> Response[str]:
    spans = [] if found is None else [(KIND_WORDS[one.kind], text[one.start : one.end]) for one in found.spans]
    return console.page("trust/guard.html", current="guard", text=text, found=found, spans=spans, most=MOST_CHARACTERS)


GUARD_ROUTES = (guard_page, guard_try)
