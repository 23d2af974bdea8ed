"""Readers: files as merchants have them, into batches of columns, or into records of JSON."""

from .opening import open_source
from .source import Batch, JsonSource, Source, TableSource

__all__ = ["Batch", "JsonSource", "Source", "TableSource", "open_source"]
