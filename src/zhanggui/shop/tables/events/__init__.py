"""All SQL about events: hot rows, ids per day, folded histories, the record of the archive, served lists."""

from .archived import (
    ArchivedDay,
    HotRow,
    archive_record,
    archived_days,
    forget_person,
    hot_days,
    hot_rows,
    record_day,
    set_purged,
    take_hot,
    watermark,
)
from .folded import KEPT, folded_histories, read_folded, read_tail, store_folded
from .hot import QUIET_KINDS, EventRow, EventTail, Longs, StoredRow, append_events, append_rows, events, read_arrivals
from .ids import IdKey, days_of, drop_some, id_tables, table_name, take_new
from .served import add_served, forget_served, served_lists, served_of

__all__ = [
    "KEPT",
    "QUIET_KINDS",
    "ArchivedDay",
    "EventRow",
    "EventTail",
    "HotRow",
    "IdKey",
    "Longs",
    "StoredRow",
    "add_served",
    "append_events",
    "append_rows",
    "archive_record",
    "archived_days",
    "days_of",
    "drop_some",
    "events",
    "folded_histories",
    "forget_person",
    "forget_served",
    "hot_days",
    "hot_rows",
    "id_tables",
    "read_arrivals",
    "read_folded",
    "read_tail",
    "record_day",
    "served_lists",
    "served_of",
    "set_purged",
    "store_folded",
    "table_name",
    "take_hot",
    "take_new",
    "watermark",
]
