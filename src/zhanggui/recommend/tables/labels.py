"""All SQL of earned labels: which stand with what they rest on, and which a merchant hides."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.db import shop_metadata
from zhanggui.kernel.slices import sliced
from zhanggui.recommend.types.labels import LabelCode

earned_labels = sa.Table(
    "recommend_labels",
    shop_metadata,
    sa.Column("product", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("label", sa.String(16), primary_key=True),
    sa.Column("hits", sa.BigInteger, nullable=False),
    sa.Column("total", sa.BigInteger, nullable=False),  # orders, or buyers
    sa.Column("orders", sa.BigInteger, nullable=False),
    sa.Column("share", sa.Float, nullable=False),
    sa.Column("shop_share", sa.Float, nullable=False),
    sa.Column("chance", sa.Float, nullable=False),
    sa.Column("since_ms", sa.BigInteger, nullable=False),
)

hidden_labels = sa.Table(
    "recommend_hidden_labels",
    shop_metadata,
    sa.Column("product", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("label", sa.String(16), primary_key=True),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
)
_AT_ONCE = 500


class StoredLabel(msgspec.Struct, frozen=True, kw_only=True):
    """One row of `recommend_labels`."""

    product: int
    label: LabelCode
    hits: int
    total: int
    orders: int
    share: float
    shop_share: float
    chance: float
    since_ms: int


class StoredHidden(msgspec.Struct, frozen=True, kw_only=True):
    """One row of `recommend_hidden_labels`."""

    product: int
    label: LabelCode
    at_ms: int


def labels_in(db: sa.Connection) -> list[StoredLabel]:
    """All labels, hidden ones too, by product and label."""
    c = earned_labels.c
    rows = db.execute(sa.select(earned_labels).order_by(c.product, c.label))
    return [msgspec.convert(row, StoredLabel, from_attributes=True) for row in rows]


def labels_of(db: sa.Connection, products: Collection[int]) -> list[StoredLabel]:
    """The labels of some products that are not hidden, the largest share first."""
    c, h = earned_labels.c, hidden_labels.c
    is_hidden = sa.exists().where(h.product == c.product, h.label == c.label)
    found: list[StoredLabel] = []
    for some in sliced(sorted(products), _AT_ONCE):
        chosen = sa.select(earned_labels).where(c.product.in_(some), ~is_hidden)
        rows = db.execute(chosen.order_by(c.product, c.share.desc(), c.label))
        found += [msgspec.convert(row, StoredLabel, from_attributes=True) for row in rows]
    return found


def replace_labels(db: sa.Connection, rows: Sequence[StoredLabel]) -> None:
    """Let exactly these labels stand."""
    db.execute(sa.delete(earned_labels))
    if rows:
        db.execute(sa.insert(earned_labels), [msgspec.structs.asdict(row) for row in rows])


def hidden_in(db: sa.Connection) -> list[StoredHidden]:
    """What is hidden, by product and label."""
    c = hidden_labels.c
    rows = db.execute(sa.select(hidden_labels).order_by(c.product, c.label))
    return [msgspec.convert(row, StoredHidden, from_attributes=True) for row in rows]


def hide(db: sa.Connection, rows: Iterable[StoredHidden]) -> None:
    """Hide labels; one that is hidden stays so."""
    held = {(one.product, one.label) for one in hidden_in(db)}
    new = [msgspec.structs.asdict(row) for row in rows if (row.product, row.label) not in held]
    if new:
        db.execute(sa.insert(hidden_labels), new)


def unhide(db: sa.Connection, product: int, label: str) -> None:
    """Show a label again."""
    c = hidden_labels.c
    db.execute(sa.delete(hidden_labels).where(c.product == product, c.label == label))
