"""Vectors of products come in, are looked through, placed among the others, and stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from zhanggui.kernel.changes import announce
from zhanggui.kernel.clock import Clock, from_ms, to_ms
from zhanggui.kernel.db import Database
from zhanggui.recommend.engines.covisitation import Neighbours
from zhanggui.recommend.engines.interactions import Floats
from zhanggui.recommend.engines.vector_neighbours import linked
from zhanggui.recommend.engines.vector_spaces import NEAREST, floor_of
from zhanggui.recommend.errors import ImportOvertaken, UnknownSpace, UnusableVectors
from zhanggui.recommend.ports import LiveView
from zhanggui.recommend.tables import vectors as tables
from zhanggui.recommend.tables.vectors import StoredSpace, StoredVectors
from zhanggui.recommend.types.vectors import (
    LEAST_VALUES,
    MOST_VALUES,
    PutVectors,
    VectorsKept,
    VectorSpaceCard,
    VectorSpaceName,
)

from .held import VECTOR
from .storing import Placed, named, store

_TRIES = 5
_NAMED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class VectorDesk:
    """Vectors that a merchant, or whoever makes them, hands in.

    Args:
        db: the shop's store.
        clock: gives the present moment.
        live: the catalogue in memory.
    """

    db: Database
    clock: Clock
    live: LiveView

    def put_batch(self, space: VectorSpaceName, batch: PutVectors) -> VectorsKept:
        """Keep a batch; see `put`."""
        first = len(batch.vectors[0].vector)
        for n, one in enumerate(batch.vectors, 1):
            if len(one.vector) != first:
                raise UnusableVectors(
                    f"Vector {n} has {len(one.vector)} values, the first one {first}.",
                    hint="Send vectors of one model; all have the same length.",
                )
        vectors = np.array([one.vector for one in batch.vectors], dtype=np.float32)
        return self.put(space, batch.version, [one.product_id for one in batch.vectors], vectors)

    def put(self, space: VectorSpaceName, version: str, ids: Sequence[str], vectors: Floats) -> VectorsKept:
        """Keep vectors of products; they act in the very next answer of every process.

        Args:
            space: what they were made of.
            version: the model that made them; another one than is kept drops what is there.
            ids: (n,) of products; those that the shop does not have are counted and left out.
            vectors: (n, d) of any length but 0.

        Raises:
            UnusableVectors: a product twice, a value that is no number, a vector of length 0, or another dimension.
            ImportOvertaken: another import of the space began meanwhile.
        """
        looked_through(ids, vectors)
        unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        for _ in range(_TRIES):
            with self.db.read() as db:
                view = self.live.view(db)
                known = [n for n, id_ in enumerate(ids) if id_ in view.numbers]
                came = np.array([view.numbers[ids[n]] for n in known], dtype=np.int32)
                placed = self._placed(db, space, version, came, unit[known])
            if store(self.db, placed, view):
                break
        else:
            raise ImportOvertaken(
                f"Others kept importing {space} vectors meanwhile; nothing of these was stored.",
                hint="Send them again when the others have ended.",
            )
        unknown = [id_ for id_ in ids if id_ not in view.numbers]
        return VectorsKept(
            space=space,
            version=version,
            dimension=placed.space.dimension,
            stored=len(known),
            unknown=len(unknown),
            unknown_ids=tuple(unknown[:_NAMED]),
            dropped=placed.dropped,
            products=len(placed.rows.products),
        )

    def cards(self) -> list[VectorSpaceCard]:
        """The spaces, by name."""
        with self.db.read() as db:
            return [
                VectorSpaceCard(
                    space=held.space,
                    version=held.version,
                    dimension=held.dimension,
                    products=tables.count_in(db, held.space),
                    floor=held.floor,
                    at=from_ms(held.at_ms),
                    is_finished=held.is_finished,
                )
                for held in tables.spaces_in(db)
            ]

    def remove(self, space: VectorSpaceName) -> VectorSpaceCard:
        """Forget a space; the next answers do without.

        Raises:
            UnknownSpace: nothing is kept under that name.
        """
        card = next((card for card in self.cards() if card.space == space), None)
        if card is None:
            raise UnknownSpace.of(space)

        def work(db: sa.Connection) -> None:
            tables.locked_space(db, space)
            held = tables.vectors_in(db, space).products
            tables.forget_vectors(db, space)
            announce(db, VECTOR, named(self.live.view(db), held.tolist()))

        self.db.write(work)
        return card

    def _placed(
        self, db: sa.Connection, space: VectorSpaceName, version: str, came: NDArray[np.int32], unit: Floats
    ) -> Placed:
        held = tables.space_in(db, space)
        dropped, before = 0, tables.vectors_in(db, space)
        if held is not None and held.version != version:
            dropped, before = len(before.products), tables.vectors_in(db, space, [])
        elif held is not None and held.dimension != unit.shape[1]:
            raise UnusableVectors(
                f"The vectors have {unit.shape[1]} values; those of {space}, version {held.version}, "
                f"have {held.dimension}.",
                hint="Send them with another version: then the old ones are dropped.",
            )
        fixed = held if held is not None and held.version == version and held.is_finished else None
        rows, is_written = _joined(before, came, unit, is_anew=fixed is None)
        n = len(rows.products)
        is_old = fixed is not None and n < 2 * fixed.floor_rows
        floor, measured = (fixed.floor, fixed.floor_rows) if fixed and is_old else (floor_of(rows.vectors), n)
        card = StoredSpace(
            space=space,
            version=version,
            dimension=unit.shape[1],
            floor=floor,
            floor_rows=measured,
            imports=1 if held is None else held.imports + 1,
            at_ms=to_ms(self.clock()),
            is_finished=True,
        )
        is_announced = np.isin(rows.products, came) if is_old else np.ones(n, dtype=np.bool_)
        return Placed(
            before=held, space=card, rows=rows, is_written=is_written, is_announced=is_announced, dropped=dropped
        )


def looked_through(ids: Sequence[str], vectors: Floats) -> None:
    """Refuse what cannot be kept.

    Raises:
        UnusableVectors: says which row, and why.
    """
    if not len(ids):
        raise UnusableVectors("There is no vector in it.", hint="Send at least one.")
    if not LEAST_VALUES <= vectors.shape[1] <= MOST_VALUES:
        raise UnusableVectors(
            f"The vectors have {vectors.shape[1]} values each.", hint=f"Send {LEAST_VALUES} to {MOST_VALUES} values."
        )
    if len(set(ids)) < len(ids):
        twice = next(id_ for id_, times in Counter(ids).items() if times > 1)
        raise UnusableVectors(f'The product "{twice}" comes twice.', hint="Send one vector a product and space.")
    wrong = np.flatnonzero(~np.isfinite(vectors).all(axis=1))
    if len(wrong):
        raise UnusableVectors(
            f'Vector {wrong[0] + 1}, of "{ids[wrong[0]]}", has a value that is no finite number; '
            f"so have {len(wrong)} of {len(ids)}.",
            hint="Leave out products whose vector could not be made.",
        )
    empty = np.flatnonzero(~vectors.any(axis=1))
    if len(empty):
        raise UnusableVectors(
            f'Vector {empty[0] + 1}, of "{ids[empty[0]]}", is all zeros; so are {len(empty)} of {len(ids)}.',
            hint="Leave out products whose vector could not be made.",
        )


def _joined(
    before: StoredVectors, came: NDArray[np.int32], unit: Floats, *, is_anew: bool
) -> tuple[StoredVectors, NDArray[np.bool_]]:
    """All rows by product with their neighbours as they are now, and (n,) which are other than before.

    An import that broke off left rows that others should have as neighbours and have not: then all are linked anew.
    """
    is_kept = ~np.isin(before.products, came)
    products = np.concatenate([before.products[is_kept], came])
    order = np.argsort(products)
    products = products[order]
    kept = before.vectors[is_kept] if len(before.products) else np.zeros((0, unit.shape[1]), dtype=np.float32)
    vectors = np.concatenate([kept, unit])[order].astype(np.float32)
    size = int(products.max(initial=0)) + 1
    lists = Neighbours(ids=np.zeros((size, NEAREST), np.int32), weights=np.zeros((size, NEAREST), np.float32))
    if is_kept.any() and not is_anew:
        lists.ids[before.products[is_kept]] = before.near[is_kept]
        lists.weights[before.products[is_kept]] = before.cosines[is_kept]
    lists, is_other = linked(products, vectors, lists, products if is_anew else np.sort(came))
    rows = StoredVectors(products=products, vectors=vectors, near=lists.ids[products], cosines=lists.weights[products])
    return rows, is_other[products] | is_anew
