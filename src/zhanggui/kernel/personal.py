"""The door to rows about persons: who reads them names a purpose, or cannot write the query."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from .db import hot_rows, hot_rows_among, upsert
from .privacy import Reason
from .slices import sliced

AT_ONCE = 500
Columns = sa.ColumnCollection[str, sa.Column[Any]]


class Personal:
    """A table whose rows are about persons. Its columns are reached for reading through `for_` alone.

    `sa.select` refuses the object itself (mypy does), so a query without a purpose cannot be written; a test walks the
    code and holds that no text names such a table outside a `PersonalText`. Writing has names of its own.
    """

    __slots__ = ("_table", "columns", "name")

    def __init__(self, table: sa.Table) -> None:
        table.info["personal"] = True
        self._table = table
        self.name = table.name
        self.columns = tuple(column.name for column in table.columns)

    def for_(self, purpose: Reason) -> sa.Table:
        """The table, to be read for this."""
        del purpose  # whoever is judged by it asks the consent gate; here it is named, at no cost
        return self._table

    def insert(self) -> sa.Insert:
        """An insert into it."""
        return sa.insert(self._table)

    def update(self, where: Callable[[Columns], sa.ColumnElement[bool]]) -> sa.Update:
        """A change of the rows that `where` picks."""
        return sa.update(self._table).where(where(self._table.c))

    def delete(self, where: Callable[[Columns], sa.ColumnElement[bool]]) -> sa.Delete:
        """A deletion of the rows that `where` picks."""
        return sa.delete(self._table).where(where(self._table.c))

    def delete_people(self, db: sa.Connection, persons: Collection[int]) -> int:
        """Delete the rows whose `person` is one of these; returns how many."""
        deletions = (self.delete(lambda c, some=some: c.person.in_(some)) for some in sliced(list(persons), AT_ONCE))  # type: ignore[misc]
        return sum(db.execute(deletion).rowcount for deletion in deletions)

    def upsert(self, db: sa.Connection, rows: Sequence[Mapping[str, Any]], *, keys: Sequence[str]) -> None:
        """Insert rows; where `keys` exist already, overwrite the others."""
        upsert(db, self._table, rows, keys=keys)


class PersonalText:
    """A SELECT of personal rows in plain text, for what every answer reads. The purpose comes with the question."""

    __slots__ = ("_sql",)

    def __init__(self, sql: str) -> None:
        self._sql = sql

    def rows(self, db: sa.Connection, purpose: Reason, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Its rows, as `hot_rows` gives them: `?` marks, no object per row."""
        del purpose
        return hot_rows(db, self._sql, values)

    def rows_among(self, db: sa.Connection, purpose: Reason, values: Collection[int]) -> list[tuple[Any, ...]]:
        """Its rows of any number of values, in no order, where the text ends in `WHERE` and a column."""
        del purpose
        return hot_rows_among(db, self._sql, values)
