"""The facts of a shop. All are frozen; one struct serves as domain, wire and file type."""

from zhanggui.kernel.acts import EVENT_NUMBERS, EventName

from .base import TextLicence
from .chips import Chip, ChipKind
from .events import EVENT_SCHEMA, Event, EventContext
from .exports import ExportedFile, ExportFormat, ExportKind, PastEvent
from .orders import Order, OrderLine, OrderState, Return, Shipment
from .people import AgeBand, Customer, Identified, Identifiers, LegalBasis
from .products import ItemType, Offer, Product, ProductLabel, ProductState, ProductText, RivalPrice, Variant
from .reports import PutReport
from .subjects import Subject, Traces
from .words import Answer, Question, Review

__all__ = [
    "EVENT_NUMBERS",
    "EVENT_SCHEMA",
    "AgeBand",
    "Answer",
    "Chip",
    "ChipKind",
    "Customer",
    "Event",
    "EventContext",
    "EventName",
    "ExportFormat",
    "ExportKind",
    "ExportedFile",
    "Identified",
    "Identifiers",
    "ItemType",
    "LegalBasis",
    "Offer",
    "Order",
    "OrderLine",
    "OrderState",
    "PastEvent",
    "Product",
    "ProductLabel",
    "ProductState",
    "ProductText",
    "PutReport",
    "Question",
    "Return",
    "Review",
    "RivalPrice",
    "Shipment",
    "Subject",
    "TextLicence",
    "Traces",
    "Variant",
]
