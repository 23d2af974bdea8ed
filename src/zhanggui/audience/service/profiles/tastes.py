"""Tastes of many at once, for who looks whether a taste tells who somebody is: see `PersonTastes` of trust's ports.

Read of the stored rows as they were folded last, of those alone who allow both a profile and training; nothing of a
person is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from zhanggui.audience.engines.denied import Shield
from zhanggui.audience.engines.profile.interests import LEAST, Liked, liked
from zhanggui.audience.engines.profile.state import unpack
from zhanggui.audience.engines.profile.taste import WIDTH, taste
from zhanggui.audience.ports import ItemVectors, LiveView
from zhanggui.audience.tables import profiles as tables
from zhanggui.kernel.clock import Clock, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import ConsentGate, Purpose
from zhanggui.shop import CatalogueView

from .goods import Goods

Reals = NDArray[np.float64]
Longs = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class TasteRows:
    """Tastes (n, d) of people (n,), the same without the newest thing that each liked (n, d), and that thing.

    `products` (m, d) are the vectors of what any of them likes; `taken` (n,) names rows of it. `at_ms` (n,) says when,
    `number` (n,) which product that newest thing is, `texts` and `names` tell products: for the gate of training sets.
    """

    person: Longs
    vectors: Reals
    without: Reals
    products: Reals
    taken: Sequence[Longs]
    number: Longs
    at_ms: Longs
    texts: Mapping[str, str]
    withheld: frozenset[str]
    names: Mapping[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonTastes:
    """Reads them.

    Args:
        db: the shop's store.
        clock: gives the present moment.
        live: the catalogue in memory.
        gate: says whose profile may be learned from.
        vectors: of products.
    """

    db: Database
    clock: Clock
    live: LiveView
    gate: ConsentGate
    vectors: ItemVectors
    goods: Goods = field(default_factory=Goods)

    def rows(self, most: int) -> TasteRows:
        """Of at most so many people, ascending, evenly from all; whoever likes fewer than two things is left out."""
        now_ms = to_ms(self.clock())
        with self.db.read() as db:
            persons = self._allowed(db)
            chosen = persons[:: max(1, -(-len(persons) // max(most, 1)))]
            view = self.live.view(db)
            found = list(self._each(db, view, chosen, now_ms))
        numbers = sorted({product for _, _, _, product, *_ in found})
        place = {product: row for row, product in enumerate(numbers)}
        held = {product: vector for _, _, _, product, vector, _ in found}
        return TasteRows(
            person=np.array([person for person, *_ in found], dtype=np.int64),
            vectors=_stacked([whole for _, whole, *_ in found]),
            without=_stacked([rest for _, _, rest, *_ in found]),
            products=_stacked([held[product] for product in numbers]),
            taken=[np.array([place[product]], dtype=np.int64) for *_, product, _, _ in found],
            number=np.array([product for *_, product, _, _ in found], dtype=np.int64),
            at_ms=np.array([at_ms for *_, at_ms in found], dtype=np.int64),
            texts=view.learned_texts(numbers),
            withheld=view.withheld(numbers),
            names={number: view.ids[number] for number in numbers},
        )

    def _allowed(self, db: sa.Connection) -> list[int]:
        persons = tables.persons_with_profiles(db, purpose=Purpose.TRAINING)
        may = self.gate.allowed_among(persons, Purpose.PERSONALIZATION)
        return sorted(self.gate.allowed_among(may, Purpose.TRAINING))

    def _each(
        self, db: sa.Connection, view: CatalogueView, persons: Sequence[int], now_ms: int
    ) -> Iterator[tuple[int, Sequence[float], Sequence[float], int, Sequence[float], int]]:
        """(person, taste, taste without the newest thing, that thing, its vector, when) of who likes two things."""
        good_of = self.goods.of(view)
        for person, packed in sorted(tables.states_of(db, persons, purpose=Purpose.TRAINING).items()):
            among = liked(unpack(packed).things, good_of, now_ms, is_social=False)
            spoken = [one for one in among if one.weight > LEAST and one.good.shield is Shield.OPEN]
            if len(spoken) < 2:
                continue
            newest = max(spoken, key=_newest)
            product = newest.thing.product
            whole, rest = (
                taste(some, lambda number: self.vectors.vector(view, number))
                for some in (spoken, [one for one in spoken if one is not newest])
            )
            vector = self.vectors.vector(view, product)
            if whole and rest and vector is not None:
                yield person, whole, rest, product, vector.tolist(), newest.thing.last_ms


def _newest(one: Liked) -> tuple[int, int]:
    return one.thing.last_ms, one.thing.product


def _stacked(rows: Sequence[Sequence[float]]) -> Reals:
    return np.array(rows, dtype=np.float64).reshape(len(rows), WIDTH)
