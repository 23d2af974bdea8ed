"""Our own export files: JSON records that are facts already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from zhanggui.shop.types import (
    Customer,
    Event,
    Offer,
    Order,
    Product,
    ProductLabel,
    Question,
    Return,
    Review,
    RivalPrice,
    TextLicence,
)
from zhanggui.shop.types.imports import BookEntry, ImportKind

from .built import Built

FACTS: Mapping[ImportKind, type[Any]] = {
    ImportKind.PRODUCTS: Product,
    ImportKind.OFFERS: Offer,
    ImportKind.CUSTOMERS: Customer,
    ImportKind.ORDERS: Order,
    ImportKind.RETURNS: Return,
    ImportKind.REVIEWS: Review,
    ImportKind.QUESTIONS: Question,
    ImportKind.EVENTS: Event,
    ImportKind.RIVAL_PRICES: RivalPrice,
    ImportKind.LABELS: ProductLabel,
    ImportKind.ENTRIES: BookEntry,
}


def is_fact(kind: ImportKind, record: bytes) -> bool:
    """Whether a record has the shape of a fact: its required fields, and none that the fact does not have."""
    try:
        seen = set(msgspec.json.decode(record, type=dict[str, msgspec.Raw]))
    except (msgspec.DecodeError, RecursionError):
        return False
    fields = msgspec.structs.fields(FACTS[kind]) if kind in FACTS else ()
    required = {field.name for field in fields if field.required}
    return bool(required) and required <= seen <= {field.name for field in fields}


def licensed(fact: Any, licence: TextLicence) -> Any:
    """The fact with the licence that was said for the whole file, where it names none but the shop's own."""
    if licence is TextLicence.OWN or not isinstance(fact, Product | Review | Question):
        return fact
    return msgspec.structs.replace(fact, licence=licence) if fact.licence is TextLicence.OWN else fact


def add_fact(built: Built, fact: object) -> None:
    """Put a fact where it belongs."""
    match fact:
        case Product():
            built.products.append(fact)
        case Offer():
            built.offers.append(fact)
        case ProductLabel():
            built.labels.append(fact)
        case RivalPrice():
            built.rival_prices.append(fact)
        case Customer():
            built.customers.append(fact)
        case Order():
            built.orders.append(fact)
        case Return():
            built.returns.append(fact)
        case _:
            _add_words(built, fact)


def _add_words(built: Built, fact: object) -> None:
    match fact:
        case Review():
            built.reviews.append(fact)
        case Question():
            built.questions.append(fact)
        case Event():
            built.events.append(fact)
        case BookEntry():
            built.entries.append(fact)
        case _:
            raise TypeError(f"{type(fact).__name__} is no fact that imports know")
