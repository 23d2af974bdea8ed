"""Less of a product, its chips, its undo, and the switch for all of it: plain forms, and parts for the script."""

from __future__ import annotations

from typing import Any

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from zhanggui.kernel.listing import AnyRequest
from zhanggui.kernel.privacy import Channel, Purpose
from zhanggui.recommend import Preference, ShowLess

from .channels import NOTICE
from .product import sold
from .shell import Storefront
from .shelves import COUNTS, HOME, OWN, shelf_of

PART = "x-part"
"""The header by which the script asks for a part of the page."""
_PLACES = {surface: f"shelf-{surface}" for surface in COUNTS}


@post("/shop/{shop:str}/less", include_in_schema=False, sync_to_thread=True)
def less(request: AnyRequest, store: NamedDependency[Storefront], form: NamedDependency[Any]) -> Response[Any]:
    """Show less like a product. The button's value is its place and its id."""
    at, _, product_id = form.required("product").partition(":")
    sold(store, product_id)
    held = store.rooms.recommend.show_less(ShowLess(product_id=product_id, **store.shopper.named))
    return _answer(request, store, form, held, at)


@post("/shop/{shop:str}/less/{preference_id:str}", include_in_schema=False, sync_to_thread=True)
def choose(
    request: AnyRequest,
    store: NamedDependency[Storefront],
    form: NamedDependency[Any],
    preference_id: FromPath[str],
) -> Response[Any]:
    """Lower other traits instead, or take it back."""
    recommend = store.rooms.recommend
    if form.is_checked("undo"):
        held = recommend.undo_show_less(preference_id, **store.shopper.named)
    else:
        chips = form.lists.get("chip", ())[:20]
        held = recommend.choose_chips(preference_id, chips, **store.shopper.named)
    return _answer(request, store, form, held, form.text("at"))


@post("/shop/{shop:str}/personal", include_in_schema=False, sync_to_thread=True)
def personal(request: AnyRequest, store: NamedDependency[Storefront], form: NamedDependency[Any]) -> Response[Any]:
    """Turn personalization on or off; it is written down, and holds from this answer on."""
    number = store.shopper.own_number(store.rooms)
    store.rooms.consents.set_personalization(number, on=form.is_checked("on"), actor=store.shopper.actor)
    if PART in request.headers:
        return store.part("shelf_part.html", shelf=shelf_of(store, HOME), here=store.base)
    return store.back(form.text("back"), place=_PLACES[HOME])


@post("/shop/{shop:str}/purposes", include_in_schema=False, sync_to_thread=True)
def purposes(store: NamedDependency[Storefront], form: NamedDependency[Any]) -> Response[Any]:
    """Agree to one purpose or to one channel for it, or refuse."""
    asked, by = form.text("purpose"), form.text("channel")
    channel = Channel(by) if by in set(Channel) else None
    if asked in {purpose.value for purpose in Purpose if purpose is not Purpose.SERVICE} and (channel or not by):
        store.rooms.consents.record(
            store.shopper.own_number(store.rooms),
            Purpose(asked),
            granted=form.is_checked("on"),
            actor=store.shopper.actor,
            notice=NOTICE,
            channel=channel,
        )
    return store.go("/me", place="purposes", done="purposes")


def _answer(request: AnyRequest, store: Storefront, form: Any, held: Preference, at: str) -> Response[Any]:
    surface = form.text("surface", HOME)
    surface = surface if surface in COUNTS else HOME
    of = form.text("of")
    if PART in request.headers and (surface in OWN or of):
        shelf = shelf_of(store, surface, of, less=held.id, at=at)
        return store.part("shelf_part.html", shelf=shelf, here=form.text("back") or store.base)
    shown = {} if held.is_undone else {"less": held.id, "at": at, "shelf": surface}
    return store.back(form.text("back"), place=_PLACES[surface], **shown)


PREFERRING_ROUTES = (less, choose, personal, purposes)
