"""Stock that orders of the shop's own checkout allocate, and give back."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.changes import announce
from zhanggui.kernel.db import shop_metadata
from zhanggui.kernel.personal import Personal
from zhanggui.kernel.privacy import Duty
from zhanggui.shop.types import Order, OrderState

from .bulk import put_rows, select_among
from .products import offers, product_ids

order_allocations = Personal(
    sa.Table(
        "order_allocations",
        shop_metadata,
        sa.Column("order_id", sa.String(256), primary_key=True),
        sa.Column("line_id", sa.String(256), primary_key=True),
        sa.Column("product", sa.BigInteger, nullable=False),
        sa.Column("variant_id", sa.String(256)),  # whose stock it is: null where the product is counted as such
        sa.Column("market", sa.String(512), nullable=False),
        sa.Column("units", sa.BigInteger, nullable=False),  # 0 while the order is called off
    )
)

_COLUMNS = order_allocations.columns


class Allocation(msgspec.Struct, frozen=True, array_like=True):
    """Units of one stock that a line of an order holds."""

    order_id: str
    line_id: str
    product: int
    variant_id: str | None
    market: str
    units: int


def hold_offers(db: sa.Connection, products: Collection[int]) -> None:
    """Keep everybody else from changing the offers of some products until the transaction ends, in a fixed order."""
    c = offers.c
    chosen = sa.select(c.product, c.slot).where(c.product.in_(list(products))).order_by(c.product, c.slot)
    db.execute(chosen.with_for_update()).all()


def allocate(db: sa.Connection, held: Allocation) -> None:
    """Promise units to a line of an order, in all offers that count their stock."""
    put_rows(db, order_allocations, _COLUMNS, [msgspec.structs.astuple(held)])
    _change(db, [(held, held.units)])


def settle_allocations(db: sa.Connection, orders: Sequence[Order]) -> None:
    """Let orders that allocated hold what their lines say now: nothing where they are called off.

    Offers are held before anything of an order is written, as the checkout does: two at once wait for one another.
    """
    facts = {order.id: order for order in orders}
    if not (changes := _differing(db, facts)):
        return
    hold_offers(db, {held.product for held, _ in changes})
    changes = _differing(db, facts)  # of two that call one order off at once, the second sees that it is done
    rows = [(*msgspec.structs.astuple(held)[:-1], held.units + more) for held, more in changes]
    put_rows(db, order_allocations, _COLUMNS, rows, keys=("order_id", "line_id"))
    _change(db, changes)


def _differing(db: sa.Connection, facts: Mapping[str, Order]) -> list[tuple[Allocation, int]]:
    """Lines that hold other than they should, and by how many units."""
    return [
        (held, more) for held in allocations_of(db, facts) if (more := _wanted(facts[held.order_id], held) - held.units)
    ]


def _wanted(order: Order, held: Allocation) -> int:
    if order.state is OrderState.CANCELLED:
        return 0
    return sum(max(0, line.quantity) for line in order.lines if line.id == held.line_id)


def allocations_of(db: sa.Connection, order_ids: Collection[str]) -> list[Allocation]:
    """What each line of some orders holds; lines that never allocated are left out."""
    rows = select_among(db, order_allocations.for_(Duty.UPKEEP), _COLUMNS, "order_id", order_ids)
    return [Allocation(*row) for row in sorted(rows, key=lambda row: row[:2])]


def allocations_page(db: sa.Connection, *, after: tuple[str, str], limit: int) -> list[Allocation]:
    """Allocations by order and line, from the one after `after`."""
    table = order_allocations.for_(Duty.UPKEEP)
    c = table.c
    place = sa.tuple_(c.order_id, c.line_id)
    chosen = sa.select(table).where(place > sa.tuple_(*map(sa.literal, after)))
    return [Allocation(*row) for row in db.execute(chosen.order_by(c.order_id, c.line_id).limit(limit))]


def note_allocations(db: sa.Connection, some: Sequence[Allocation]) -> None:
    """Note what is held already, as a copy of a shop brings it: no offer is changed."""
    put_rows(db, order_allocations, _COLUMNS, [msgspec.structs.astuple(one) for one in some])


def is_overdrawn(db: sa.Connection, held: Sequence[Allocation]) -> bool:
    """Whether an offer that counts one of these stocks has promised more than it has."""
    c = offers.c
    return any(
        db.execute(sa.select(c.slot).where(_counts(one), c.allocated > c.on_hand).limit(1)).first() for one in held
    )


def _change(db: sa.Connection, changes: Sequence[tuple[Allocation, int]]) -> None:
    allocated = offers.c.allocated
    for held, more in changes:
        # A new count of the stock may have forgotten what was promised: less than nothing is never promised.
        least = sa.case((allocated + more > 0, allocated + more), else_=0)
        db.execute(sa.update(offers).where(_counts(held)).values(allocated=least))
    announce(db, "offer", product_ids(db, {held.product for held, _ in changes}).values())


def _counts(held: Allocation) -> sa.ColumnElement[bool]:
    c = offers.c
    is_variant = c.variant_id.is_(None) if held.variant_id is None else c.variant_id == held.variant_id
    return sa.and_(c.product == held.product, c.market == held.market, is_variant, c.on_hand.is_not(None))
