"""One fact as one flat row, and back: what CSV and Parquet can hold.

A field that stands at its default is an empty cell. A field of several values (texts, lines, options) is JSON in its
cell. Whole numbers stay numbers in Parquet.
"""

from __future__ import annotations

import csv
import types
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

MAX_CELL = 64 * 2**20
"""Characters: an order of 10,000 lines stands in one cell."""
USUAL_CELL = 131_072

F = TypeVar("F", bound=msgspec.Struct)


class Column(msgspec.Struct, frozen=True):
    """One field: `holds` is `int`, `text`, or `json`."""

    name: str
    holds: str
    is_required: bool


def columns_of(kind: type[msgspec.Struct]) -> tuple[Column, ...]:
    """The columns of a type of fact, in the order of its fields."""
    hints = get_type_hints(kind)
    return tuple(Column(f.name, _holds(hints[f.name]), f.required) for f in msgspec.structs.fields(kind))


def _holds(hint: Any) -> str:
    if get_origin(hint) is Annotated:
        hint = get_args(hint)[0]
    if get_origin(hint) in (Union, types.UnionType):
        (inner,) = (one for one in get_args(hint) if one is not type(None))
        return _holds(inner)
    if hint is int:
        return "int"
    is_json = get_origin(hint) in (dict, tuple, list) or hint in (bool, float)
    return "json" if is_json or (isinstance(hint, type) and issubclass(hint, msgspec.Struct)) else "text"


def to_row(fact: msgspec.Struct, columns: tuple[Column, ...]) -> dict[str, str | int | None]:
    """The cells of a fact; None where it stands at its default."""
    given = msgspec.to_builtins(fact)
    row: dict[str, str | int | None] = {}
    for column in columns:
        value = given.get(column.name)
        is_json = column.holds == "json" and value is not None
        row[column.name] = msgspec.json.encode(value).decode() if is_json else value
    return row


def from_row(row: Mapping[str, str | int | None], kind: type[F], columns: tuple[Column, ...]) -> F:
    """The fact of a row; an empty cell is the field's default, or an empty text where there is none.

    Raises:
        msgspec.ValidationError: the row is no such fact.
        ValueError: a cell is neither the number nor the JSON that it should be.
    """
    return msgspec.convert(given_of(row, columns), kind)


def given_of(row: Mapping[str, str | int | None], columns: tuple[Column, ...]) -> dict[str, Any]:
    """The fields that a row gives, as JSON has them.

    Raises:
        ValueError: a cell is neither the number nor the JSON that it should be.
    """
    given: dict[str, Any] = {}
    for column in columns:
        cell = row.get(column.name)
        if cell is None or cell == "":
            if column.is_required and column.holds == "text":
                given[column.name] = ""
        elif column.holds == "int":
            given[column.name] = int(cell)
        else:
            given[column.name] = msgspec.json.decode(str(cell)) if column.holds == "json" else cell
    return given


def csv_rows(lines: Iterable[str]) -> Iterator[tuple[int, dict[str, str | int | None]]]:
    """The rows of a CSV file of facts, each with the line that it ends on.

    Raises:
        ValueError: cells that cannot be parted.
    """
    reader = csv.DictReader(lines)
    while True:
        # The limit is the process's: raised for our own file only, and a merchant's stays within the usual one.
        csv.field_size_limit(MAX_CELL)
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise ValueError(f"line {reader.line_num}: {error}") from error
        finally:
            csv.field_size_limit(USUAL_CELL)
        yield reader.line_num, row
