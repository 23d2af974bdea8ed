"""See it learn: a shelf and what the shop knows, side by side, before and after each press."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect

from zhanggui.app.rooms import Rooms
from zhanggui.app.web.signals import signal_shares
from zhanggui.kernel.ids import new_id
from zhanggui.kernel.words import N_
from zhanggui.recommend import PastAct, Preference, Preview, ShowLess
from zhanggui.shop import CatalogueView, Event, EventContext, EventName
from zhanggui.trust.types.ledger import LedgerAsk

from .shell import Tour
from .trials import new_token

HERE = "/tour/learn"
SHELF = 6
MOST_ACTS = 8
TEMPTING = 4
NARROW = 0.04
"""A keyword that more of the catalogue has says nothing of a taste."""
ACTS = {
    "view_item": N_("You looked at"),
    "add_to_cart": N_("You put in the cart"),
    "dismiss": N_("You want less of"),
}


WRITTEN = {
    "created": N_("You want less of"),
    "changed": N_("You chose what is lowered with"),
    "undone": N_("You took back your wish about"),
}
"""What an entry of the ledger says, by its act."""


@dataclass(frozen=True, slots=True)
class Written:
    """An entry of the ledger about this visitor: its number, what was done about which product, and when."""

    seq: int
    act: str
    product_id: str
    at_ms: int


@get(HERE, include_in_schema=False, sync_to_thread=True)
def learn(tour: NamedDependency[Tour]) -> Response[str]:
    """The shelf of a fresh visitor, and beside it all that the shop knows of them."""
    rooms, query = tour.shop(), tour.view.query
    seen = _shelf(tour)
    with rooms.db.read() as db:
        catalogue = rooms.live.view(db)
    held = rooms.recommend.preferences(visitor_id=tour.visitor_id)
    acts = _acts(seen)
    named = [one.product_id for one in seen.items] + [one.product_id for one in held]
    tempting = _tempting(catalogue)
    named += [*(act.product_id for act in acts), *tempting]
    was = _numbers(query.get("was", ""))
    return tour.page(
        "learn.html",
        current=HERE,
        shop_name=rooms.name,
        items=seen.items,
        notice=seen.notice_text,
        goods=tour.goods(rooms, catalogue, named),
        acts=acts,
        act_words=ACTS,
        first_shares=signal_shares(tour.view, seen.items[0].reason) if seen.items else [],
        preferences=held,
        written=_written(rooms, held),
        written_words=WRITTEN,
        tempting=tempting,
        was=was,
        was_text=query.get("was", "") if was else "",
        ms=_milliseconds(query.get("ms", "")),
        done=query.get("done", ""),
        is_back=query.get("done") == "undone" and was == _numbers_of(tour, seen),
    )


@post(f"{HERE}/look", include_in_schema=False, sync_to_thread=True)
def look(tour: NamedDependency[Tour], form: NamedDependency[Any]) -> Redirect:
    """Look at a product or put it in the cart: the same event that a real shop's page sends."""
    rooms = tour.shop()
    was = _shelf(tour)
    product_id = rooms.catalogue.product(form.required("product")).id
    seen = Event(
        id=f"tour-{new_id()}",
        name=EventName.ADD_TO_CART if form.is_checked("cart") else EventName.VIEW_ITEM,
        visitor_id=tour.visitor_id,
        product_id=product_id,
        context=EventContext(channel="tour", surface="tour"),
    )
    began = time.perf_counter()
    rooms.events.accept([seen])
    _shelf(tour)
    return _changed(tour, "looked", began, was)


@post(f"{HERE}/less", include_in_schema=False, sync_to_thread=True)
def less(tour: NamedDependency[Tour], form: NamedDependency[Any]) -> Redirect:
    """Show less like a product, and measure how long the new answer takes."""
    rooms = tour.shop()
    was = _shelf(tour)
    began = time.perf_counter()
    rooms.recommend.show_less(ShowLess(product_id=form.required("product"), visitor_id=tour.visitor_id))
    _shelf(tour)
    return _changed(tour, "less", began, was)


