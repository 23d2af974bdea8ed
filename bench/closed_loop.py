"""A live recommender in the simulator's world: it serves each home list, hears each act, and trains every week.

The shop sees its goods, its stock and what shoppers do; the truth by which they choose stays with the world. Searches
are answered by the house policy, as in any shop whose search is somebody else's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import msgspec
import numpy as np

import zhanggui.kernel.changes  # noqa: F401  (its tables belong to every store)
from zhanggui.app.reviewed import Reviewed
from zhanggui.app.served_log import ServedLog
from zhanggui.kernel.cipher import SubjectCipher
from zhanggui.kernel.clock import from_ms
from zhanggui.kernel.db import open_database, shop_metadata
from zhanggui.kernel.logistic import sigmoid
from zhanggui.kernel.privacy import Channel, Purpose
from zhanggui.recommend import ModelStore, Recommender
from zhanggui.recommend.service.steering.objectives import Aims
from zhanggui.recommend.service.training.trainer import Trainer
from zhanggui.recommend.types.aims import Objectives
from zhanggui.shop import EVENT_NUMBERS, Event, EventName, LiveCatalogue, Offer, People, Product
from zhanggui.shop.service.catalogue import Catalogue
from zhanggui.shop.service.day_files import DayFiles
from zhanggui.shop.service.events import Events
from zhanggui.shop.service.history import History
from zhanggui.shop.service.naming import Naming
from zhanggui.shop.service.served_lists import ServedLists
from zhanggui.shop.simulate import HOME, Ask, DayLog, HousePolicy, Lists, Shown, SimulationPlan, World
from zhanggui.shop.simulate.mind import Feelings
from zhanggui.shop.simulate.stock import Longs, Stock, day_start

from .keyed_luck import KeyedLuck, KeyedRaces

SELLER_OF = 5  # products that a new seller brings
NAMES = {number: name for name, number in EVENT_NUMBERS.items()}
TRAIN_EVERY = 7
AT_ONCE = 4_000


class JudgedWorld(World):
    """The world, and what each home list is worth by its truth: the profit to be expected before any dice are cast."""

    def __init__(self, plan: SimulationPlan) -> None:
        super().__init__(plan)
        self.stock = with_new_sellers(self.stock)
        self.house = HousePolicy(self.stock)
        self._luck = self.luck = KeyedLuck(plan.seed)
        self.expected_minor: list[float] = []

    def _feel(self, lists: Lists, prices_minor: Longs) -> Feelings:
        feelings = super()._feel(lists, prices_minor)
        model, shown = self.plan.shoppers, lists.products
        seen = (shown >= 0) * model.attention ** np.arange(shown.shape[1])
        kept = 0.9 * sigmoid(feelings.utility - model.cart_bar) * sigmoid(feelings.utility - model.buy_bar)
        bought = seen * sigmoid(feelings.utility - model.click_bar) * kept
        product = np.maximum(shown, 0)
        worth = (prices_minor - self.stock.cost_minor)[product]
        self.expected_minor.append(float((bought * worth)[lists.shelf == HOME].sum()))
        return feelings


def with_new_sellers(stock: Stock) -> Stock:
    """The goods that launch while the simulation runs come from sellers who are new with them, five goods each."""
    products = list(stock.products)
    launches = np.flatnonzero(stock.launch_day > 0)
    for place, n in enumerate(launches[np.argsort(stock.launch_day[launches], kind="stable")].tolist()):
        products[n] = msgspec.structs.replace(products[n], seller=f"新店{place // SELLER_OF + 1}")
    return replace(stock, products=tuple(products))


@dataclass(slots=True)
class Clock:
    """The moment it is in the simulated shop."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


@dataclass(slots=True)
class Served:
    """Home lists of one day: who saw which products, by row number, -1 for none."""

    day: int
    person: Longs
    products: Longs


class Everybody:
    """The people of a simulation have nothing against it."""

    def allows(self, person: int, purpose: Purpose) -> bool:  # noqa: ARG002
        """Yes."""
        return True

    def allows_in(self, db: object, person: int, purpose: Purpose) -> bool:  # noqa: ARG002
        """Yes."""
        return True

    def allowed_among(self, persons: Collection[int], purpose: Purpose) -> set[int]:  # noqa: ARG002
        """All of them."""
        return set(persons)

    def allowed_through(self, persons: Collection[int], purpose: Purpose, channel: Channel) -> set[int]:  # noqa: ARG002
        """All of them, by any channel."""
        return set(persons)


class NoLedger:
    """A bench has no ledger to write into."""

    def append(self, *_: Any, **__: Any) -> int:
        """Nothing."""
        return 0


