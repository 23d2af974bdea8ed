"""Orders: the list, and the page of one. Who bought is named by the merchant's own id, nothing more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream

from zhanggui.app.web.customer_names import customer_name
from zhanggui.app.web.order_words import ORDER_STATES
from zhanggui.app.web.spreadsheet import csv_stream
from zhanggui.app.web.tables import PER_PAGE, Column, TableAsk, TableRows
from zhanggui.kernel.clock import from_ms
from zhanggui.kernel.money import to_decimal
from zhanggui.kernel.privacy import Purpose
from zhanggui.shop import Order, OrderLine, OrderState, Return, Shipment
from zhanggui.shop.types.browsing import OrderAsk, ProductRow

from .listing import ORDER_TONES, choice, day_span, province_choice, stored_picture
from .shell import Console

SORTS = ("id", "at", "total")
FILTERS = ("state", "province", "day")


@get("/console/{shop:str}/orders", include_in_schema=False, sync_to_thread=True, opt={"scope": "shop:people"})
def orders(console: NamedDependency[Console]) -> Response[str]:
    """The list of orders, the newest first."""
    ask = TableAsk.of(console.view.query, sorts=SORTS, filters=FILTERS)
    found = console.rooms.browsing.orders(_order_ask(console, ask))
    _ = console.view._
    columns = [
        Column("id", _("Order")),
        Column("at", _("Time")),
        Column("customer", _("Customer"), is_sortable=False, is_wide=True),
        Column("province", _("Province"), is_sortable=False, is_wide=True),
        Column("units", _("Units"), is_number=True, is_sortable=False, is_wide=True),
        Column("total", _("Total"), is_number=True),
        Column("state", _("State"), is_sortable=False),
    ]
    choices = [
        choice(console, "state", _("State"), ORDER_STATES, ask.filters.get("state", "")),
        province_choice(console, ask.filters.get("province", "")),
    ]
    return console.page(
        "shop/orders.html",
        current="orders",
        columns=columns,
        rows=TableRows(found.rows, found.total, ask),
        called=console.rooms.browsing.called({row.customer_id for row in found.rows if row.customer_id}),
        choices=choices,
        export=f"{console.base}/orders.csv{ask.address()}",
        states=ORDER_STATES,
        tones=ORDER_TONES,
    )


@get("/console/{shop:str}/orders.csv", include_in_schema=False, sync_to_thread=True, opt={"scope": "shop:people"})
def orders_csv(console: NamedDependency[Console]) -> Stream:
    """The same orders as a file, all pages."""
    ask = TableAsk.of(console.view.query, sorts=SORTS, filters=FILTERS)
    head = ("id", "time", "state", "customer_id", "province", "channel", "units", "total", "currency")
    rows = (
        (
            row.id,
            console.view.formats.iso(from_ms(row.at_ms)),
            row.state.value,
            row.customer_id and customer_name(row.customer_id, console.view.language),
            row.province,
            row.channel,
            row.units,
            to_decimal(row.total_minor, row.currency),
            row.currency,
        )
        for row in console.rooms.browsing.all_orders(_order_ask(console, ask))
    )
    return csv_stream("orders", head, rows)


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it is shown."""

    line: OrderLine
    product: ProductRow | None
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Step:
    """One entry of an order's timeline."""

    at: datetime
    title: str
    detail: str = ""
    is_strong: bool = False


@get(
    "/console/{shop:str}/orders/{order_id:str}",
    include_in_schema=False,
    sync_to_thread=True,
    opt={"scope": "shop:people"},
)
def order(console: NamedDependency[Console], order_id: FromPath[str]) -> Response[str]:
    """One order with its lines, parcels, returns, and what happened when."""
    found = console.rooms.orders.order(order_id, purpose=Purpose.SERVICE)
    returns = console.rooms.orders.returns(order_id=order_id, purpose=Purpose.SERVICE)
    return console.page(
        "shop/order.html",
        current="orders",
        order=found,
        called=console.rooms.browsing.called([found.customer_id] if found.customer_id else []),
        lines=_lines(console, found.lines),
        returns=[(goods, _lines(console, goods.lines)) for goods in returns],
        total_minor=found.worth_minor,
        returned_minor=sum(goods.worth_minor for goods in returns),
        steps=_steps(console, found, returns),
        parcels=[(parcel, _parcel_state(console, found, parcel)) for parcel in found.shipments],
        states=ORDER_STATES,
        tones=ORDER_TONES,
        picture_of=stored_picture,
    )


def _order_ask(console: Console, ask: TableAsk) -> OrderAsk:
    span = day_span(console.view.formats, ask.filters.get("day", "")) or (None, None)
    state = ask.filters.get("state", "")
    return OrderAsk(
        id_prefix=ask.search,
        state=OrderState(state) if state in ORDER_STATES else None,
        province=ask.filters.get("province", ""),
        from_ms=span[0],
        until_ms=span[1],
        sort=ask.sort or "at",
        is_descending=ask.is_descending or not ask.sort,
        offset=ask.offset,
        limit=PER_PAGE,
    )


def _lines(console: Console, lines: Sequence[OrderLine]) -> list[Line]:
    """Lines with what is known of their products; one that has not come yet has none."""
    known = console.rooms.product_browsing.known({line.product_id for line in lines}, console.view.language)
    return [Line(line, known.get(line.product_id), line.worth_minor) for line in lines]


def _parcel_state(console: Console, order: Order, parcel: Shipment) -> str:
    """Where a parcel is: by its own moments, else by what the shop says of the whole order."""
    _ = console.view._
    if parcel.delivered_at is not None or order.state is OrderState.DELIVERED:
        return _(ORDER_STATES[OrderState.DELIVERED])
    is_sent = parcel.shipped_at is not None or order.state is OrderState.SHIPPED
    return _(ORDER_STATES[OrderState.SHIPPED]) if is_sent else _("Being packed")


def _steps(console: Console, order: Order, returns: Sequence[Return]) -> list[Step]:
    """What happened, oldest first."""
    _ = console.view._
    steps = [Step(order.at, _("Order placed"), is_strong=True)]
    for parcel in order.shipments:
        if parcel.shipped_at is not None:
            steps.append(Step(parcel.shipped_at, _("Parcel handed over"), parcel.carrier))
        if parcel.delivered_at is not None:
            steps.append(Step(parcel.delivered_at, _("Parcel delivered"), parcel.carrier, is_strong=True))
    steps += [Step(goods.at, _("Goods came back"), goods.reason, is_strong=True) for goods in returns]
    return sorted(steps, key=lambda step: step.at)


ORDER_ROUTES = (orders, orders_csv, order)
