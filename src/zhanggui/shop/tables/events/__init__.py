"""All SQL about events: hot rows, ids per day, folded histories, the record of the archive, served lists."""

from .folded import folded_histories, read_folded, read_tail, store_folded
from .hot import EventRow, EventTail, Longs, StoredRow, append_events, append_rows, events

__all__ = [
    "EventRow",
    "EventTail",
    "Longs",
    "StoredRow",
    "append_events",
    "append_rows",
    "events",
    "folded_histories",
    "read_folded",
    "read_tail",
    "store_folded",
]
