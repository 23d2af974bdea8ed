"""Taking an import back: what would go and what would stay, the button, and what came of it."""

from __future__ import annotations

from typing import Any

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from zhanggui.kernel.clock import from_ms
from zhanggui.kernel.words import N_
from zhanggui.shop.importers.errors import ImportKeptNot
from zhanggui.shop.types.imports import ImportRecord
from zhanggui.shop.types.undoing import ImportUndo, KeptBecause

from .import_words import MADE
from .shell import Console

MOST_FORETOLD = 5_000
"""So many changed facts are looked through while somebody waits for a page."""
REASONS = {
    KeptBecause.CHANGED: N_("%(what)s: %(count)s stay, somebody has changed them since"),
    KeptBecause.USED: N_("%(what)s: %(count)s stay, something that came later rests on them"),
}


@post(
    "/console/{shop:str}/import/{import_id:str}/undo",
    include_in_schema=False,
    sync_to_thread=True,
    opt={"scope": "shop:write", "has_form": True},
)
def undo(console: NamedDependency[Console], import_id: FromPath[str], form: NamedDependency[Any]) -> Response[Any]:
    """Have an import taken back, in the background; pressing twice does it once."""
    del form  # its token has been verified
    console.rooms.undoing.ask(import_id, console.actor)
    return console.go(f"/import/{import_id}")


def undo_view(console: Console, record: ImportRecord) -> dict[str, Any]:
    """What a page of an import says of taking it back; nothing of one that changed nothing."""
    changed = record.created + record.updated
    if record.dry_run or not changed:
        return {"undo": None}
    undoing = console.rooms.undoing
    found = undoing.standing(record.id)
    is_kept = True
    if found is None and changed <= MOST_FORETOLD:
        try:
            found = undoing.look(record.id)
        except ImportKeptNot:
            is_kept = False
    begun = found if found is not None and found.is_begun else None
    return {
        "undo": {
            "is_kept": is_kept,
            "is_begun": begun is not None,
            "is_done": begun is not None and begun.is_done,
            "at": console.view.formats.time(from_ms(begun.at_ms)) if begun else "",
            "by": _who(console, begun.by) if begun else "",
            "said": [] if found is None else _said(console, found),
        }
    }


def _who(console: Console, actor: str) -> str:
    accounts = {f"user:{user.id}": user.account for user in console.control.users.list()}
    return accounts.get(actor, actor)


def _said(console: Console, undo: ImportUndo) -> list[str]:
    say, number = console.view._, console.view.formats.number
    going, back = N_("%(what)s: %(count)s go"), N_("%(what)s: %(count)s get back what stood before")
    lines = [(going, what, count) for what, count in undo.removed.items()]
    lines += [(back, what, count) for what, count in undo.restored.items()]
    lines += [(REASONS[one.because], one.what, one.count) for one in undo.kept]
    return [say(words) % {"what": say(MADE[what]), "count": number(count)} for words, what, count in lines]


IMPORT_UNDO_ROUTES = (undo,)
