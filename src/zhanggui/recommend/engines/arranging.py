"""From a ranked list to the list that is shown: variety, taste, quotas, pins, caps; each move of a place is named.

Sources: maximal marginal relevance, Carbonell and Goldstein, SIGIR 1998, doi:10.1145/290941.291025; calibration to the
categories of a shopper's taste, Steck, RecSys 2018, doi:10.1145/3240323.3240372; quotas in every prefix, Zehlike and
others, CIKM 2017, doi:10.1145/3132847.3132938.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from .interactions import Floats

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """What is to be arranged: product numbers (n,), best first, with values (n,) and categories (n,), 0 for none."""

    ids: NDArray[np.int32]
    values: Floats
    category: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Pin:
    """A row of the ranked list for a place, from 0."""

    row: int
    place: int
    rule: int


@dataclass(frozen=True, slots=True)
class Quota:
    """This share or more of the places of every prefix, rounded down, for the rows marked (n,)."""

    counted: Flags
    share: float
    rule: int


@dataclass(frozen=True, slots=True)
class Cap:
    """At most so many of each group; `group` (n,) any numbers, -1 for rows that do not count."""

    group: NDArray[np.int32]
    most: int
    rule: int


@dataclass(frozen=True, slots=True)
class Lift:
    """A share of the list's spread of values that the rows marked (n,) gain, or lose below 0."""

    counted: Flags
    share: float
    rule: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """How to arrange. Rules are the caller's numbers, from 0; `moves` names them.

    Attributes:
        pins: products for places, the last one where the list is shorter; of two for one place the first counts.
        quotas: shares of places; where several are short, the first is served first.
        caps: held strictly: a list may be shorter for them. Only pins pass.
        lifts: added up.
        resting: rows (n,) that come only when nothing else is left, and the rule.
        variety: what likeness to what stands before costs, in units of the list's spread of values, and the rule.
        calibration: what coming nearer to the taste is worth, in the same units, and the rule.
        taste: share of each category in the shopper's history.
    """

    pins: Sequence[Pin] = ()
    quotas: Sequence[Quota] = ()
    caps: Sequence[Cap] = ()
    lifts: Sequence[Lift] = ()
    resting: tuple[Flags, int] | None = None
    variety: tuple[float, int] = (0.0, 0)
    calibration: tuple[float, int] = (0.0, 0)
    taste: dict[int, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arranged:
    """Rows of the ranked list (m,) with m <= k, and the moves (from, to, rule) that make it of the ranked list."""

    rows: NDArray[np.int64]
    moves: NDArray[np.int32]


NOTHING = np.zeros(0, dtype=np.int64)
NO_CONTENT = (np.zeros((1, 1), dtype=np.int32), np.zeros((1, 1), dtype=np.float32))


def arrange(
    ranked: Ranked,
    order: Order,
    k: int,
    slot: NDArray[np.int32],
    content: tuple[NDArray[np.int32], Floats] = NO_CONTENT,
) -> Arranged:
    """Fill `k` places from a ranked list.

    Args:
        ranked: the list.
        order: what is wanted of it.
        k: places.
        slot: (size,) working memory, zero before and after.
        content: neighbour lists by product number, ids and weights, for likeness beyond the category.
    """
    from . import arranging_kernels  # imports numba

    n = len(ranked.ids)
    rows, moves = np.empty(min(k, n), dtype=np.int64), np.empty((min(k, n), 3), dtype=np.int32)
    if n == 0 or k <= 0:
        return Arranged(rows=rows, moves=moves)
    spread = max(float(ranked.values.max() - ranked.values.min()), 1e-3)
    filled, moved = arranging_kernels.arrange(
        ranked.ids,
        ranked.values,
        _bonus(order.lifts, spread, n),
        _kinds(ranked.category, order.taste),
        (order.variety[0] * spread, order.calibration[0] * spread, order.variety[1], order.calibration[1]),
        content,
        _pins(order.pins, k, n),
        _quotas(order.quotas, n),
        _caps(order.caps, n),
        order.resting or (np.zeros(n, dtype=np.bool_), 0),
        slot,
        moves,
        rows,
    )
    return Arranged(rows=rows[:filled], moves=moves[:moved])


def replay(n: int, moves: NDArray[np.int32], k: int) -> list[int]:
    """The first `k` rows of a ranked list of `n` after its moves were made one after the other."""
    rows = list(range(n))
    for start, end, _ in moves.tolist():
        rows.insert(end, rows.pop(start))
    return rows[:k]


def with_last(done: Arranged, row: int, rule: int) -> Arranged:
    """The same list, of at least one place, with another ranked row in its last place.

    Args:
        done: the list; `row` is none of it.
        row: which comes instead of the last.
        rule: by which it comes.
    """
    rows = done.rows.copy()
    rows[-1], place, start = row, len(rows) - 1, row
    moves = [move for move in done.moves.tolist() if move[1] != place]
    for came_from, went_to, _ in moves:  # all upwards: what passes the row pushes it down by one
        start += came_from > start >= went_to
    if start != place:
        moves.append([start, place, rule])
    return Arranged(rows=rows, moves=np.array(moves, dtype=np.int32).reshape(-1, 3))


def _bonus(lifts: Sequence[Lift], spread: float, n: int) -> tuple[Floats, NDArray[np.int64]]:
    from .arranging_kernels import add_lift  # imports numba

    total, loudest = np.zeros(n, dtype=np.float32), np.zeros(n, dtype=np.float32)
    rule = np.full(n, -1, dtype=np.int64)
    for lift in lifts:
        add_lift(lift.counted, np.float32(lift.share * spread), lift.rule, total, loudest, rule)
    return total, rule


def _kinds(category: NDArray[np.int32], taste: dict[int, float]) -> tuple[NDArray[np.int64], Floats]:
    """Categories numbered from 1 as far as the list has them, 0 for none; and the taste by these numbers."""
    from .arranging_kernels import number_groups  # imports numba

    kind = np.empty(len(category), dtype=np.int64)
    shares = np.zeros(number_groups(category, 0, kind), dtype=np.float32)
    if taste:
        shares[kind] = [taste.get(number, 0.0) for number in category.tolist()]
        shares[0] = 0.0
    return kind, shares


def _pins(pins: Sequence[Pin], k: int, n: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    if not pins:
        return NOTHING, NOTHING, NOTHING
    by_place: dict[int, Pin] = {}
    taken: set[int] = set()
    for pin in pins:
        place = min(pin.place, n - 1)
        if pin.place < k and place not in by_place and pin.row not in taken:
            by_place[place] = pin
            taken.add(pin.row)
    held = [(pin.row, place, pin.rule) for place, pin in sorted(by_place.items())]
    columns = np.array(held, dtype=np.int64).reshape(-1, 3).T
    rows, places, rules = np.ascontiguousarray(columns)
    return rows, places, rules


def _quotas(quotas: Sequence[Quota], n: int) -> tuple[Flags, NDArray[np.float64], NDArray[np.int64]]:
    counted = np.array([quota.counted for quota in quotas], dtype=np.bool_).reshape(len(quotas), n)
    shares = np.array([quota.share for quota in quotas], dtype=np.float64)
    return counted, shares, np.array([quota.rule for quota in quotas], dtype=np.int64)


def _caps(caps: Sequence[Cap], n: int) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    from .arranging_kernels import number_groups  # imports numba

    groups = np.empty((len(caps), n), dtype=np.int64)
    if not caps:
        return groups, NOTHING, NOTHING
    for at, cap in enumerate(caps):
        number_groups(cap.group, -1, groups[at])
    most = np.array([cap.most for cap in caps], dtype=np.int64)
    return groups, most, np.array([cap.rule for cap in caps], dtype=np.int64)
