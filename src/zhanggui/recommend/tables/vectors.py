"""All SQL of vectors of products: the spaces, and each product's vector with its nearest neighbours in it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

import msgspec
import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from zhanggui.kernel.db import shop_metadata, upsert
from zhanggui.kernel.slices import sliced
from zhanggui.recommend.types.vectors import SpaceOfVectors, VectorRows

vector_spaces = sa.Table(
    "recommend_vector_spaces",
    shop_metadata,
    sa.Column("space", sa.String(8), primary_key=True),
    sa.Column("version", sa.String(64), nullable=False),
    sa.Column("dimension", sa.Integer, nullable=False),
    sa.Column("floor", sa.Float, nullable=False),
    sa.Column("floor_rows", sa.BigInteger, nullable=False),  # vectors that it was measured on
    sa.Column("imports", sa.BigInteger, nullable=False),  # raised by each import
    sa.Column("at_ms", sa.BigInteger, nullable=False),
    sa.Column("is_finished", sa.Boolean, nullable=False, server_default=sa.true()),  # False between slices of an import
)

item_vectors = sa.Table(
    "recommend_vectors",
    shop_metadata,
    sa.Column("space", sa.String(8), primary_key=True),
    sa.Column("product", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("vector", sa.LargeBinary, nullable=False),  # float32, little-endian, of length 1
    sa.Column("near", sa.LargeBinary, nullable=False),  # int32 product numbers, nearest first, 0 for none
    sa.Column("cosines", sa.LargeBinary, nullable=False),  # float32 beside them
)
_AT_ONCE = 500


class StoredSpace(SpaceOfVectors, frozen=True, kw_only=True):
    """One row of `recommend_vector_spaces`."""

    floor_rows: int
    imports: int
    at_ms: int
    is_finished: bool


class StoredVectors(VectorRows, frozen=True, kw_only=True):
    """Rows of `recommend_vectors`: with the cosines (n, k) of the neighbours."""

    cosines: NDArray[np.float32]


def spaces_in(db: sa.Connection) -> list[StoredSpace]:
    """All spaces, by name."""
    rows = db.execute(sa.select(vector_spaces).order_by(vector_spaces.c.space))
    return [msgspec.convert(row, StoredSpace, from_attributes=True) for row in rows]


def locked_space(db: sa.Connection, space: str) -> StoredSpace | None:
    """A space, which no other writer changes before this transaction ends; None where there is none."""
    if db.dialect.name == "postgresql":  # the row may not be there yet, so that it cannot be locked itself
        db.exec_driver_sql("LOCK TABLE recommend_vector_spaces IN SHARE ROW EXCLUSIVE MODE")
    return space_in(db, space)


def space_in(db: sa.Connection, space: str) -> StoredSpace | None:
    """One space; None where there is none."""
    return next((held for held in spaces_in(db) if held.space == space), None)


def put_space(db: sa.Connection, space: StoredSpace) -> None:
    """Write a space over what was there."""
    upsert(db, vector_spaces, [msgspec.structs.asdict(space)], keys=["space"])


def count_in(db: sa.Connection, space: str) -> int:
    """How many vectors a space holds."""
    asked = sa.select(sa.func.count()).select_from(item_vectors).where(item_vectors.c.space == space)
    return int(db.execute(asked).scalar_one())


def vectors_in(db: sa.Connection, space: str, products: Collection[int] | None = None) -> StoredVectors:
    """The vectors of these products that have one, or of all, by product."""
    c = item_vectors.c
    asked = sa.select(c.product, c.vector, c.near, c.cosines).where(c.space == space).order_by(c.product)
    rows: list[Any] = []
    for some in _slices(products):
        rows += db.execute(asked if some is None else asked.where(c.product.in_(some)))
    width = -1 if rows else 0
    return StoredVectors(
        products=np.array([row[0] for row in rows], dtype=np.int32),
        vectors=np.frombuffer(b"".join([row[1] for row in rows]), "<f4").reshape(len(rows), width),
        near=np.frombuffer(b"".join([row[2] for row in rows]), "<i4").reshape(len(rows), width),
        cosines=np.frombuffer(b"".join([row[3] for row in rows]), "<f4").reshape(len(rows), width),
    )


def put_vectors(db: sa.Connection, space: str, rows: StoredVectors) -> None:
    """Write vectors over what was there."""
    columns = zip(rows.products.tolist(), rows.vectors, rows.near, rows.cosines, strict=True)
    values = [
        {
            "space": space,
            "product": product,
            "vector": vector.astype("<f4").tobytes(),
            "near": near.astype("<i4").tobytes(),
            "cosines": cosines.astype("<f4").tobytes(),
        }
        for product, vector, near, cosines in columns
    ]
    for some in sliced(values, _AT_ONCE):
        upsert(db, item_vectors, some, keys=["space", "product"])


def forget_vectors(db: sa.Connection, space: str) -> int:
    """Delete a space with all that is in it; returns how many vectors it held."""
    held = count_in(db, space)
    db.execute(sa.delete(item_vectors).where(item_vectors.c.space == space))
    db.execute(sa.delete(vector_spaces).where(vector_spaces.c.space == space))
    return held


def _slices(products: Collection[int] | None) -> Iterator[Sequence[int] | None]:
    return iter([None]) if products is None else iter(sliced(sorted(products), _AT_ONCE))
