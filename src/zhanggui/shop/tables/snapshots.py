"""Facts as the rows that make them: to compare what stood before with what stands after, and to put it back as it was.

A state holds the rows of a fact's own table, then those of the table that belongs to it (lines of an order, who
answered a question). It is put back to the last column, so that undoing leaves no trace of what was undone.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.db import hot_run_many
from zhanggui.kernel.personal import Personal
from zhanggui.kernel.privacy import Duty

from .bulk import Row, delete_among, put_rows, select_among
from .imports import book_entries
from .lines import order_lines, return_lines
from .links import person_links
from .noted import Part
from .orders import orders, returns
from .people import CUSTOMER, customers, person_numbers
from .products import offers, product_labels, product_numbers, products, rival_prices
from .words import answerers, questions, reviews

Place = tuple[int, int]
"""The number of a fact, and what tells several of one number apart (0 where there is one)."""

State = tuple[tuple[Row, ...], tuple[Row, ...]]
"""The rows of a fact's own table, and of the table that belongs to it."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """Which tables hold a kind of fact, and by which columns it is found."""

    head: Personal | sa.Table
    number: str = "number"
    slot: str = ""
    rest: Personal | None = None
    rest_number: str = ""


SHAPES: Mapping[Part, _Shape] = {
    Part.PRODUCTS: _Shape(products),
    Part.OFFERS: _Shape(offers, "product", "slot"),
    Part.LABELS: _Shape(product_labels, "product", "slot"),
    Part.RIVAL_PRICES: _Shape(rival_prices, "product", "slot"),
    Part.CUSTOMERS: _Shape(customers, "person"),
    Part.ORDERS: _Shape(orders, rest=order_lines, rest_number="order_number"),
    Part.RETURNS: _Shape(returns, rest=return_lines, rest_number="order_number"),
    Part.ENTRIES: _Shape(book_entries),
    Part.REVIEWS: _Shape(reviews),
    Part.QUESTIONS: _Shape(questions, rest=answerers, rest_number="question"),
    Part.LOGINS: _Shape(person_links),
}
_COLUMNS: Mapping[Part, tuple[str, ...]] = {
    part: shape.head.columns
    if isinstance(shape.head, Personal)
    else tuple(column.name for column in shape.head.columns)
    for part, shape in SHAPES.items()
}
_OF_PRODUCTS = frozenset({Part.PRODUCTS, Part.OFFERS, Part.LABELS, Part.RIVAL_PRICES})


def numbers_of(db: sa.Connection, part: Part, ids: Collection[str]) -> list[int]:
    """The numbers of those of `ids` that the shop knows; of prices and labels, their products'."""
    if part in _OF_PRODUCTS:
        return list(product_numbers(db, ids).values())
    if part is Part.CUSTOMERS:
        return list(person_numbers(db, CUSTOMER, ids, create=False).values())
    return [row[0] for row in select_among(db, _readable(SHAPES[part].head), ("number",), "id", ids)]


def states_of(db: sa.Connection, part: Part, numbers: Collection[int]) -> dict[Place, State]:
    """How the facts of these numbers stand."""
    shape = SHAPES[part]
    columns = columns_of(part)
    rest: dict[int, list[Row]] = defaultdict(list)
    if shape.rest is not None:
        for row in sorted(
            select_among(db, shape.rest.for_(Duty.UPKEEP), shape.rest.columns, shape.rest_number, numbers)
        ):
            rest[row[shape.rest.columns.index(shape.rest_number)]].append(row)
    number, slot = columns.index(shape.number), columns.index(shape.slot) if shape.slot else None
    heads = select_among(db, _readable(shape.head), columns, shape.number, numbers)
    return {
        (row[number], 0 if slot is None else row[slot]): ((tuple(row),), tuple(rest.get(row[number], ())))
        for row in heads
    }


def marked_states_of(db: sa.Connection, part: Part, numbers: Collection[int]) -> dict[Place, State]:
    """What `fingerprint` needs of how facts stand: of hashed ones their own rows alone."""
    if not _is_hashed(part):
        return states_of(db, part, numbers)
    columns = columns_of(part)
    number = columns.index(SHAPES[part].number)
    heads = select_among(db, _readable(SHAPES[part].head), columns, SHAPES[part].number, numbers)
    return {(row[number], 0): ((tuple(row),), ()) for row in heads}


def put_states(db: sa.Connection, part: Part, states: Mapping[Place, State | None]) -> None:
    """Let facts stand like this; None takes one away."""
    shape = SHAPES[part]
    if shape.rest is not None:
        delete_among(db, shape.rest, shape.rest_number, {number for number, _ in states})
    gone = [place for place, state in states.items() if state is None]
    if gone and shape.slot:
        sql = f"DELETE FROM {shape.head.name} WHERE {shape.number} = ? AND {shape.slot} = ?"  # noqa: S608
        hot_run_many(db, sql, gone)
    elif gone:
        delete_among(db, shape.head, shape.number, [number for number, _ in gone])
    kept = [state for state in states.values() if state is not None]
    keys = (shape.number, shape.slot) if shape.slot else (shape.number,)
    put_rows(db, shape.head, columns_of(part), [row for head, _ in kept for row in head], keys=keys)
    if shape.rest is not None:
        put_rows(db, shape.rest, shape.rest.columns, [row for _, rest in kept for row in rest])


def columns_of(part: Part) -> tuple[str, ...]:
    """The columns of a fact's own table, in the order of its rows."""
    return _COLUMNS[part]


def value_of(part: Part, state: State, column: str) -> int | str | bytes | None:
    """What a fact's own row says in a column."""
    value: int | str | bytes | None = state[0][0][columns_of(part).index(column)]
    return value


def fingerprint(part: Part, state: State) -> int:
    """A signed 64-bit hash that tells a state from another of the same fact.

    Of facts whose own row has a hash of all that they say, the row alone: lines say nothing that the hash does not.
    """
    told = state[0] if _is_hashed(part) else state
    digest = hashlib.blake2b(msgspec.msgpack.encode(told), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)


def _is_hashed(part: Part) -> bool:
    return not SHAPES[part].slot and "hash" in columns_of(part)


def packed(state: State) -> bytes:
    """A state as bytes."""
    return msgspec.msgpack.encode(state)


def unpacked(kept: bytes) -> State:
    """A state from its bytes."""
    head, rest = msgspec.msgpack.decode(kept)
    return tuple(map(tuple, head)), tuple(map(tuple, rest))


def _readable(table: Personal | sa.Table) -> sa.Table:
    return table.for_(Duty.UPKEEP) if isinstance(table, Personal) else table
