"""The way out of the shop: a signed webhook, a file, a card for a person. Start at `OutboxQueue.put`."""

from .errors import PrivateTarget, SettledOutboxEntry, UnknownOutboxEntry, UnknownOutlet
from .ports import Confirmed, Outcome, Outlet, Refused, Sent, TryAgain
from .queue import OutboxQueue
from .types import STORE, Card, OutboxDraft, OutboxEntry, OutboxPage, OutboxState, SendOutboxEntry

__all__ = [
    "STORE",
    "Card",
    "Confirmed",
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
    "Sent",
    "SettledOutboxEntry",
    "TryAgain",
    "UnknownOutboxEntry",
    "UnknownOutlet",
]
