"""A small shop with real facts and a recommender over it; the archive's history is read from the hot table."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import sqlalchemy as sa
from tests.shop.builders import MASTER_KEY, a_catalogue, a_product, an_offer

from zhanggui.app.reviewed import Reviewed
from zhanggui.kernel.cipher import SubjectCipher
from zhanggui.kernel.datasheets import DataGate
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Channel, Purpose
from zhanggui.recommend import Floors, ModelStore, Recommender, Rules, Watch
from zhanggui.recommend.ports import UNKNOWN, Costs, Known, PersonWeights, Record
from zhanggui.recommend.service.head_starts import HeadStarts
from zhanggui.recommend.service.training.trainer import Trainer
from zhanggui.shop import Event, EventName, LiveCatalogue, People, Product
from zhanggui.shop.service.events import Events
from zhanggui.shop.service.naming import Naming
from zhanggui.shop.service.served_lists import ServedLists

COLUMNS = ("seq", "person", "product", "kind", "at_ms", "quantity", "value_minor")


@dataclass
class HotHistory:
    db: Database

    def history(
        self, purpose: Purpose, since: datetime | None, *, with_extra: bool = False
    ) -> Iterator[pa.RecordBatch]:
        with self.db.read() as db:
            rows = db.execute(sa.text(f"SELECT {', '.join(COLUMNS)}, extra FROM events ORDER BY seq")).fetchall()
        columns = {name: [row[n] or 0 for row in rows] for n, name in enumerate(COLUMNS)}
        yield pa.RecordBatch.from_pydict(columns | {"extra": pa.array([row[-1] for row in rows], type=pa.binary())})


@dataclass
class Gate:
    refused: set[int] = field(default_factory=set)
    is_open: bool = True

    def allows(self, person: int, purpose: Purpose) -> bool:
        return self.is_open

    def allows_in(self, db: object, person: int, purpose: Purpose) -> bool:
        return self.allows(person, purpose)

    def allowed_among(self, persons: Collection[int], purpose: Purpose) -> set[int]:
        return set(persons) if self.is_open else set()

    def allowed_through(self, persons: Collection[int], purpose: Purpose, channel: Channel) -> set[int]:
        return self.allowed_among(persons, purpose)


@dataclass
class Book:
    """The ledger as this room sees it: kind, payload, actor, whom it is about."""

    entries: list[tuple[str, Any, str, int | None]] = field(default_factory=list)

    def append(
        self,
        db: sa.Connection,
        kind: str,
        payload: object,
        actor: str = "system",
        *,
        person: int | None = None,
        about: str = "",
    ) -> int:
        self.entries.append((kind, payload, actor, person))
        return len(self.entries)


class TestShop:
    """Facts go in by short calls; `recommender()` makes another process's recommender over the same store."""

    __test__ = False

    def __init__(self, db: Database, folder: Path, clock: Callable[[], datetime]) -> None:
        self.db, self.folder, self.clock = db, folder, clock
        self.catalogue, self.events = a_catalogue(db, clock), Events(db, clock)
        self.people = People(db=db, clock=clock, cipher=SubjectCipher(MASTER_KEY))
        self.gate = Gate()
        self.served, self.book = ServedLists(db), Book()
        self._count = 0
        self.recommend = self.recommender()

    def recommender(
        self,
        costs: Costs | None = None,
        known: Known = UNKNOWN,
        head_starts: HeadStarts | None = None,
        trainer: Trainer | None = None,
    ) -> Recommender:
        return Recommender(
            db=self.db,
            clock=self.clock,
            live=LiveCatalogue(self.db, self.clock),
            events=self.events,
            people=self.people,
            served=self.served,
            gate=self.gate,
            trainer=trainer or self.trainer(known=known),
            exports=self.folder.parent / "exports",
            names=Naming(),
            reviews=Reviewed(),
            record=self.book,
            costs=costs,
            known=known,
            head_starts=head_starts,
            log_after_s=60,
        )

    def trainer(
        self, data_gate: DataGate | None = None, weights: PersonWeights | None = None, known: Known = UNKNOWN
    ) -> Trainer:
        return Trainer(
            db=self.db,
            clock=self.clock,
            live=LiveCatalogue(self.db, self.clock),
            history=HotHistory(self.db),
            models=ModelStore(db=self.db, folder=self.folder),
            data_gate=data_gate,
            weights=weights,
            profiles=known.profiles,
        )

    def sells(self, *products: Product) -> None:
        self.catalogue.put_products(products)

    def stocks(self, product_id: str, on_hand: int) -> None:
        self.catalogue.put_offers([an_offer(product_id, on_hand=on_hand)])

    def sees(self, who: str, *product_ids: str, name: EventName = EventName.VIEW_ITEM, days_ago: float = 0) -> None:
        at = self.clock() - timedelta(days=days_ago)
        posts = [self._event(who, product, name, at + timedelta(seconds=n)) for n, product in enumerate(product_ids)]
        receipt = self.events.accept(posts)
        assert receipt.accepted == len(posts), receipt.refused

    def buys(self, who: str, *product_ids: str, days_ago: float = 0) -> None:
        self.sees(who, *product_ids, name=EventName.PURCHASE, days_ago=days_ago)

    def _event(self, who: str, product_id: str, name: EventName, at: datetime) -> Event:
        self._count += 1
        at = min(at, self.clock())
        return Event(id=f"e{self._count}", name=name, at=at, visitor_id=who, product_id=product_id)


def watch_of(shop: TestShop, gate: Gate | None = None) -> Watch:
    return Watch(
        serving=shop.recommend.serving,
        zone=ZoneInfo("Asia/Shanghai"),
        history=HotHistory(shop.db),
        served=shop.served,
        gate=gate or Gate(),
    )


def floors_of(shop: TestShop, record: Record) -> Floors:
    rules = Rules(db=shop.db, clock=shop.clock, live=LiveCatalogue(shop.db, shop.clock), record=record)
    serving, trainer = shop.recommend.serving, shop.recommend.trainer
    return Floors(serving=serving, trainer=trainer, rules=rules, watch=watch_of(shop))


def ids(answer: object) -> list[str]:
    return [ranked.product_id for ranked in answer.items]  # type: ignore[attr-defined]


def a_tea(id: str, keyword: str = "绿茶", **more: object) -> Product:  # noqa: A002
    more.setdefault("category", ("茶", keyword))
    more.setdefault("keywords", (keyword,))
    return a_product(id, title=f"{keyword} {id}", **more)


def teas(keyword: str, count: int) -> Sequence[Product]:
    return [a_tea(f"{keyword}-{n}", keyword) for n in range(count)]
