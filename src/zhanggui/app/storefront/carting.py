"""The cart, and the demo checkout that makes a real order of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect

from zhanggui.app.web.problems import said
from zhanggui.app.web.provinces import PROVINCES, TIERS
from zhanggui.kernel.errors import Kind, ZhangguiError
from zhanggui.kernel.ids import new_id
from zhanggui.kernel.privacy import Purpose
from zhanggui.shop import EventContext, EventName, ProductState
from zhanggui.shop.types.buying import MOST_UNITS, OrderedUnits, PlaceOrder

from .cart import COOKIE, LIFE_S, Cart
from .goods import Card, Price, variant_name
from .pricing import Standing, standing_among
from .product import sold, stock_words
from .shell import Storefront
from .shelves import GOES_WITH, HOME, Shelf, shelf_of

_TOKEN = 26


@dataclass(frozen=True, slots=True)
class CartRow:
    """A line of the cart as it stands now; `problem` says why it cannot be ordered."""

    card: Card
    variant_id: str
    variant: str
    quantity: int
    standing: Standing | None
    total_minor: int
    total: Price | None
    problem: str


@get("/shop/{shop:str}/cart", include_in_schema=False, sync_to_thread=True)
def cart(store: NamedDependency[Storefront]) -> Response[str]:
    """What is in the cart, and what goes with it."""
    return _cart_page(store, _cart(store))


@post("/shop/{shop:str}/cart", include_in_schema=False, sync_to_thread=True)
def change_cart(store: NamedDependency[Storefront], form: NamedDependency[Any]) -> Redirect:
    """Put something in, change how many, or take it out."""
    found = sold(store, form.required("product"))
    variant_id = form.text("variant") or None
    if variant_id not in {None, *(variant.id for variant in found.variants)}:
        variant_id = None
    before = store.cart.quantity_of(found.id, variant_id)
    is_set = form.is_checked("set")
    asked = _units(form.text("quantity", "1"), before if is_set else 1)
    changed = store.cart.with_units(found.id, variant_id, asked if is_set else before + asked)
    now = changed.quantity_of(found.id, variant_id)
    _tell_change(store, found.id, variant_id, now - before)
    is_bought_now = form.is_checked("now")
    return _with_cart(
        store, store.go("/checkout" if is_bought_now else "/cart", done="" if is_set else "added"), changed
    )


@get("/shop/{shop:str}/checkout", include_in_schema=False, sync_to_thread=True)
def checkout(store: NamedDependency[Storefront]) -> Response[str]:
    """The form of the demo checkout."""
    shown = _cart(store)
    if not shown["rows"]:
        return _cart_page(store, shown)
    for row in shown["rows"]:
        store.teller.tell(
            EventName.BEGIN_CHECKOUT, row.card.id, product_id=row.card.id, context=EventContext(surface="cart")
        )
    return _form(store, shown)


@post("/shop/{shop:str}/checkout", include_in_schema=False, sync_to_thread=True)
def order(store: NamedDependency[Storefront], form: NamedDependency[Any]) -> Response[Any]:
    """Place the order; the same form sent twice is one order."""
    token = form.text("token")
    shown = _cart(store)
    lines = tuple(
        OrderedUnits(
            product_id=row.card.id,
            variant_id=row.variant_id or None,
            quantity=row.quantity,
            unit_price_minor=_seen(form, n, row),
        )
        for n, row in enumerate(shown["rows"])
        if not row.problem
    )
    if len(token) != _TOKEN or not token.isalnum():
        return store.go("/cart")
    if not lines:  # the second of two that were sent at once finds the cart empty already
        placed = [
            one
            for one in store.rooms.orders.of_shopper(**store.shopper.named, limit=5, purpose=Purpose.SERVICE)
            if one.id == f"sf-{token}"
        ]
        return store.go(f"/orders/sf-{token}") if placed else store.go("/cart")
    tier = form.text("city_tier")
    wanted = PlaceOrder(
        id=f"sf-{token}",
        lines=lines,
        province=form.text("province") if form.text("province") in PROVINCES else "",
        city_tier=int(tier) if tier in TIERS else None,
        **store.shopper.named,
    )
    try:
        placed_order = store.rooms.checkout.place(wanted)
    except ZhangguiError as error:
        if error.kind is not Kind.CONFLICT:
            raise
        return _form(store, _cart(store), problem=said(error, store.language), status=409)
    return _with_cart(store, store.go(f"/orders/{placed_order.id}", done="ordered"), Cart())


def _cart_page(store: Storefront, shown: dict[str, Any]) -> Response[str]:
    return store.page("cart.html", current="cart", **shown, beside=_beside(store, shown["rows"]))


def _beside(store: Storefront, rows: Sequence[CartRow]) -> Shelf:
    """What goes with what was put in last; the shopper's own shelf beside an empty cart."""
    query, held = store.view.query, [row.card.id for row in rows]
    last = next((row.card.id for row in reversed(rows) if not row.problem), "")
    surface = GOES_WITH if last else HOME
    less = query.get("less", "") if query.get("shelf") == surface else ""
    return shelf_of(store, surface, last, less=less, at=query.get("at", ""), without=held)


