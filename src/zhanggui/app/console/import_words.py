"""What the import says to a merchant: kinds, fields and legal bases; and what it shows of people."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from zhanggui.app.web.order_words import ORDER_STATES
from zhanggui.kernel.masking import mask_all, mask_email, mask_name, mask_phone
from zhanggui.kernel.words import N_
from zhanggui.shop.types import TextLicence
from zhanggui.shop.types.imports import ImportKind

Say = Callable[[str], str]

KINDS: Final[Mapping[ImportKind, str]] = {
    ImportKind.PRODUCTS: N_("Products"),
    ImportKind.OFFERS: N_("Prices and stock"),
    ImportKind.ORDERS: N_("Orders"),
    ImportKind.RETURNS: N_("Returns"),
    ImportKind.CUSTOMERS: N_("Customers"),
    ImportKind.REVIEWS: N_("Reviews"),
    ImportKind.QUESTIONS: N_("Questions"),
    ImportKind.EVENTS: N_("Visits and events"),
    ImportKind.RIVAL_PRICES: N_("Rivals' prices"),
    ImportKind.LABELS: N_("Labels"),
    ImportKind.ENTRIES: N_("Entries of the books"),
    ImportKind.IMAGES: N_("Picture addresses"),
    ImportKind.SHOP: N_("A whole shop"),
}
MAPPED_KINDS = tuple(kind for kind in KINDS if kind not in {ImportKind.ENTRIES, ImportKind.IMAGES, ImportKind.SHOP})
"""Kinds that a merchant can choose for a file of rows."""

BASES: Final = (
    ("contract", N_("Contract"), N_("They bought from you: you need the rows to deliver, refund and keep the books.")),
    ("consent", N_("Consent"), N_("They agreed to a notice of yours. Name it, so that it can be shown later.")),
    ("public-data", N_("Public or invented"), N_("The rows were published for everybody, or name nobody who exists.")),
)
"""Legal bases: value, name, and when it is the right one."""

LICENCES: Final = (
    (
        TextLicence.OWN,
        N_("The shop's own"),
        N_("You wrote them, or had them written for you. This is taken unless you say otherwise."),
    ),
    (TextLicence.TRAINING, N_("Permitted for training"), N_("Somebody else's, who lets models learn from them.")),
    (TextLicence.DISPLAY, N_("Display only"), N_("They may be shown. No model learns from them.")),
    (TextLicence.UNKNOWN, N_("Unknown"), N_("Nobody knows. They are shown; no model learns from them.")),
)
"""Licences of texts: value, name, and what it means."""

MADE: Final[Mapping[str, str]] = {
    "products": N_("Products"),
    "offers": N_("Prices and stock"),
    "labels": N_("Labels"),
    "rival_prices": N_("Rivals' prices"),
    "customers": N_("Customers"),
    "orders": N_("Orders"),
    "orders_of_events": N_("Orders that events tell of"),
    "returns": N_("Returns"),
    "returns_of_events": N_("Returns that events tell of"),
    "entries": N_("Entries of the books"),
    "reviews": N_("Reviews"),
    "questions": N_("Questions"),
    "logins": N_("Logins"),
    "events": N_("Visits and events"),
}
"""What rows may say, as the figures of a report name it."""

FIELDS: Final[Mapping[str, str]] = {
    "order_id": N_("Order number"),
    "line_id": N_("Line number"),
    "product_id": N_("Product number"),
    "variant_id": N_("Variant number"),
    "title": N_("Product title"),
    "quantity": N_("Quantity"),
    "unit_price": N_("Price of one"),
    "amount": N_("Amount of the line"),
    "discount": N_("Discount"),
    "at": N_("Time"),
    "state": N_("State"),
    "currency": N_("Currency"),
    "market": N_("Market"),
    "channel": N_("Channel"),
    "customer_id": N_("Customer number"),
    "visitor_id": N_("Visitor number"),
    "name": N_("Name"),
    "first_name": N_("First name"),
    "last_name": N_("Last name"),
    "phone": N_("Phone"),
    "email": N_("E-mail"),
    "address": N_("Address"),
    "nickname": N_("Nickname"),
    "province": N_("Province"),
    "city_tier": N_("City tier"),
    "tracking_id": N_("Tracking number"),
    "carrier": N_("Carrier"),
    "shipped_at": N_("Shipped at"),
    "delivered_at": N_("Delivered at"),
    "return_id": N_("Return number"),
    "reason": N_("Reason"),
    "description": N_("Description"),
    "category": N_("Category"),
    "brand": N_("Brand"),
    "keywords": N_("Keywords"),
    "images": N_("Pictures"),
    "seller": N_("Seller"),
    "created_at": N_("Created at"),
    "item_type": N_("Kind of entry"),
    "link": N_("Link"),
    "runs_from": N_("Runs from"),
    "runs_until": N_("Runs until"),
    "barcode": N_("Barcode"),
    "weight_g": N_("Weight in grams"),
    "language": N_("Language"),
    "price": N_("Selling price"),
    "list_price": N_("List price"),
    "cost": N_("Cost"),
    "on_hand": N_("On hand"),
    "allocated": N_("Allocated"),
    "starts_at": N_("Starts at"),
    "ends_at": N_("Ends at"),
    "age_band": N_("Age band"),
    "gender": N_("Gender"),
    "joined_at": N_("Joined at"),
    "review_id": N_("Review number"),
    "stars": N_("Stars"),
    "text": N_("Text"),
    "reply": N_("Reply of the shop"),
    "question_id": N_("Question number"),
    "answer": N_("Answer"),
    "answered_at": N_("Answered at"),
    "event_id": N_("Event number"),
    "value": N_("Value"),
    "engagement_time_msec": N_("Milliseconds looked at"),
    "rating": N_("Rating"),
    "surface": N_("Surface"),
    "position": N_("Position"),
    "query": N_("Search words"),
    "campaign": N_("Campaign"),
    "list_id": N_("List"),
    "rival": N_("Rival"),
    "url": N_("Link"),
    "seen_at": N_("Seen at"),
    "label": N_("Label"),
    "source": N_("Source"),
    "evidence": N_("Evidence"),
    "licence": N_("Licence of the texts"),
}
_EVENT_NAME = N_("Event")

CELLS: Final[Mapping[str, str]] = {
    **ORDER_STATES,
    "active": N_("on sale"),
    "paused": N_("off the shelf"),
    "gone": N_("deleted"),
    "product": N_("a product"),
    "article": N_("an article"),
    "video": N_("a video"),
    "live": N_("a live session"),
    "female": N_("female"),
    "male": N_("male"),
    "own": N_("The shop's own"),
    "training": N_("Permitted for training"),
    "display": N_("Display only"),
    "unknown": N_("Unknown"),
}
"""Words of the shop that stand in cells."""

TYPES: Final[Mapping[str, str]] = {
    "number": N_("numbers"),
    "date": N_("dates"),
    "id": N_("numbers of things"),
    "text": N_("texts"),
    "empty": N_("empty column"),
}

_PEOPLE = (ImportKind.ORDERS, ImportKind.CUSTOMERS)
_MASKS: Final[Mapping[str, Callable[[str], str]]] = {
    "name": mask_name,
    "nickname": mask_name,
    "first_name": mask_name,
    "last_name": mask_name,
    "phone": mask_phone,
    "email": mask_email,
    "address": mask_all,
}
_PHONE = re.compile(r"(?:\+?86)?1\d{10}")


def field_words(kind: ImportKind | None, field: str, say: Say) -> str:
    """A field's name for a reader; options and attributes have names of their own."""
    prefix, colon, name = field.partition(":")
    if colon:
        return f"{say(N_('Option')) if prefix == 'option' else say(N_('Attribute'))}{say(': ')}{name}"
    if field == "name" and kind is ImportKind.EVENTS:
        return say(_EVENT_NAME)
    return say(FIELDS[field]) if field in FIELDS else field


def shown_cell(text: str, kind: ImportKind | None, field: str) -> str:
    """A cell as anybody may see it who works on the file: what names a person is masked."""
    if kind in _PEOPLE and field in _MASKS:
        return _MASKS[field](text)
    if _PHONE.fullmatch(text.strip()):
        return mask_phone(text)
    return mask_email(text) if "@" in text[1:] and " " not in text.strip() else text
