"""The shop's facts: what is sold and to whom, what was bought, done and said. Start at `Catalogue` and `Orders`."""

# fmt: off
# isort: off
from .errors import (
    BadFile, EventTooOld, InvalidFact, OrderIsCancelled, PurposeRefused, ShopError, UnknownCustomer, UnknownFormat,
    UnknownLink, UnknownOrder, UnknownProduct, UnknownQuestion, UnknownReturn, UnknownReview,
)
from .exporters import Exporter, Restorer
from .outbox import STORE, Card, OutboxDraft, OutboxEntry, OutboxQueue, OutboxState
from .service.catalogue import Catalogue
from .service.catalogue_view import CatalogueView
from .service.following import Following
from .service.live_catalogue import LiveCatalogue
from .service.orders import Orders
from .service.people import People
from .service.words import Words
from .tables.bases import PersonBases, bases_of, bases_of_unlinked, person_of, subjects_of
from .tables.held import (
    HeldLabels, HeldProduct, change_offer, change_product, held_labels, held_offer, held_product, replace_labels,
)
from .types import (
    EVENT_NUMBERS, EVENT_SCHEMA, AgeBand, Answer, Chip, ChipKind, Customer, Event, EventContext, EventName,
    ExportFormat, ExportKind, ExportedFile, Identified, Identifiers, ItemType, LegalBasis, Offer, Order, OrderLine,
    OrderState, PastEvent, Product, ProductLabel, ProductState, ProductText, PutReport, Question, Return, Review,
    RivalPrice, Shipment, Subject, Traces, Variant,
)

__all__ = [
    "EVENT_NUMBERS", "EVENT_SCHEMA", "STORE", "AgeBand", "Answer", "BadFile", "Card", "Catalogue", "CatalogueView",
    "Chip", "ChipKind", "Customer", "Event", "EventContext", "EventName", "EventTooOld", "ExportFormat", "ExportKind",
    "ExportedFile", "Exporter", "Following", "HeldLabels", "HeldProduct", "Identified", "Identifiers", "InvalidFact",
    "ItemType", "LegalBasis", "LiveCatalogue", "Offer", "Order", "OrderIsCancelled", "OrderLine", "OrderState",
    "Orders", "OutboxDraft", "OutboxEntry", "OutboxQueue", "OutboxState", "PastEvent", "People", "PersonBases",
    "Product", "ProductLabel", "ProductState", "ProductText", "PurposeRefused", "PutReport", "Question", "Restorer",
    "Return", "Review", "RivalPrice", "Shipment", "ShopError", "Subject", "Traces", "UnknownCustomer", "UnknownFormat",
    "UnknownLink", "UnknownOrder", "UnknownProduct", "UnknownQuestion", "UnknownReturn", "UnknownReview", "Variant",
    "Words", "bases_of", "bases_of_unlinked", "change_offer", "change_product", "held_labels", "held_offer",
    "held_product", "person_of", "replace_labels", "subjects_of",
]
