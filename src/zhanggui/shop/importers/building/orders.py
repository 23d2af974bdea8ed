"""Lines of an order file into orders, returns and entries of the books."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from zhanggui.kernel.ids import MAX_ID_LENGTH, hash64
from zhanggui.kernel.money import BadAmount
from zhanggui.shop.importers.choices import province_in
from zhanggui.shop.importers.fields import NAMES_OF_PRODUCTS
from zhanggui.shop.importers.mapping import matches
from zhanggui.shop.types import Customer, Identifiers, Order, OrderLine, OrderState, Return, Shipment
from zhanggui.shop.types.imports import BookEntry, EntryKind

from .built import Built, Columns, Frame, cells, first, map_cure, minor_of, moment, moment_of, whole_names
from .order_book import LineClass

MAX_LINES = 10_000
Pseudonym = Callable[[str, str], str]
_ENTRIES = {
    LineClass.CHARGE: EntryKind.CHARGE,
    LineClass.STOCK_ADJUSTMENT: EntryKind.STOCK_ADJUSTMENT,
    LineClass.BAD_DEBT: EntryKind.BAD_DEBT,
}


class NoLine(NamedTuple):
    """Why a row makes no line of an order: the field that is missing, and what to do."""

    field: str
    reason: str
    cure: str


_NO_PRICE = NoLine("unit_price", "neither a unit price nor an amount", map_cure("unit_price"))
_NO_PRODUCT = NoLine("product_id", "nothing says which product this is", map_cure("product_id"))


def complete_lines(columns: dict[str, list[Any]], lines: int, pseudonym: Pseudonym) -> dict[int, NoLine]:
    """Fill in what files say in other ways: products by variant or title, prices by amount, customers by nickname.

    A nickname, phone or e-mail is a direct identifier, so the customer's id is a keyed hash of it.

    Returns:
        What is wrong with the rows that still make no line, by row.
    """
    products = cells(columns, "product_id", lines)
    for other in NAMES_OF_PRODUCTS[1:]:
        if None in products and other in columns:
            products = [a or (b and b[:MAX_ID_LENGTH]) for a, b in zip(products, columns[other], strict=True)]
    columns["product_id"] = products
    columns["unit_price"] = _prices(columns, lines)
    columns["customer_id"] = _customers(columns, lines, pseudonym)
    bad = {n: _NO_PRICE for n, price in enumerate(columns["unit_price"]) if not price}
    return bad | {n: _NO_PRODUCT for n, product in enumerate(products) if not product}


def _prices(columns: Columns, lines: int) -> list[str | None]:
    prices = cells(columns, "unit_price", lines)
    if None not in prices or "amount" not in columns:
        return prices
    rows = zip(prices, columns["amount"], columns["quantity"], strict=True)
    return [price if price is not None else _per_unit(amount, quantity) for price, amount, quantity in rows]


def _per_unit(amount: str | None, quantity: int) -> str | None:
    if amount is None or not quantity:
        return None
    try:
        return f"{(Decimal(amount) / quantity).quantize(Decimal('0.000001')):f}"
    except InvalidOperation:
        return None


def _customers(columns: Columns, lines: int, pseudonym: Pseudonym) -> list[str | None]:
    customers = cells(columns, "customer_id", lines)
    for field in ("nickname", "phone", "email"):
        if None in customers and field in columns:
            known = {word: pseudonym(field, word) for word in set(columns[field]) if word}
            pairs = zip(customers, columns[field], strict=True)
            customers = [customer or known.get(word) for customer, word in pairs]
    return customers


def _minor(price: str, currency: str) -> int | None:
    try:
        return minor_of(price, currency)
    except BadAmount:
        return None


def build_orders(columns: Columns, bounds: list[int], classes: list[int], frame: Frame) -> Built:
    """Orders, returns and entries of a slice.

    Args:
        columns: the rows by field.
        bounds: where each order starts, with the end last.
        classes: the `LineClass` of each row.
        frame: the map and its defaults.
    """
    built = Built()
    rows = bounds[-1]
    currencies = [value or frame.currency for value in cells(columns, "currency", rows)]
    minors = [_minor(price, currency) for price, currency in zip(columns["unit_price"], currencies, strict=True)]
    lines = _lines(columns, bounds, minors, currencies)
    for start, end in itertools.pairwise(bounds):
        if end - start > MAX_LINES:
            reason = f"one of {end - start:,} lines of one order; at most {MAX_LINES:,} are kept"
            built.rejects += [frame.reject(columns, n, reason, field="order_id") for n in range(start, end)]
            continue
        _one_order(columns, start, end, classes, lines, currencies[start], frame, built)
    _derive_customers(columns, rows, frame, built)
    return built


def _lines(
    columns: Columns, bounds: list[int], minors: list[int | None], currencies: list[str]
) -> list[OrderLine | None]:
    """Each row as a line (None where its price cannot be counted); repeats get an occurrence: `85123A#2`."""
    rows = bounds[-1]
    ids, products = cells(columns, "line_id", rows), columns["product_id"]
    variants, discounts = cells(columns, "variant_id", rows), cells(columns, "discount", rows)
    out: list[OrderLine | None] = []
    for start, end in itertools.pairwise(bounds):
        seen: dict[str, int] = {}
        for n in range(start, end):
            key = _occurrence(ids[n] or products[n], seen)
            minor = minors[n]
            discount = _minor(discounts[n], currencies[n]) if discounts[n] else 0
            if minor is None or discount is None:
                out.append(None)
                continue
            out.append(
                OrderLine(
                    id=key,
                    product_id=products[n],
                    variant_id=variants[n],
                    quantity=abs(columns["quantity"][n]),
                    unit_price_minor=minor,
                    unit_price_source=columns["unit_price"][n],
                    discount_minor=discount,
                )
            )
    return out


def _occurrence(key: str, seen: dict[str, int]) -> str:
    """The id of a line: its own, with an occurrence when an earlier line of the order has it."""
    id_ = key
    while id_ in seen:
        seen[key] += 1
        id_ = _short(f"{key}#{seen[key]}")
    seen[id_] = 1
    return id_


def _short(id_: str) -> str:
    return id_ if len(id_) <= MAX_ID_LENGTH else f"{id_[:200]}#{hash64(id_) & (2**64 - 1):x}"


def _one_order(
    columns: Columns,
    start: int,
    end: int,
    classes: list[int],
    lines: list[OrderLine | None],
    currency: str,
    frame: Frame,
    built: Built,
) -> None:
    sold: list[OrderLine] = []
    came_back: list[OrderLine] = []
    has_charges = False
    for n in range(start, end):
        line, kind = lines[n], classes[n]
        if line is None:
            built.rejects.append(frame.reject(columns, n, "more than can be counted exactly", field="unit_price"))
        elif kind == LineClass.REFUSED:
            cure = 'Say in the map what it means: [orders] negative_quantity = "return" or "stock-adjustment".'
            built.rejects.append(frame.reject(columns, n, "a quantity below zero", cure, "quantity"))
        elif kind == LineClass.SALE:
            sold.append(line)
        elif kind == LineClass.RETURN:
            came_back.append(line)
        else:
            has_charges = has_charges or kind == LineClass.CHARGE
            built.entries.append(_entry(columns, n, line, _ENTRIES[LineClass(kind)], currency))
    is_return = bool(came_back) and not sold
    if sold or (has_charges and not is_return and not _is_return_id(columns["order_id"][start], frame)):
        built.orders.append(_order(columns, start, end, sold, currency))
    if came_back or (has_charges and _is_return_id(columns["order_id"][start], frame)):
        built.returns.append(_return(columns, start, end, came_back, currency, with_order=bool(sold)))


def _is_return_id(order_id: str, frame: Frame) -> bool:
    return matches(order_id, frame.map.orders.returns)


def _entry(columns: Columns, n: int, line: OrderLine, kind: EntryKind, currency: str) -> BookEntry:
    order_id = columns["order_id"][n]
    return BookEntry(
        id=_short(f"{order_id}:{line.id}"),
        kind=kind,
        order_id=order_id,
        code=line.product_id,
        title=(columns["title"][n] or "") if "title" in columns else "",
        quantity=columns["quantity"][n],
        unit_price_source=line.unit_price_source or "0",
        currency=currency,
        at=moment(columns["at"][n]),
    )


def _order(columns: Columns, start: int, end: int, lines: list[OrderLine], currency: str) -> Order:
    rows = len(columns["at"])

    def one(name: str) -> Any:
        return first(columns[name], start, end) if name in columns else None

    address = one("address")
    return Order(
        id=columns["order_id"][start],
        customer_id=one("customer_id"),
        visitor_id=one("visitor_id"),
        at=moment(min(columns["at"][start:end])),
        state=OrderState(one("state") or "paid"),
        currency=currency,
        market=one("market") or "default",
        channel=one("channel") or "default",
        province=one("province") or (province_in(address) if address else ""),
        city_tier=one("city_tier"),
        lines=tuple(lines),
        shipments=_shipments(columns, start, end, rows) if "tracking_id" in columns else (),
    )


def _shipments(columns: Columns, start: int, end: int, rows: int) -> tuple[Shipment, ...]:
    carriers, sent = cells(columns, "carrier", rows), cells(columns, "shipped_at", rows)
    arrived, found = cells(columns, "delivered_at", rows), {}
    for n in range(start, end):
        parcel = columns["tracking_id"][n]
        if parcel and parcel not in found:
            found[parcel] = Shipment(
                id=parcel,
                carrier=carriers[n] or "",
                shipped_at=moment_of(sent[n]),
                delivered_at=moment_of(arrived[n]),
            )
    return tuple(found.values())


def _return(
    columns: Columns, start: int, end: int, lines: list[OrderLine], currency: str, *, with_order: bool
) -> Return:
    order_id = columns["order_id"][start]
    return Return(
        id=_short(f"{order_id}:return") if with_order else order_id,
        order_id=order_id if with_order else None,
        customer_id=first(cells(columns, "customer_id", end), start, end),
        at=moment(min(columns["at"][start:end])),
        currency=currency,
        lines=tuple(lines),
    )


def _derive_customers(columns: Columns, rows: int, frame: Frame, built: Built) -> None:
    rule = frame.map.derive.customers
    if rule == "never":
        return
    target = built.customers if rule == "always" else built.absent_customers
    names = ("phone", "email", "address", "nickname", "province", "city_tier")
    parts = [whole_names(columns, rows), *(cells(columns, name, rows) for name in names)]
    seen: set[str] = set()
    for n, id_ in enumerate(columns["customer_id"]):
        if id_ is None or id_ in seen:
            continue
        seen.add(id_)
        name, phone, email, address, nickname, province, tier = (part[n] for part in parts)
        target.append(
            Customer(
                id=id_,
                identifiers=Identifiers(
                    name=name or "",
                    phone=phone or "",
                    email=email or "",
                    address=(address or "")[:2048],
                    platform_ids={"nickname": nickname} if nickname else {},
                ),
                province=province or (province_in(address) if address else ""),
                city_tier=tier,
                language=frame.language,
            )
        )
