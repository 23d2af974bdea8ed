"""Recommendations as a chosen shopper would see them now: with reasons, evidence, and what is kept away.

Nothing that is looked at here counts as shown. Who may see no people sees what a stranger gets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from litestar import Response, get
from litestar.di import NamedDependency

from zhanggui.app.web.signals import signal_shares
from zhanggui.kernel.clock import from_ms
from zhanggui.kernel.words import N_
from zhanggui.recommend import Explanation, NextAction, Preview, RankedProduct
from zhanggui.recommend.words import stage
from zhanggui.shop import UnknownProduct
from zhanggui.shop.types.browsing import ProductRow

from .listing import ACTS, stored_picture
from .rule_list import MOVED, SURFACES
from .shell import Console

PEOPLE = "shop:people"
SHOWN = 12
FOUND = 8
PREVIEWED: Mapping[str, str] = {
    key: SURFACES[key] for key in ("home", "cart", "buy_again", "product", "email", "sms", "wechat", "push")
}
"""The places whose lists need nothing but the shopper, in the words of the rules."""
ACTIONS: Mapping[str, str] = {
    "recommend": N_("Recommend something"),
    "remind_basket": N_("Remind of the basket"),
    "ask_review": N_("Ask for a review"),
    "nothing": N_("Leave them alone"),
}
"""What the recommender may suggest about a shopper; nobody carries it out by itself."""


@dataclass(frozen=True, slots=True)
class Proof:
    """One act that speaks for a product."""

    words: str
    title: str
    at: datetime | None
    share: float


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the shelf."""

    item: RankedProduct
    row: ProductRow | None
    shares: list[tuple[str, int]]
    proofs: list[Proof]


@dataclass(frozen=True, slots=True)
class Kept:
    """One product that is kept away."""

    title: str
    product_id: str
    why: str
    at: datetime


@get(
    "/console/{shop:str}/recommendations",
    include_in_schema=False,
    sync_to_thread=True,
    opt={"scope": "recommend:admin"},
)
def reasons(console: NamedDependency[Console]) -> Response[str]:
    """The shelf of a chosen customer or visitor, or of a stranger."""
    query = console.view.query
    customer, visitor = query.get("customer", "")[:256], query.get("visitor", "")[:256]
    if customer or visitor:
        console.caller.require(PEOPLE, console.rooms.name)
    surface = query.get("surface", "home")
    surface = surface if surface in PREVIEWED else "home"
    language = console.view.language
    preview = console.rooms.recommend.preview(customer or None, visitor or None, SHOWN, surface, language)
    asked = query.get("product", "").strip()[:256]
    search = query.get("q", "").strip()[:256]
    page = console.page(
        "recommend/reasons.html",
        current="reasons",
        customer=customer,
        visitor=visitor,
        who={"customer": customer} if customer else {"visitor": visitor} if visitor else {},
        surface=surface,
        surfaces=PREVIEWED,
        preview=preview,
        trained_ms=_trained_ms(console, preview.model),
        places=_places(console, preview),
        kept=_kept(console, preview),
        asked=asked,
        told=_explained(console, asked, customer or None, visitor or None, surface) if asked else None,
        search=search,
        sees_people=console.may(PEOPLE),
        found=_found(console, search) if search and console.may(PEOPLE) else [],
        picture_of=stored_picture,
        moved=MOVED,
        actions=ACTIONS,
        suggested=_suggested(console, customer, visitor),
    )
    page.headers["cache-control"] = "no-store"
    return page


def _suggested(console: Console, customer: str, visitor: str) -> NextAction | None:
    """What one might do next about the chosen shopper; None about a stranger."""
    if not (customer or visitor):
        return None
    return console.rooms.recommend.next_actions.suggest(customer or None, visitor or None, console.view.language)


def _trained_ms(console: Console, model: str) -> int | None:
    """When the model that answered was trained, which is what people call it by; None where it keeps no card."""
    cards = console.rooms.recommend.model_cards()
    return next((card.at_ms for card in cards if card.id == model), None)


def _explained(
    console: Console, product_id: str, customer: str | None, visitor: str | None, surface: str
) -> Explanation | None:
    """Why a product stands where it does, or why it does not; None for an id that no product has."""
    explaining = console.rooms.recommend.explaining
    try:
        return explaining.explain(product_id, customer, visitor, SHOWN, surface, console.view.language)
    except UnknownProduct:
        return None


def _found(console: Console, search: str) -> list[tuple[str, str]]:
    """(`customer` or `visitor`, id) of those whose id begins so."""
    browsing = console.rooms.browsing
    customers = [("customer", id_) for id_ in browsing.find_people(search, FOUND)]
    return customers + [("visitor", id_) for id_ in browsing.find_people(search, FOUND, is_visitor=True)]


def _places(console: Console, preview: Preview) -> list[Place]:
    ids = {item.product_id for item in preview.items}
    seen = {proof.product_id for item in preview.items for proof in item.reason.evidence}
    rows = console.rooms.product_browsing.known(ids, console.view.language)
    titles = console.rooms.product_browsing.titles(sorted(seen), console.view.language)
    return [_place(console, item, rows.get(item.product_id), titles, preview) for item in preview.items]


def _place(
    console: Console, item: RankedProduct, row: ProductRow | None, titles: Mapping[str, str], preview: Preview
) -> Place:
    return Place(
        item=item,
        row=row,
        shares=signal_shares(console.view, item.reason),
        proofs=[_proof(console, one.seq, titles[one.product_id], one.share, preview) for one in item.reason.evidence],
    )


def _proof(console: Console, seq: int, title: str, share: float, preview: Preview) -> Proof:
    act = preview.acts.get(seq)
    words = console.view._(ACTS.get(act.kind, act.kind)) if act is not None else ""
    return Proof(words, title, None if act is None else from_ms(act.at_ms), share)


def _kept(console: Console, preview: Preview) -> Sequence[Kept]:
    titles = console.rooms.product_browsing.titles([one.product_id for one in preview.excluded], console.view.language)
    return [
        Kept(titles[one.product_id], one.product_id, stage(one.why, {}, console.view.language), from_ms(one.at_ms))
        for one in preview.excluded
    ]


REASON_ROUTES = (reasons,)
