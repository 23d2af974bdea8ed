"""Search across everything, behind Ctrl K. Shows nothing that who asks may not see on its own page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from litestar import Response, get
from litestar.di import NamedDependency

from zhanggui.app.web.customer_names import customer_name, sought
from zhanggui.app.web.order_words import ORDER_STATES
from zhanggui.app.web.phrases import Phrases
from zhanggui.shop.types.browsing import CustomerAsk, ProductAsk
from zhanggui.trust import Proposal

from .finding_more import named_finds
from .listing import PROPOSAL_STATES, stored_picture
from .shell import Console

EACH = 6
"""Finds of each group."""
LOOKED_THROUGH = 200
"""Proposals, the newest; older ones are found on their own page."""


@dataclass(frozen=True, slots=True)
class Find:
    """One thing that was found."""

    href: str
    title: str
    detail: str = ""
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Finds of one kind."""

    title: str
    icon: str
    finds: list[Find]


@get("/console/{shop:str}/find", include_in_schema=False, sync_to_thread=True, opt={"scope": "account:own"})
def find(console: NamedDependency[Console]) -> Response[str]:
    """The finds as a page: all works without a script."""
    return console.page("console/find.html", current="", **_finds(console))


@get("/console/{shop:str}/find/rows", include_in_schema=False, sync_to_thread=True, opt={"scope": "account:own"})
def find_rows(console: NamedDependency[Console]) -> Response[str]:
    """The finds as they stand in the dialog."""
    return console.view.page("console/find_rows.html", base=console.base, **_finds(console))


def _finds(console: Console) -> dict[str, Any]:
    words = console.view.query.get("q", "").strip()[:200]
    return {"asked": words, "groups": list(_groups(console, words)) if words else []}


def _groups(console: Console, words: str) -> Iterator[Group]:
    """The groups in which something was found and that the asker may see."""
    _ = console.view._
    places: tuple[tuple[str, str, str, Callable[[Console, str], list[Find]]], ...] = (
        ("shop:read", _("Products"), "box", _products),
        ("shop:people", _("Customers"), "users", _customers),
        ("shop:people", _("Orders"), "cart", _orders),
        ("trust:read", _("Proposals"), "inbox", _proposals),
    )
    for scope, title, icon, look in places:
        found = look(console, words) if console.may(scope) else []
        if found:
            yield Group(title, icon, found)
    for title, icon, named in named_finds(console, words, EACH):
        yield Group(title, icon, [Find(f"{console.base}{path}", name, beside) for path, name, beside in named])


def _products(console: Console, words: str) -> list[Find]:
    found = console.rooms.product_browsing.page(ProductAsk(words=words, limit=EACH), console.view.language)
    money = console.view.formats.money
    return [
        Find(_address(console, "products", row.id), row.title, money(row.price_minor), stored_picture(row.picture))
        for row in found.rows
    ]


def _customers(console: Console, words: str) -> list[Find]:
    language = console.view.language
    rows = console.rooms.browsing.customers(CustomerAsk(id_prefix=sought(words, language), limit=EACH)).rows
    return [
        Find(
            _address(console, "customers", row.id),
            customer_name(row.called, language),
            row.id if row.called != row.id else "",
        )
        for row in sorted(rows, key=lambda row: row.id.startswith(words))  # who was named whole comes first
    ]


def _orders(console: Console, words: str) -> list[Find]:
    formats = console.view.formats
    return [
        Find(
            _address(console, "orders", row.id),
            row.id,
            f"{formats.money(row.total_minor, row.currency)} · {console.view._(ORDER_STATES[row.state])}",
        )
        for row in console.rooms.browsing.find_orders(words, EACH)
    ]


def _proposals(console: Console, words: str) -> list[Find]:
    wanted = words.casefold()
    newest = console.rooms.proposals.list(limit=LOOKED_THROUGH).items
    titles = _subject_titles(console, newest)
    return [
        Find(_address(console, "inbox", one.id), titles[one.id], console.view._(PROPOSAL_STATES[one.state]))
        for one in newest
        if wanted in titles[one.id].casefold() or one.id.casefold().startswith(wanted)
    ][:EACH]


def _subject_titles(console: Console, proposals: tuple[Proposal, ...]) -> dict[str, str]:
    """What each proposal wants, with the title of its product."""
    products = {one.id: _product_of(one.subject) for one in proposals}
    titles = console.rooms.product_browsing.titles(sorted(set(products.values())), console.view.language)
    phrases = Phrases(console.view)
    return {one.id: f"{phrases.say('kind', one.kind)} · {titles[products[one.id]]}" for one in proposals}


def _product_of(subject: str) -> str:
    """The product that a subject names: its id, or the first of an offer's key."""
    if not subject.startswith("["):
        return subject
    return subject.removeprefix('["').partition('"')[0]


def _address(console: Console, place: str, id_: str) -> str:
    return f"{console.base}/{place}/{quote(id_, safe='')}"


FINDING_ROUTES = (find, find_rows)
