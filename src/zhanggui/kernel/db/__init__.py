"""The one way to read and to write: `Database.read()` and `Database.write(work)`; nobody else begins or commits."""

from .database import Database, Work
from .file_lock import FileLock
from .metadata import BigKey, control_metadata, shop_metadata
from .opening import open_database
from .statements import hot_rows, hot_rows_among, hot_run, hot_run_many, insert, insert_ignoring, upsert

__all__ = [
    "BigKey",
    "Database",
    "FileLock",
    "Work",
    "control_metadata",
    "hot_rows",
    "hot_rows_among",
    "hot_run",
    "hot_run_many",
    "insert",
    "insert_ignoring",
    "open_database",
    "shop_metadata",
    "upsert",
]
