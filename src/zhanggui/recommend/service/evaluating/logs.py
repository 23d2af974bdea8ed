"""Files of behaviour as numbered events: who did what with which product, in which order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhanggui.recommend.engines.evaluation.audit import Order
from zhanggui.recommend.engines.interactions import SESSION_GAP_MS, Interactions, Ints

from .columns import Columns
from .files import File
from .moments import to_moments
from .texts import as_text, split_lists
from .wants import strengths_of

GUEST = "guest:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """Rows of one file before they are numbered, all columns of equal length.

    Attributes:
        person: pyarrow text; null where it is not known.
        product: pyarrow text.
        at_ms: moments, or an order, or all 0.
        order: which of these.
        strength: how much a row is wanted.
        is_purchase: whether it is one.
        basket: pyarrow text, or None where a pause ends a session.
        left_out: rows that could not be used, by reason.
    """

    person: Any
    product: Any
    at_ms: Ints
    order: Order
    strength: NDArray[np.float32]
    is_purchase: NDArray[np.bool_]
    basket: Any = None
    left_out: dict[str, int] = field(default_factory=dict)


def raw_rows(
    file: File, columns: Columns, *, by_session: bool, guests: bool, weights: Mapping[str, float] | None
) -> Raw:
    """Rows of a file of events.

    Args:
        file: the file.
        columns: by role.
        by_session: whether a session is a person.
        guests: whether a basket of nobody is a person of its own.
        weights: strength by word of the event column, over the usual ones.
    """
    import pyarrow.compute as pc

    own = columns.session if by_session else ""
    own = own or columns.user or columns.session or columns.basket
    person, product = as_text(file.column(own), own), as_text(file.column(columns.item), columns.item)
    basket = as_text(file.column(columns.basket), columns.basket) if columns.basket else None
    if guests and basket is not None:
        person = pc.coalesce(person, pc.binary_join_element_wise(GUEST, basket, ""))
    at_ms, has_time, order = _moments(file, columns)
    strength, is_purchase = strengths_of(file, columns, weights)
    wrong = {
        "no person": ~np.asarray(person.is_valid()),
        "no product": ~np.asarray(product.is_valid()),
        "no time": ~has_time,
    }
    kept = ~(wrong["no person"] | wrong["no product"] | wrong["no time"])
    left_out = {**file.left_out, **{name: int(rows.sum()) for name, rows in wrong.items() if rows.any()}}
    return Raw(
        person=person.filter(kept),
        product=product.filter(kept),
        at_ms=at_ms[kept],
        order=order,
        strength=strength[kept],
        is_purchase=is_purchase[kept],
        basket=pc.fill_null(basket, "").filter(kept) if basket is not None else None,
        left_out=left_out,
    )


def raw_lists(file: File, columns: Columns, *, is_ordered: bool) -> Raw:
    """Rows of a file with one list of products a session or person.

    Args:
        file: the file.
        columns: by role.
        is_ordered: whether a list stands in the order of what happened, or in any.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    owner, place, product = split_lists(file.column(columns.items), columns.items)
    name = columns.session or columns.user
    people = as_text(file.column(name), name) if name else pa.array([str(n) for n in range(file.rows)])
    person = pc.take(people, pa.array(owner))
    wrong = {"no person": ~np.asarray(person.is_valid()), "no product": ~np.asarray(product.is_valid())}
    kept = ~(wrong["no person"] | wrong["no product"])
    left_out = {**file.left_out, **{name: int(rows.sum()) for name, rows in wrong.items() if rows.any()}}
    rows = len(owner)
    return Raw(
        person=person.filter(pa.array(kept)),
        product=product.filter(pa.array(kept)),
        at_ms=place[kept] if is_ordered else np.zeros(int(kept.sum()), dtype=np.int64),
        order="position" if is_ordered else "none",
        strength=np.ones(rows, dtype=np.float32)[kept],
        is_purchase=np.zeros(rows, dtype=bool)[kept],
        left_out=left_out,
    )


def _moments(file: File, columns: Columns) -> tuple[Ints, NDArray[np.bool_], Order]:
    if not columns.time:
        return np.zeros(file.rows, dtype=np.int64), np.ones(file.rows, dtype=bool), "none"
    return to_moments(file.column(columns.time), columns.time)


