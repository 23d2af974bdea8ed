"""What stands behind the shop's own facts: goods, people, orders, words, events, and what is counted of them."""

from __future__ import annotations

from typing import TypedDict

from zhanggui.kernel.guarding import TextGuard
from zhanggui.kernel.privacy import ConsentGate
from zhanggui.shop import Catalogue, LiveCatalogue, Orders, People, Words
from zhanggui.shop.outbox import OrderSendings, OutboxQueue
from zhanggui.shop.service.archive import Archive
from zhanggui.shop.service.browsing import Browsing
from zhanggui.shop.service.checkout import Checkout
from zhanggui.shop.service.discoveries import ShopDiscoveries
from zhanggui.shop.service.events import Events
from zhanggui.shop.service.figures import ShopFigures
from zhanggui.shop.service.history import History
from zhanggui.shop.service.product_browsing import ProductBrowsing
from zhanggui.shop.service.served_lists import ServedLists
from zhanggui.shop.service.visits import Visits
from zhanggui.shop.tables.returning import Returning

from .base import Base


class Stored(TypedDict):
    """What writes and reads the facts one by one."""

    catalogue: Catalogue
    live: LiveCatalogue
    people: People
    orders: Orders
    checkout: Checkout
    words: Words
    browsing: Browsing
    product_browsing: ProductBrowsing
    events: Events
    served: ServedLists


class Counted(TypedDict):
    """What reads many of them at once: days, figures, findings."""

    history: History
    archive: Archive
    visits: Visits
    figures: ShopFigures
    discoveries: ShopDiscoveries


class Facts(Stored, Counted):
    """All of it."""


def facts_of(base: Base, gate: ConsentGate, queue: OutboxQueue, guard: TextGuard) -> Facts:
    """The services over a shop's facts; whoever reads people asks the gate, and what others must hear is queued."""
    stored = _stored(base, gate, queue, guard)
    return Facts(**stored, **_counted(base, stored["live"], gate))


def _stored(base: Base, gate: ConsentGate, queue: OutboxQueue, guard: TextGuard) -> Stored:
    db, clock, cipher, returning = base.db, base.clock, base.cipher, Returning(base.erased)
    live = LiveCatalogue(db, clock)
    return Stored(
        catalogue=Catalogue(db=db, clock=clock),
        live=live,
        people=People(db=db, clock=clock, cipher=cipher, gate=gate, returning=returning),
        orders=Orders(db=db, clock=clock, gate=gate, sendings=OrderSendings(queue=queue), returning=returning),
        checkout=Checkout(db=db, clock=clock, returning=returning),
        words=Words(db=db, clock=clock, guard=guard, gate=gate, returning=returning),
        browsing=Browsing(db=db, clock=clock, cipher=cipher, live=live, gate=gate),
        product_browsing=ProductBrowsing(db=db, clock=clock, live=live),
        events=Events(db, clock, returning, guard),
        served=ServedLists(db),
    )


def _counted(base: Base, live: LiveCatalogue, gate: ConsentGate) -> Counted:
    db, clock, files, zone, shop = base.db, base.clock, base.day_files, base.zone, base.settings.shop
    visits = Visits(db=db, clock=clock, files=files, zone=zone)
    return Counted(
        history=History(db=db, files=files, gate=gate),
        archive=Archive(db=db, clock=clock, files=files, hot_days=shop.hot_days, before_leaving=visits.count),
        visits=visits,
        figures=ShopFigures(db=db, clock=clock, live=live, zone=zone, currency=shop.currency),
        discoveries=ShopDiscoveries(db=db, live=live, gate=gate, zone=zone, currency=shop.currency),
    )
