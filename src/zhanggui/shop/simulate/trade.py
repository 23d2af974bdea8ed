"""From purchases to orders, parcels and returns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec
import numpy as np

from zhanggui.kernel.clock import from_ms
from zhanggui.shop.types import Order, OrderLine, OrderState, Return, Shipment

from .crowd import Crowd, customer_id, visitor_id
from .days import Purchases, runs
from .plan import SimulationPlan
from .shelves import goods, sentences
from .stock import Stock, day_start

CARRIERS = ("示例速运", "演示快递", "样例物流")


class BoughtLine(msgspec.Struct, frozen=True):
    """A line that reached its buyer: what reviews and returns are made of."""

    order: Order
    line: OrderLine
    person: int
    product: int
    match: float
    delivered_at: datetime
    is_late: bool


@dataclass(frozen=True, slots=True)
class Trade:
    """Orders and returns by time, and the lines that were delivered."""

    orders: tuple[Order, ...]
    returns: tuple[Return, ...]
    delivered: tuple[BoughtLine, ...]


def trade(plan: SimulationPlan, stock: Stock, crowd: Crowd, days: list[Purchases], rng: np.random.Generator) -> Trade:
    """Make orders of what was bought in one visit, send them, and take some back. `days` in order."""
    end = day_start(plan, plan.days)
    orders: list[Order] = []
    delivered: list[BoughtLine] = []
    for bought in days:
        for rows in runs(bought.session):
            order, is_late = _order(plan, stock, crowd, bought, rows, len(orders) + 1, end, rng)
            orders.append(order)
            arrived = order.shipments[0].delivered_at if order.shipments else None
            if arrived is not None:
                delivered += [
                    BoughtLine(
                        order,
                        line,
                        int(bought.person[n]),
                        int(bought.product[n]),
                        float(bought.match[n]),
                        arrived,
                        is_late,
                    )
                    for n, line in zip(rows, order.lines, strict=True)
                ]
    return Trade(tuple(orders), _returns(stock, delivered, end, rng), tuple(delivered))


def _order(
    plan: SimulationPlan,
    stock: Stock,
    crowd: Crowd,
    bought: Purchases,
    rows: range,
    number: int,
    end: datetime,
    rng: np.random.Generator,
) -> tuple[Order, bool]:
    person = int(bought.person[rows[0]])
    at = from_ms(int(bought.at_ms[rows[0]]))
    id_ = f"o{number:07d}"
    lines = tuple(
        OrderLine(
            id=str(k + 1),
            product_id=stock.products[bought.product[n]].id,
            quantity=int(bought.quantity[n]),
            unit_price_minor=int(bought.unit_minor[n]),
        )
        for k, n in enumerate(rows)
    )
    shipment, state, is_late = _sent(id_, at, int(crowd.city_tier[person]), lines, end, rng)
    is_customer = person < plan.customers
    order = Order(
        id=id_,
        customer_id=customer_id(person) if is_customer else None,
        visitor_id=None if is_customer else visitor_id(person),
        at=at,
        state=state,
        channel="shop",
        province=goods().provinces[crowd.province[person]],
        city_tier=int(crowd.city_tier[person]),
        lines=lines,
        shipments=(shipment,) if shipment else (),
    )
    return order, is_late


def _sent(
    id_: str, at: datetime, tier: int, lines: tuple[OrderLine, ...], end: datetime, rng: np.random.Generator
) -> tuple[Shipment | None, OrderState, bool]:
    """The parcel as far as it is known at the end, the order's state, and whether it came late."""
    cancels, waits, travels, late, delay, carrier = rng.random(6)
    if cancels < 0.012:
        return None, OrderState.CANCELLED, False
    shipped_at = at + timedelta(hours=round(3 + 27 * waits, 2))
    is_late = bool(late < 0.05)
    days = 0.7 + 0.45 * tier + 1.2 * travels + (3 + 4 * delay if is_late else 0)
    delivered_at = shipped_at + timedelta(days=round(days, 3))
    if shipped_at >= end:
        return None, OrderState.PAID, is_late
    has_arrived = delivered_at < end
    shipment = Shipment(
        id=f"{id_}-1",
        carrier=CARRIERS[int(carrier * len(CARRIERS))],
        shipped_at=shipped_at,
        delivered_at=delivered_at if has_arrived else None,
        line_ids=tuple(line.id for line in lines),
    )
    return shipment, OrderState.DELIVERED if has_arrived else OrderState.SHIPPED, is_late


def _returns(stock: Stock, delivered: list[BoughtLine], end: datetime, rng: np.random.Generator) -> tuple[Return, ...]:
    """The worse a thing is and fits, the likelier it comes back; within seven days."""
    shelves, reasons = goods().shelf, sentences().return_reasons
    found: list[Return] = []
    for one in delivered:
        chance = shelves[stock.shelf[one.product]].return_rate * np.exp(
            -0.5 * stock.quality[one.product] + 0.5 * one.is_late
        )
        drawn, wait, reason = rng.random(3)
        at = one.delivered_at + timedelta(days=round(0.3 + 6 * wait, 3))
        if drawn < chance and at < end:
            found.append(
                Return(
                    id=f"r-{one.order.id}-{one.line.id}",
                    order_id=one.order.id,
                    customer_id=one.order.customer_id,
                    at=at,
                    reason=reasons[int(reason * len(reasons))],
                    lines=(one.line,),
                )
            )
    return tuple(sorted(found, key=lambda each: (each.at, each.id)))
