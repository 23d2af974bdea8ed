"""Typed client of a Zhanggui server. Start at `Client`."""

from .client import Client
from .errors import Problem, ServerError
from .types import Event, EventReceipt, Item, Preference, Reason, Recommendations, RefusedEvent

__all__ = [
    "Client",
    "Event",
    "EventReceipt",
    "Item",
    "Preference",
    "Problem",
    "Reason",
    "Recommendations",
    "RefusedEvent",
    "ServerError",
]
