"""How far the software may go alone, kind by kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from zhanggui.app.web.phrases import Phrases
from zhanggui.kernel.errors import InvalidInput
from zhanggui.trust import AutonomyLevel, LedgerAsk

from .inbox_item import InboxItem
from .inbox_list import InboxList
from .shell import Console

RECENT = 200
"""So many settings of levels are looked through for who made the last one of each kind."""


class UnknownLevel(InvalidInput):
    """A form asked for a level that there is not."""

    code = "web.unknown_level"


class _Set(msgspec.Struct, frozen=True):
    kind: str
    level: str


@dataclass(frozen=True, slots=True)
class KindLevel:
    """One kind with its level, in words. `set_by` is empty while nobody has chosen one."""

    name: str
    words: str
    level: AutonomyLevel
    set_by: str


@get("/console/{shop:str}/inbox/levels", include_in_schema=False, sync_to_thread=True, opt={"scope": "trust:read"})
def levels_page(console: NamedDependency[Console]) -> Response[str]:
    """All kinds, and what each level means."""
    phrases, autonomy = Phrases(console.view), console.rooms.proposals.autonomy()
    chosen = _chosen(console, phrases)
    kinds = [
        KindLevel(held.kind, phrases.say("kind", held.kind), held.level, chosen.get(held.kind, ""))
        for held in autonomy.kinds
    ]
    meanings = [
        (level, phrases.say("level", level.value), phrases.say("level_means", level.value)) for level in AutonomyLevel
    ]
    done = console.view.query.get("done", "")
    return console.page(
        "trust/inbox_levels.html",
        current="inbox",
        kinds=kinds,
        meanings=meanings,
        may_set=console.may("trust:autonomy"),
        done=next((kind.words for kind in kinds if kind.name == done), ""),
    )


@post(
    "/console/{shop:str}/inbox/levels/{kind:str}",
    include_in_schema=False,
    sync_to_thread=True,
    opt={"scope": "trust:autonomy", "has_form": True},
)
def set_level(console: NamedDependency[Console], kind: FromPath[str], form: NamedDependency[Any]) -> Redirect:
    """Set the level of a kind."""
    asked = form.required("level")
    if asked not in set(AutonomyLevel):
        raise UnknownLevel(f"There is no level {asked[:40]!r}.", hint=f"Choose one of {', '.join(AutonomyLevel)}.")
    console.rooms.proposals.set_autonomy(kind, AutonomyLevel(asked), console.actor)
    return console.go("/inbox/levels", done=kind)


def _chosen(console: Console, phrases: Phrases) -> dict[str, str]:
    """Who set the level of each kind last, and when, from the ledger."""
    who = InboxItem(console, phrases, InboxList(console, phrases)).who
    chosen: dict[str, str] = {}
    for entry in console.rooms.ledger.find(LedgerAsk(kind="autonomy.level"), limit=RECENT).items:
        if entry.payload is None:
            continue
        record = msgspec.convert(entry.payload, _Set)
        at = console.view.formats.time_ms(entry.at_ms)
        chosen.setdefault(record.kind, phrases.say("level", "set_by", who=who(entry.actor), at=at))
    return chosen


LEVEL_ROUTES = (levels_page, set_level)
