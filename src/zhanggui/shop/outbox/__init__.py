"""The way out of the shop: a signed webhook, a file, a card for a person. Start at `OutboxQueue.put`."""

from .errors import PrivateTarget, SettledOutboxEntry, UnknownOutboxEntry, UnknownOutlet
from .orders import OrderSendings
from .outlets import PLAIN_COLUMNS, ByHandOutlet, Column, FileOutlet, WebhookOutlet
from .ports import Confirmed, Outcome, Outlet, Refused, Sent, TryAgain
from .queue import OutboxQueue
from .sending import Sender
from .service import Outbox
from .types import STORE, Card, OutboxDraft, OutboxEntry, OutboxPage, OutboxState, SendOutboxEntry

__all__ = [
    "PLAIN_COLUMNS",
    "STORE",
    "ByHandOutlet",
    "Card",
    "Column",
    "Confirmed",
    "FileOutlet",
    "OrderSendings",
    "Outbox",
    "OutboxDraft",
    "OutboxEntry",
    "OutboxPage",
    "OutboxQueue",
    "OutboxState",
    "Outcome",
    "Outlet",
    "PrivateTarget",
    "Refused",
    "SendOutboxEntry",
    "Sender",
    "Sent",
    "SettledOutboxEntry",
    "TryAgain",
    "UnknownOutboxEntry",
    "UnknownOutlet",
    "WebhookOutlet",
]
