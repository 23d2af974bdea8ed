"""What is the shopper's own: orders, and all that the shop knows of them."""

from __future__ import annotations

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from zhanggui.app.rooms import Rooms
from zhanggui.app.web.order_words import ORDER_STATES
from zhanggui.app.web.provinces import province
from zhanggui.kernel.clock import from_ms
from zhanggui.kernel.privacy import Duty, Purpose
from zhanggui.kernel.words import N_
from zhanggui.shop import Customer, EventName, Order, UnknownCustomer, UnknownOrder
from zhanggui.trust import Consent

from .channels import asked_by
from .contesting import DECISIONS, OUTCOMES, contests_of
from .contesting import STATES as CONTEST_STATES
from .goods import Card, Price
from .separate import separately
from .shell import Storefront
from .shoppers import Shopper
from .wishes import told_once

EVENTS_SHOWN, EVENTS_AT_ONCE, ORDERS_SHOWN, ORDERS_TAKEN = 50, 8, 50, 10_000
PURPOSES = {
    Purpose.SERVICE: (N_("To serve you"), N_("Orders, delivery, questions. The shop cannot do without it.")),
    Purpose.PERSONALIZATION: (N_("To recommend"), N_("What you look at and buy decides what is picked for you.")),
    Purpose.MARKETING: (N_("To write to you"), N_("News and offers. Without your yes, none are sent.")),
    Purpose.ANALYTICS: (N_("To count"), N_("How many look, how many buy: sums, and nobody by name.")),
    Purpose.TRAINING: (N_("To learn"), N_("Which products go together; the model holds nothing about a person.")),
}
LINKED = {
    Purpose.PERSONALIZATION: N_(
        'While you have said nothing of "To learn" itself, turning this off turns that off too.'
    ),
    Purpose.TRAINING: N_('While you say nothing of it here, it follows "To recommend": off when that is turned off.'),
}
"""By purpose, what its switch does to another one, or what does it to it: the law is in `trust/engines/consent.py`."""
DEEDS = {
    EventName.VIEW_ITEM: N_("Looked at"),
    EventName.SELECT_ITEM: N_("Chose from a list"),
    EventName.ADD_TO_CART: N_("Put in the cart"),
    EventName.REMOVE_FROM_CART: N_("Took out of the cart"),
    EventName.ADD_TO_WISHLIST: N_("Kept for later"),
    EventName.BEGIN_CHECKOUT: N_("Began to check out"),
    EventName.PURCHASE: N_("Bought here"),
    EventName.REFUND: N_("Gave back"),
    EventName.DISMISS: N_("Wanted less like"),
}
_NAMES = list(EventName)


@get("/shop/{shop:str}/orders", include_in_schema=False, sync_to_thread=True)
def orders(store: NamedDependency[Storefront]) -> Response[str]:
    """The shopper's own orders."""
    held = store.rooms.orders.of_shopper(**store.shopper.named, limit=ORDERS_SHOWN, purpose=Duty.RIGHTS)
    return store.page("orders.html", current="me", orders=[_shown(store, one) for one in held])


@get("/shop/{shop:str}/orders/{order_id:str}", include_in_schema=False, sync_to_thread=True)
def order(store: NamedDependency[Storefront], order_id: FromPath[str]) -> Response[str]:
    """One order of the shopper's; anybody else's is not there."""
    held = store.rooms.orders.order(order_id, purpose=Purpose.SERVICE)
    shopper = store.shopper
    is_own = held.customer_id == shopper.customer_id if held.customer_id else held.visitor_id == shopper.visitor_id
    if not is_own or not (held.customer_id or held.visitor_id):
        raise UnknownOrder("You have no order of that number.", hint="")
    return store.page("order.html", current="me", order=_shown(store, held))


@get("/shop/{shop:str}/me", include_in_schema=False, sync_to_thread=True)
def me(store: NamedDependency[Storefront]) -> Response[str]:
    """What the shop knows of the shopper, and what it may be used for."""
    numbers = store.shopper.numbers(store.rooms)
    preferences = store.rooms.recommend.preferences(**store.shopper.named)
    products = {held.product_id for held in preferences}
    return store.page(
        "me.html",
        current="me",
        customer=_customer(store.rooms, store.shopper),
        consents={held.purpose: held for held in _consents(store.rooms, numbers)},
        purposes=PURPOSES,
        linked=LINKED,
        **asked_by(store),
        **separately(store, numbers),
        contests=contests_of(store, numbers),
        decisions=DECISIONS,
        contest_states=CONTEST_STATES,
        outcomes=OUTCOMES,
        preferences=[told_once(held, store.language) for held in preferences if not held.is_undone],
        cards={card.id: card for card in store.goods.cards(sorted(products))},
        events=_events(store, numbers),
        deeds_shown=EVENTS_AT_ONCE,
        order_count=len(store.rooms.orders.of_shopper(**store.shopper.named, limit=ORDERS_SHOWN, purpose=Duty.RIGHTS)),
    )


def _customer(rooms: Rooms, shopper: Shopper) -> Customer | None:
    if shopper.customer_id is None:
        return None
    try:
        return rooms.people.customer(shopper.customer_id, Purpose.SERVICE)
    except UnknownCustomer:
        return None


def _consents(rooms: Rooms, numbers: tuple[int, ...]) -> tuple[Consent, ...]:
    return rooms.consents.of(numbers[0]) if numbers else ()


def _events(store: Storefront, numbers: tuple[int, ...]) -> list[tuple[str, str, str, str]]:
    """(time, what was done, address of the product, its title), newest first."""
    if not numbers:
        return []
    with store.rooms.db.read() as db:
        tail = store.rooms.events.tail(db, numbers, limit=EVENTS_SHOWN, purpose=Duty.RIGHTS)
    view, shown, taken_back = store.catalogue, [], set[int]()
    for product, kind, at_ms in zip(tail.product.tolist(), tail.kind.tolist(), tail.at_ms.tolist(), strict=True):
        name = _NAMES[kind]
        if name is EventName.UNDISMISS:
            taken_back.add(product)  # newest first: the wishes that it took back come later
        deed = DEEDS.get(name)
        if deed is not None and product < view.size and not (name is EventName.DISMISS and product in taken_back):
            time = store.view.formats.time(from_ms(at_ms))
            address = store.goods.address(view.ids[product])
            shown.append((time, store.view._(deed), address, view.titles(product, store.language)))
    return shown


class ShownLine(msgspec.Struct, frozen=True):
    """A line of an order: the product as it is sold now, if it is."""

    card: Card | None
    product_id: str
    quantity: int
    price: Price | None
    total: Price | None


class ShownOrder(msgspec.Struct, frozen=True):
    """An order as its buyer sees it."""

    id: str
    time: str
    state: str
    is_demo: bool
    place: str
    lines: tuple[ShownLine, ...]
    total: Price | None


def _shown(store: Storefront, held: Order) -> ShownOrder:
    cards = {card.id: card for card in store.goods.cards(list({line.product_id for line in held.lines}))}
    lines = tuple(
        ShownLine(
            cards.get(line.product_id),
            line.product_id,
            line.quantity,
            store.goods.price(line.unit_price_minor, held.currency),
            store.goods.price(line.worth_minor, held.currency),
        )
        for line in held.lines
    )
    return ShownOrder(
        id=held.id,
        time=store.view.formats.time(held.at),
        state=store.view._(ORDER_STATES[held.state]),
        is_demo=held.id.startswith("sf-"),
        place=province(held.province, store.view.language),
        lines=lines,
        total=store.goods.price(held.worth_minor, held.currency),
    )


MINE_ROUTES = (orders, order, me)
