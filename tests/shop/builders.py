"""Facts with a good default for all but what a test is about, and services over a store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

from zhanggui.kernel.cipher import SubjectCipher
from zhanggui.kernel.db import Database
from zhanggui.shop import (
    Catalogue,
    Customer,
    Identifiers,
    LegalBasis,
    Offer,
    Order,
    OrderLine,
    Orders,
    People,
    Product,
    ProductText,
    Question,
    Return,
    Review,
    Words,
)

NOON = datetime(2026, 3, 14, 4, 0, tzinfo=UTC)
CONTRACT = LegalBasis(kind="contract")
MASTER_KEY = bytes(range(32))

Clock = Callable[[], datetime]


def at_noon() -> datetime:
    return NOON


def a_product(id: str = "longjing", *, title: str = "西湖龙井", **more: Any) -> Product:  # noqa: A002
    more.setdefault("texts", {"zh": ProductText(title=title)})
    return Product(id=id, **more)


def an_offer(product_id: str = "longjing", *, price_minor: int = 8800, **more: Any) -> Offer:
    return Offer(product_id=product_id, price_minor=price_minor, **more)


def a_customer(id: str = "u1", *, phone: str = "13800138000", **more: Any) -> Customer:  # noqa: A002
    return Customer(id=id, identifiers=Identifiers(phone=phone), **more)


def a_line(product_id: str = "longjing", *, id: str = "1", quantity: int = 1, **more: Any) -> OrderLine:  # noqa: A002
    more.setdefault("unit_price_minor", 8800)
    return OrderLine(id=id, product_id=product_id, quantity=quantity, **more)


def an_order(id: str = "o1", *, lines: Sequence[OrderLine] | None = None, **more: Any) -> Order:  # noqa: A002
    more.setdefault("at", NOON)
    return Order(id=id, lines=tuple(lines) if lines is not None else (a_line(),), **more)


def a_return(id: str = "r1", *, lines: Sequence[OrderLine] | None = None, **more: Any) -> Return:  # noqa: A002
    more.setdefault("at", NOON)
    return Return(id=id, lines=tuple(lines) if lines is not None else (a_line(),), **more)


def a_review(id: str = "v1", *, product_id: str = "longjing", **more: Any) -> Review:  # noqa: A002
    more.setdefault("text", "茶香很好")
    return Review(id=id, product_id=product_id, at=NOON, **more)


def a_question(id: str = "q1", *, product_id: str = "longjing", **more: Any) -> Question:  # noqa: A002
    more.setdefault("text", "是今年的新茶吗?")
    return Question(id=id, product_id=product_id, at=NOON, **more)


def a_catalogue(db: Database, clock: Clock = at_noon) -> Catalogue:
    return Catalogue(db=db, clock=clock)


def some_people(db: Database, clock: Clock = at_noon, **more: Any) -> People:
    return People(db=db, clock=clock, cipher=SubjectCipher(MASTER_KEY), **more)


def some_orders(db: Database, clock: Clock = at_noon, **more: Any) -> Orders:
    return Orders(db=db, clock=clock, **more)


def some_words(db: Database, clock: Clock = at_noon, **more: Any) -> Words:
    return Words(db=db, clock=clock, **more)


def the_history(db: Database) -> list[tuple[str, str, str, int, int]]:
    """(person's id, product id, kind, quantity, value) of each event, in order of arrival."""
    with db.read() as connection:
        rows = connection.exec_driver_sql(
            "SELECT persons.external_id, products.id, events.kind, events.quantity, events.value_minor FROM events "
            "JOIN persons ON persons.number = events.person JOIN products ON products.number = events.product "
            "ORDER BY events.seq"
        ).fetchall()
    kinds = {8: "purchase", 9: "refund"}
    return [(row[0], row[1], kinds[row[2]], row[3], row[4]) for row in rows]
