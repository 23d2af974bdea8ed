"""An attack by date, amount and city: which rows of a table fit exactly one person whose purchases are known.

The attacker knows every order of the shop (whose, on which day, for how much, where to) and tries each row of a table
that was meant to name nobody. A row that fits the orders of one person alone is a unique match: whatever else stands
in it is from then on known of that person. After Sweeney 2000 (uniqueness of simple demographics) and de Montjoye et
al. 2015, doi:10.1126/science.1256297 (shop, day and price tell 90 % of people apart).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from zhanggui.trust.types.linkage import KnownOrder, ToldRow

_DATE = re.compile(r"\d{4}-\d{2}(?:-\d{2})?(?=\Z|T| )")
_AMOUNT = re.compile(r"minor|amount|value|revenue|sales|price|spent|paid|worth|total", re.IGNORECASE)
_PEOPLE = re.compile(r"^(?:people|persons|buyers|customers|visitors|shoppers|n)$")
_MOMENT = re.compile(r"(?:^|_)(?:at|day|on|ms)(?:_ms)?$")
_TIER = re.compile(r"^(?:city_)?tier$")
_TIERS = range(1, 7)
_EARLIEST_MS, _LATEST_MS = 946_684_800_000, 4_102_444_800_000
_CENTS = 100


def unique_matches(rows: Iterable[ToldRow], orders: Sequence[KnownOrder]) -> list[tuple[int, str]]:
    """(row, person) of each row that exactly one person's orders fit.

    A row is tried when it tells an amount and beside it a time, a place or a tier of city, and does not say that it is
    of two people or more. It fits an order that has one of its amounts, on its day (or in its month), in its place.

    Args:
        rows: of one table, numbered from 0.
        orders: all that the attacker knows.
    """
    by_amount: dict[int, list[KnownOrder]] = defaultdict(list)
    for order in orders:
        for amount in order.amounts:
            by_amount[amount].append(order)
    found: list[tuple[int, str]] = []
    for number, row in enumerate(rows):
        if row.people > 1 or not row.amounts or not (row.when or row.place or row.tier):
            continue
        fitting = {order.person for amount in row.amounts for order in by_amount.get(amount, ()) if _fits(row, order)}
        if len(fitting) == 1:
            found.append((number, fitting.pop()))
    return found


def told_rows(table: object, places: Collection[str]) -> Iterator[ToldRow]:
    """Every object in a table or report as a row: its own fields, and those of the objects around it.

    Args:
        table: JSON as Python has it: mappings, sequences, texts, numbers.
        places: names of places that the attacker knows.
    """
    yield from _walk(table, ToldRow("", frozenset(), ""), frozenset(places))


def _walk(node: object, around: ToldRow, places: frozenset[str]) -> Iterator[ToldRow]:
    match node:
        case Mapping():
            row = _read(node, around, places)
            yield row
            for value in node.values():
                yield from _walk(value, row._replace(amounts=frozenset()), places)
        case str():
            return
        case Sequence():
            for value in node:
                yield from _walk(value, around, places)


def _read(node: Mapping[object, object], around: ToldRow, places: frozenset[str]) -> ToldRow:
    when, place, people, tier = around.when, around.place, around.people, around.tier
    amounts: set[int] = set()
    for key, value in node.items():
        name = str(key)
        if isinstance(value, str):
            when = _finer(when, value)
            place = value if value in places else place
        elif isinstance(value, int | float) and not isinstance(value, bool):
            if _MOMENT.search(name) and _EARLIEST_MS < value < _LATEST_MS:
                when = _finer(when, datetime.fromtimestamp(value / 1000, UTC).date().isoformat())
            elif _PEOPLE.match(name):
                people = int(value)
            elif _TIER.match(name) and value in _TIERS:
                tier = int(value)
            elif _AMOUNT.search(name) and value > 0:
                amounts |= {int(value), round(value * _CENTS)}
    return ToldRow(when, frozenset(amounts), place, people, tier)


def _finer(when: str, text: str) -> str:
    found = _DATE.match(text)
    return found.group() if found and len(found.group()) >= len(when) else when


def _fits(row: ToldRow, order: KnownOrder) -> bool:
    is_there = (not row.place or row.place == order.place) and (not row.tier or row.tier == order.tier)
    return is_there and order.day.startswith(row.when)