@post(f"{HERE}/undo", include_in_schema=False, sync_to_thread=True)
def undo(tour: NamedDependency[Tour], form: NamedDependency[Any]) -> Redirect:
    """Take it back; the page then holds the shelf against the one before."""
    rooms = tour.shop()
    began = time.perf_counter()
    rooms.recommend.undo_show_less(form.required("preference"), visitor_id=tour.visitor_id)
    now = _shelf(tour)
    if _numbers(form.text("was")):
        return _went(tour, "undone", began, form.text("was"))
    return _changed(tour, "undone", began, now)


@post(f"{HERE}/afresh", include_in_schema=False, sync_to_thread=True)
def afresh(tour: NamedDependency[Tour], form: NamedDependency[Any]) -> Redirect:
    """Be somebody else, whom the shop has never seen."""
    del form  # its token has been verified
    tour.trials.forget(tour.token, "file")
    tour.trials.forget(tour.token, "ledger")
    answer = tour.go(HERE)
    answer.cookies.append(tour.cookie(new_token()))
    return answer


def _shelf(tour: Tour) -> Preview:
    """What this visitor is shown now; not logged as shown, so that the tour leaves the shop's figures alone."""
    return tour.shop().recommend.preview(visitor_id=tour.visitor_id, k=SHELF, language=tour.view.language)


def _tempting(catalogue: CatalogueView) -> list[str]:
    """A few goods of one kind to begin with: of the fullest narrow keyword or category, else of the narrowest."""
    chips = sorted(
        (len(members), key)
        for key, members in catalogue.members.items()
        if key.startswith(("category", "keyword")) and len(members) >= TEMPTING
    )
    if not chips:
        return []
    narrow = [chip for chip in chips if chip[0] <= NARROW * catalogue.size]
    members = catalogue.members[(narrow[-1] if narrow else chips[0])[1]]
    return [catalogue.ids[number] for number in members.tolist() if catalogue.is_sellable[number]][:TEMPTING]


def _acts(seen: Preview) -> list[PastAct]:
    """What the visitor did last, newest first; a product sent away is one of these things."""
    sent = [PastAct("dismiss", one.product_id, one.at_ms) for one in seen.excluded if one.why == "dismissed"]
    done = [act for act in seen.acts.values() if act.kind != "dismiss"]
    return sorted([*done, *sent], key=lambda act: -act.at_ms)[:MOST_ACTS]


def _written(rooms: Rooms, held: Sequence[Preference]) -> list[Written]:
    """The ledger's entries about these wishes, newest first."""
    asks = (LedgerAsk(subject=f"preference:{one.id}") for one in held[:MOST_ACTS])
    found = [
        Written(entry.seq, str(entry.payload["act"]), str(entry.payload["product_id"]), entry.at_ms)
        for ask in asks
        for entry in rooms.ledger.find(ask).items
        if isinstance(entry.payload, dict)
    ]
    return sorted(found, key=lambda one: -one.seq)[:MOST_ACTS]


def _changed(tour: Tour, done: str, began: float, was: Preview) -> Redirect:
    return _went(tour, done, began, ".".join(str(number) for number in _numbers_of(tour, was)))


def _went(tour: Tour, done: str, began: float, was: str) -> Redirect:
    ms = f"{(time.perf_counter() - began) * 1000:.1f}"
    return tour.go(HERE, done=done, ms=ms, was=was)


def _numbers_of(tour: Tour, seen: Preview) -> tuple[int, ...]:
    rooms = tour.shop()
    with rooms.db.read() as db:
        numbers = rooms.live.view(db).numbers
    return tuple(numbers[one.product_id] for one in seen.items)


def _numbers(text: str) -> tuple[int, ...]:
    """The shelf that an address carries; empty for anything else."""
    parts = text.split(".")
    is_shelf = len(parts) <= SHELF and all(part.isascii() and part.isdigit() and len(part) < 10 for part in parts)
    return tuple(int(part) for part in parts) if is_shelf else ()


def _milliseconds(text: str) -> float | None:
    try:
        ms = float(text)
    except ValueError:
        return None
    return ms if 0 < ms < 60_000 else None


LEARNING_ROUTES = (learn, look, less, undo, afresh)
