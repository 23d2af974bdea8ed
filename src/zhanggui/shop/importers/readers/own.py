"""Our own exports as CSV and Parquet: a row is a fact, cell by cell, with nothing to guess and nothing to clean."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from zhanggui.shop.engines.fact_rows import columns_of, csv_rows, given_of
from zhanggui.shop.errors import BadFile
from zhanggui.shop.types.imports import Reject

from .delimited import Delimited
from .encoding import text_lines
from .parquet import Parquet
from .source import OnReject, TableSource

Row = Mapping[str, str | int | None]


@dataclass(frozen=True, slots=True)
class OwnTable:
    """A table whose columns are the fields of a fact, in their order: no other program writes such a file."""

    source: Delimited | Parquet
    fact: type[msgspec.Struct]
    on_reject: OnReject

    @property
    def format(self) -> str:
        """What the file is."""
        return self.source.format

    def records(self) -> Iterator[tuple[int, bytes]]:
        """Each row as the JSON of its fact, with its line; rows whose cells hold no such thing are rejected."""
        columns = columns_of(self.fact)
        for line, row in self._rows():
            try:
                record = msgspec.json.encode(given_of(row, columns))
            except ValueError as error:
                reason = f"a cell is not as it was exported: {error}"
                cure = "Export it again, or name its columns in a map: --map."
                self.on_reject(Reject(file=self.source.path.name, line=line, reason=reason, cure=cure))
                continue
            yield line, record

    def _rows(self) -> Iterator[tuple[int, Row]]:
        if isinstance(self.source, Parquet):
            yield from self.source.records()  # type: ignore[misc]  # the cells are numbers and texts
            return
        try:
            yield from csv_rows(text_lines(self.source.path, self.source.encoding))
        except ValueError as error:
            raise BadFile(f"{self.source.path.name} breaks off: {error}", hint="Export it again.") from error


def own_table(source: TableSource, facts: Collection[type[Any]], on_reject: OnReject) -> OwnTable | None:
    """The table as one of our own of these facts, None when it is not."""
    if not isinstance(source, Delimited | Parquet):
        return None
    if isinstance(source, Delimited) and (source.delimiter, source.header) != (",", 0):
        return None
    found = next((fact for fact in facts if source.columns == tuple(c.name for c in columns_of(fact))), None)
    return None if found is None else OwnTable(source, found, on_reject)
