"""Returns that refunds among events tell of. The shop's own word on an order is better, whichever came first."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.privacy import Duty
from zhanggui.shop.types import LegalBasis, OrderLine, OrderState, PutReport, Return

from .bulk import select_among
from .lines import order_lines, order_lines_of, return_lines
from .noted import Noted
from .orders import orders, returns, store_returns, told_return_id


def store_told(
    db: sa.Connection, facts: Sequence[Return], basis: LegalBasis, now_ms: int, noted: Noted | None = None
) -> PutReport:
    """Store returns that events tell of, each under `told_return_id` of its order.

    What the shop says itself stays as it is: a return of the same order, and an order that was called off. Refunds of
    one order that come later add what they say of other products; a return without lines is all that was ordered.
    """
    silent = _settled(db, {fact.order_id for fact in facts if fact.order_id})
    told = [fact for fact in facts if fact.order_id not in silent]
    held, ordered = _held_lines(db, told), _ordered_lines(db, told)
    whole = []
    for fact in told:
        stood = held.get(fact.id, ())
        lines = _joined(stood, fact.lines) if fact.lines else ordered.get(fact.order_id or "", stood)
        whole.append(msgspec.structs.replace(fact, lines=lines))
    return store_returns(db, whole, basis, now_ms, noted=noted) + PutReport(0, 0, len(facts) - len(told))


def _settled(db: sa.Connection, order_ids: Collection[str]) -> set[str]:
    """Orders of which the shop itself said what came back: by a return, or by calling them off."""
    own = select_among(db, returns.for_(Duty.UPKEEP), ("id", "order_id"), "order_id", order_ids)
    off = select_among(db, orders.for_(Duty.UPKEEP), ("id", "state"), "id", order_ids)
    return {row[1] for row in own if row[0] != told_return_id(row[1])} | {
        row[0] for row in off if row[1] == OrderState.CANCELLED.value
    }


def _held_lines(db: sa.Connection, facts: Sequence[Return]) -> dict[str, tuple[OrderLine, ...]]:
    rows = select_among(db, returns.for_(Duty.UPKEEP), ("number", "id"), "id", {fact.id for fact in facts})
    lines = order_lines_of(db, return_lines, [row[0] for row in rows], purpose=Duty.UPKEEP)
    return {row[1]: lines[row[0]] for row in rows}


def _ordered_lines(db: sa.Connection, facts: Sequence[Return]) -> dict[str, tuple[OrderLine, ...]]:
    asked = {fact.order_id for fact in facts if fact.order_id and not fact.lines}
    rows = select_among(db, orders.for_(Duty.UPKEEP), ("number", "id"), "id", asked)
    lines = order_lines_of(db, order_lines, [row[0] for row in rows], purpose=Duty.UPKEEP)
    return {row[1]: lines[row[0]] for row in rows}


def _joined(held: Sequence[OrderLine], told: Sequence[OrderLine]) -> tuple[OrderLine, ...]:
    known = {line.product_id for line in held}
    return (*held, *(line for line in told if line.product_id not in known))