def numbered(columns: Sequence[Any], *, sort: bool = True) -> tuple[Any, list[Ints]]:
    """(different texts, numbers of every column), numbered alike over all columns.

    Args:
        columns: pyarrow text without nulls.
        sort: number by text, so that the order of rows does not matter; else by first appearance.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    whole = pa.chunked_array([chunk.cast(pa.string()) for one in columns for chunk in _chunks(one)], type=pa.string())
    coded = whole.combine_chunks().dictionary_encode()
    labels, codes = coded.dictionary, coded.indices.to_numpy().astype(np.int64)
    if sort:
        order = pc.sort_indices(labels).to_numpy()
        rank = np.empty(len(order), dtype=np.int64)
        rank[order] = np.arange(len(order))
        labels, codes = labels.take(pa.array(order)), rank[codes]
    ends = np.cumsum([len(one) for one in columns])
    return labels, np.split(codes, ends[:-1])


def _chunks(column: Any) -> list[Any]:
    return list(column.chunks) if hasattr(column, "chunks") else [column]


def events_of(raw: Raw, person: Ints, product: Ints, size: int) -> Interactions:
    """Events sorted by person and time; rows of one moment stay in the order of the file.

    Args:
        raw: the rows.
        person: (n,) numbers.
        product: (n,) numbers from 1.
        size: largest product number + 1.
    """
    order = np.lexsort((raw.at_ms, person))
    breaks = np.diff(raw.at_ms[order], prepend=0) > SESSION_GAP_MS
    if raw.basket is not None:
        basket = _baskets(raw.basket, person, order, breaks)
        turn = np.empty(len(order), dtype=np.int64)
        turn[order] = np.arange(len(order))
        first = np.full(int(basket.max(initial=-1)) + 1, len(order))
        np.minimum.at(first, basket, turn)
        order = np.lexsort((turn, first[basket]))
        breaks = np.diff(basket[order], prepend=-1) != 0
    breaks |= np.diff(person[order], prepend=-1) != 0
    return Interactions(
        person=person[order],
        product=product[order].astype(np.int32),
        at_ms=raw.at_ms[order],
        strength=raw.strength[order],
        is_purchase=raw.is_purchase[order],
        session=np.cumsum(breaks, dtype=np.int32) - 1,
        size=size,
    )


def _baskets(labels: Any, person: Ints, order: Ints, breaks: NDArray[np.bool_]) -> Ints:
    """(n,) a number for each basket of each person; rows without a label are of one from pause to pause."""
    import pyarrow as pa
    import pyarrow.compute as pc

    texts, (label,) = numbered([labels])
    visit = np.empty(len(order), dtype=np.int64)
    visit[order] = np.cumsum(breaks)
    blank = pc.index(texts, pa.scalar("", texts.type)).as_py()  # -1 where there is none
    within = np.where(label == blank, visit + len(texts), label)
    found: Ints = np.unique(person * (int(within.max(initial=0)) + 1) + within, return_inverse=True)[1]
    return found


def in_time(events: Interactions, order: Order) -> Interactions:
    """Number people by their first event where times are moments; else they stay as the file has them."""
    if order != "time" or len(events) == 0:
        return events
    starts = events.person_starts()
    lengths = np.diff(starts)
    rank = np.argsort(np.argsort(events.at_ms[starts[:-1]], kind="stable"), kind="stable")
    person = np.repeat(rank, lengths)
    rows = np.argsort(person, kind="stable")
    moved = Interactions(
        person=person[rows],
        product=events.product[rows],
        at_ms=events.at_ms[rows],
        strength=events.strength[rows],
        is_purchase=events.is_purchase[rows],
        session=events.session[rows],
        size=events.size,
    )
    opens = np.diff(moved.person, prepend=-1) != 0
    opens[1:] |= np.diff(moved.session) != 0
    return replace(moved, session=np.cumsum(opens, dtype=np.int32) - 1)


def each_session(events: Interactions) -> Interactions:
    """Every session as a person of its own."""
    return replace(events, person=events.session.astype(np.int64))


def same_session(histories: Interactions, cases: int) -> Ints:
    """(cases,) session of each question: rows that follow each other and grow or shrink by one event are of one."""
    lengths = np.bincount(histories.person, minlength=cases)
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]])
    first = np.where(lengths > 0, histories.product[np.minimum(starts, max(len(histories) - 1, 0))], -1)
    breaks = (np.abs(np.diff(lengths)) != 1) | (first[1:] != first[:-1])
    return np.concatenate([[0], np.cumsum(breaks)]).astype(np.int64)