@dataclass
class LivePolicy:
    """Serves home lists with a live recommender once `is_live`; until then, and for searches, the house policy."""

    world: JudgedWorld
    recommend: Recommender
    catalogue: Catalogue
    events: Events
    clock: Clock
    seed: int
    is_live: bool = False
    served: list[Served] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    _sellable: dict[int, bool] = field(default_factory=dict)
    _known: int = 0

    def prices_minor(self, day: int) -> Longs:
        """The house's prices: nothing here changes them."""
        return self.world.house.prices_minor(day)

    def rank(self, ask: Ask, rng: np.random.Generator) -> Shown:
        """Lists of the house, and over those of the home page our own."""
        del rng  # the arms of a comparison share their luck
        shown = self.world.house.rank(ask, cast("np.random.Generator", KeyedRaces(self.world.luck, ask)))
        self._open_shop(ask)
        rows = np.flatnonzero(ask.shelves == HOME)
        if self.is_live:
            if ask.day % TRAIN_EVERY == 0:
                report = self.recommend.train(self.seed)
                self.refusals += [] if report.in_service else [report.summary]
            for row in rows[np.argsort(ask.at_ms[rows], kind="stable")].tolist():
                self._serve(ask, row, shown)
        self.served.append(Served(ask.day, ask.persons[rows], shown.products[rows].copy()))
        return shown

    def learn(self, log: DayLog) -> None:
        """Everything the day brought comes in at night."""
        self.world.house.learn(log)
        self.clock.now = day_start(self.world.plan, self.world.day + 1)
        posts = sorted(_events(log, self.world.stock.products, self._known), key=lambda post: post.at or self.clock.now)
        self._known += len(posts)
        for start in range(0, len(posts), AT_ONCE):
            receipt = self.events.accept(posts[start : start + AT_ONCE])
            if receipt.refused:
                raise SystemExit(f"refused: {receipt.refused[0]}")

    def _open_shop(self, ask: Ask) -> None:
        """What came into the shop today, and what ran out or is there again."""
        self.clock.now = day_start(self.world.plan, ask.day)
        stock = self.world.stock
        launched = np.flatnonzero(stock.launch_day == ask.day).tolist()
        if launched:
            self.catalogue.put_products([stock.products[n] for n in launched])
        prices, offers = self.prices_minor(ask.day), []
        for n in np.flatnonzero(stock.launch_day <= ask.day).tolist():
            is_sellable = bool(ask.is_sellable[n])
            if self._sellable.get(n) is not is_sellable:
                self._sellable[n] = is_sellable
                price, cost = int(prices[n]), int(stock.cost_minor[n])
                on_hand = 1000 if is_sellable else 0
                id_ = stock.products[n].id
                offers.append(Offer(product_id=id_, price_minor=price, cost_minor=cost, on_hand=on_hand))
        if offers:
            self.catalogue.put_offers(offers)

    def _serve(self, ask: Ask, row: int, shown: Shown) -> None:
        self.clock.now = from_ms(int(ask.at_ms[row]))
        answer = self.recommend.for_shopper(visitor_id=str(ask.persons[row]), k=ask.length)
        shown.products[row] = -1
        shown.propensities[row] = 0.0
        for place, item in enumerate(answer.items):
            shown.products[row, place] = int(item.product_id[1:]) - 1
            shown.propensities[row, place] = item.propensity


def _events(log: DayLog, products: tuple[Product, ...], known: int) -> Iterator[Event]:
    acts, bought = log.acts, log.purchases
    rows = zip(acts.person.tolist(), acts.product.tolist(), acts.kind.tolist(), acts.at_ms.tolist(), strict=True)
    kinds = [(who, what, NAMES[kind], at_ms) for who, what, kind, at_ms in rows if what >= 0]
    sold = zip(bought.person.tolist(), bought.product.tolist(), bought.at_ms.tolist(), strict=True)
    kinds += [(who, what, EventName.PURCHASE, at_ms) for who, what, at_ms in sold]
    for n, (who, what, name, at_ms) in enumerate(kinds):
        at = from_ms(at_ms)
        yield Event(id=f"e{known + n}", name=name, at=at, visitor_id=str(who), product_id=products[what].id)


@contextmanager
def live_shop(plan: SimulationPlan, folder: Path, objectives: Objectives) -> Iterator[LivePolicy]:
    """A world and an empty shop that begins with its goods of the first day."""
    world = JudgedWorld(plan)
    clock = Clock(day_start(plan, 0))
    db = open_database(f"sqlite:///{folder / 'shop.db'}")
    db.write(shop_metadata.create_all)
    events, live = Events(db, clock), LiveCatalogue(db, clock)
    recommend = Recommender(
        db=db,
        clock=clock,
        live=live,
        events=events,
        people=People(db=db, clock=clock, cipher=SubjectCipher(bytes(32))),
        served=ServedLog(ServedLists(db)),
        gate=Everybody(),
        trainer=Trainer(
            db=db,
            clock=clock,
            live=live,
            history=History(db=db, files=DayFiles(folder / "days"), gate=Everybody()),
            models=ModelStore(db=db, folder=folder / "models"),
            data_gate=None,
        ),
        exports=folder / "exports",
        names=Naming(),
        reviews=Reviewed(),
        record=NoLedger(),
        log_after_s=3600,
    )
    catalogue = Catalogue(db=db, clock=clock)
    first = [n for n in range(plan.products) if world.stock.launch_day[n] == 0]
    catalogue.put_products([world.stock.products[n] for n in first])
    Aims(db=db, record=NoLedger()).set(objectives, "bench")
    try:
        yield LivePolicy(world, recommend, catalogue, events, clock, plan.seed)
    finally:
        recommend.flush()
        db.close()
