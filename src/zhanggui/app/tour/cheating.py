"""Try to cheat it: change a ledger behind its back, and ask whether a price depends on who is asking."""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect

from zhanggui.app.console.ledger_words import BREAKS, subject_title
from zhanggui.app.rooms import Rooms
from zhanggui.app.storefront.shelves import is_by_acts
from zhanggui.app.web.forms import MissingField
from zhanggui.app.web.phrases import MINOR, Phrases
from zhanggui.kernel.money import to_minor
from zhanggui.kernel.privacy import Purpose
from zhanggui.kernel.words import N_
from zhanggui.recommend import Preview
from zhanggui.trust.words.ledger import KINDS

from .shell import Good, Tour
from .tampering import HOWS, Amount, amounts, copy_ledger, tamper, verify
from .trials import NothingThere

HERE = "/tour/cheat"
WHAT = "ledger"
SHELF = 6
CANDIDATES = 24
LARGEST = 10**12
TRICKS = (
    ("content", N_("Change the figure")),
    ("fingerprint", N_("Change it, and forge its fingerprint too")),
    ("gone", N_("Make the entry disappear")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure that may be changed, in words: of which entry, what it says, about what, and how much."""

    seq: int
    entry: str
    name: str
    about: str
    shown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What one shopper sees: their shelf, with the price of each product as they are told it."""

    customer_id: str
    shelf: Preview
    prices: dict[str, str]


@get(HERE, include_in_schema=False, sync_to_thread=True)
def cheat(tour: NamedDependency[Tour]) -> Response[str]:
    """The copy with its figures, what a verification says of it, and two shoppers side by side."""
    rooms = tour.shop()
    home = _copy(tour)
    began = time.perf_counter()
    report = verify(rooms, home)
    ms = (time.perf_counter() - began) * 1000
    return tour.page(
        "cheat.html",
        current=HERE,
        figures=[_figure(tour, rooms, one) for one in amounts(rooms, home)],
        breaks=BREAKS,
        tricks=TRICKS,
        report=report,
        ms=ms,
        done=tour.view.query.get("done", ""),
        shop_name=rooms.name,
        **_compared(tour, rooms),
    )


@post(HERE, include_in_schema=False, sync_to_thread=True)
def tampered(tour: NamedDependency[Tour], form: NamedDependency[Any]) -> Redirect:
    """Change an entry of the copy, in its table."""
    seq, how = form.required("seq"), form.required("how")
    if not (_is_whole(seq) and how in HOWS):
        raise MissingField("This is no entry of the ledger.", hint="Choose one from the list.")
    home = _copy(tour)
    chosen = next((one for one in amounts(tour.shop(), home) if one.entry.seq == int(seq)), None)
    if chosen is not None:
        tamper(home, chosen.entry.seq, _typed(tour, chosen, form.text("value", "0")), how)
    return tour.go(HERE, done="tampered")


@post(f"{HERE}/restore", include_in_schema=False, sync_to_thread=True)
def restored(tour: NamedDependency[Tour], form: NamedDependency[Any]) -> Redirect:
    """A fresh copy in place of the broken one."""
    del form  # its token has been verified
    tour.trials.forget(tour.token, WHAT)
    return tour.go(HERE, done="restored")


def _copy(tour: Tour) -> Path:
    """The visitor's copy; made when they have none."""
    try:
        return tour.trials.find(tour.token, WHAT)
    except NothingThere:
        tour.trials.make(tour.token, WHAT, lambda home: copy_ledger(tour.shop(), home))
        return tour.trials.find(tour.token, WHAT)


def _figure(tour: Tour, rooms: Rooms, one: Amount) -> Figure:
    """A figure in words; a field that the catalogues do not know is an amount or a number."""
    say, formats, phrases = tour.view._, tour.view.formats, Phrases(tour.view)
    field = one.field.removesuffix(MINOR)
    other = say(N_("Amount")) if one.is_money else say(N_("A figure"))
    held: Any = one.entry.payload if isinstance(one.entry.payload, dict) else {}
    kind, subject = str(held.get("kind", "")), str(held.get("subject", ""))
    return Figure(
        seq=one.entry.seq,
        entry=say(KINDS[one.entry.kind]) if one.entry.kind in KINDS else one.entry.kind,
        name=phrases.say("field", field) if phrases.knows("field", field) else other,
        about=subject_title(rooms, kind, subject, tour.view.language) if kind in rooms.proposals.kinds else "",
        shown=formats.money(one.value) if one.is_money else formats.number(one.value),
    )


def _typed(tour: Tour, one: Amount, text: str) -> int:
    """What was typed, in the unit of the figure.

    Raises:
        BadAmount: it is no amount of money.
        MissingField: it is no whole number.
    """
    plain = text.replace(",", "").strip()
    if one.is_money:
        value = to_minor(plain, tour.view.formats.currency)
    elif _is_whole(plain.removeprefix("-")):
        value = int(plain)
    else:
        raise MissingField("This is no whole number.", hint="Write a figure such as 100.")
    return max(-LARGEST, min(value, LARGEST))


def _compared(tour: Tour, rooms: Rooms) -> dict[str, Any]:
    """Two invented shoppers whose shelves differ most, and whether each product costs both the same."""
    people = rooms.people.customers(limit=CANDIDATES, purpose=Purpose.PERSONALIZATION)
    shelves = {one.id: _shelf(tour, rooms, one.id) for one in people}
    personal = [id_ for id_, shelf in shelves.items() if _is_personal(shelf)]
    if len(personal) < 2:
        return {"pair": (), "goods": {}, "are_equal": False, "checked": 0, "both": 0, "chosen": 0, "shown": 0}
    first, second = min(combinations(personal, 2), key=lambda two: len(_ids(shelves[two[0]]) & _ids(shelves[two[1]])))
    goods = _goods(tour, rooms, [*_ids(shelves[first]), *_ids(shelves[second])])
    pair = tuple(_seen(tour, rooms, id_, shelves[id_], goods) for id_ in (first, second))
    return {
        "pair": pair,
        "goods": goods,
        "checked": len(pair[0].prices),
        "are_equal": pair[0].prices == pair[1].prices,
        "both": len(_ids(pair[0].shelf) & _ids(pair[1].shelf)),
        "chosen": sum(is_by_acts(one.reason) for seen in pair for one in seen.shelf.items),
        "shown": sum(len(seen.shelf.items) for seen in pair),
    }


def _seen(tour: Tour, rooms: Rooms, customer_id: str, shelf: Preview, goods: dict[str, Good]) -> Seen:
    """Ask for the price of every product of both shelves anew, after this shopper's own answer was made."""
    asked = _goods(tour, rooms, list(goods))
    return Seen(customer_id=customer_id, shelf=shelf, prices={id_: good.price for id_, good in asked.items()})


def _shelf(tour: Tour, rooms: Rooms, customer_id: str) -> Preview:
    return rooms.recommend.preview(customer_id=customer_id, k=SHELF, language=tour.view.language)


def _goods(tour: Tour, rooms: Rooms, ids: list[str]) -> dict[str, Good]:
    with rooms.db.read() as db:
        catalogue = rooms.live.view(db)
    return tour.goods(rooms, catalogue, ids)


def _ids(shelf: Preview) -> set[str]:
    return {one.product_id for one in shelf.items}


def _is_personal(shelf: Preview) -> bool:
    """Whether most of a shelf is there for what this shopper did."""
    return 2 * sum(is_by_acts(one.reason) for one in shelf.items) > len(shelf.items)


def _is_whole(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 15


CHEATING_ROUTES = (cheat, tampered, restored)