def _cart(store: Storefront) -> dict[str, Any]:
    rows = _rows(store)
    total = sum(row.total_minor for row in rows if not row.problem)
    return {
        "rows": rows,
        "total": store.goods.price(total),
        "units": sum(row.quantity for row in rows if not row.problem),
        "can_order": any(not row.problem for row in rows),
        "most": MOST_UNITS,
    }


def _form(store: Storefront, shown: dict[str, Any], *, problem: str = "", status: int = 200) -> Response[str]:
    places = {"provinces": PROVINCES, "tiers": TIERS, "token": new_id(), "problem": problem}
    return store.page("checkout.html", current="cart", status=status, **shown, **places)


def _rows(store: Storefront) -> list[CartRow]:
    ids = [line.product_id for line in store.cart.lines]
    products = store.rooms.catalogue.products_of(ids)
    cards = {card.id: card for card in store.goods.cards(list(dict.fromkeys(ids)))}
    offers = store.rooms.catalogue.offers(ids)
    rows = []
    for line in store.cart.lines:
        found = products.get(line.product_id)
        if found is None or line.product_id not in cards:
            continue
        names = {one.id: variant_name(one, store.language) for one in found.variants}
        own = [offer for offer in offers if offer.product_id == line.product_id]
        standing = standing_among(own, line.variant_id, store.rooms.clock())
        is_there = found.state is ProductState.ACTIVE and (line.variant_id is None or line.variant_id in names)
        total = 0 if standing is None else standing.price_minor * line.quantity
        rows.append(
            CartRow(
                card=cards[line.product_id],
                variant_id=line.variant_id or "",
                variant=names.get(line.variant_id or "", ""),
                quantity=line.quantity,
                standing=standing,
                total_minor=total,
                total=store.goods.price(total, standing.currency) if standing else None,
                problem=_problem(store, standing if is_there else None, line.quantity),
            )
        )
    return rows


def _problem(store: Storefront, standing: Standing | None, quantity: int) -> str:
    if standing is None or standing.units == 0:
        return stock_words(store, None)
    if standing.currency != store.rooms.settings.shop.currency:
        return store.view._("Not sold in this currency")
    if standing.units is not None and standing.units < quantity:
        return store.view._("Only %(n)s are left") % {"n": standing.units}
    return ""


def _seen(form: Any, n: int, row: CartRow) -> int:
    """The unit price that the form showed; the one of now where it says none."""
    told = form.text(f"price-{n}")
    now = row.standing.price_minor if row.standing else 0
    return int(told) if told.isascii() and told.isdigit() and len(told) < 16 else now


def _units(text: str, otherwise: int) -> int:
    typed = text.strip()
    return min(int(typed), MOST_UNITS) if typed.isascii() and typed.isdigit() and len(typed) < 10 else otherwise


def _tell_change(store: Storefront, product_id: str, variant_id: str | None, more: int) -> None:
    if more == 0:
        return
    own = store.rooms.catalogue.offers([product_id])
    standing = standing_among(own, variant_id, store.rooms.clock())
    name = EventName.ADD_TO_CART if more > 0 else EventName.REMOVE_FROM_CART
    value = abs(more) * standing.price_minor if standing else None
    store.teller.tell(name, f"{product_id}:{new_id()}", product_id=product_id, quantity=abs(more), value_minor=value)


def _with_cart(store: Storefront, answer: Redirect, held: Cart) -> Redirect:
    answer.cookies.append(store.cookie(COOKIE, held.written(), LIFE_S))
    return answer


CARTING_ROUTES = (cart, change_cart, checkout, order)
