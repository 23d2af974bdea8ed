"""Each person's older history in one row: the last interactions of days that went to the archive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain

import numpy as np
import sqlalchemy as sa

from zhanggui.kernel.db import shop_metadata
from zhanggui.kernel.personal import Personal, PersonalText
from zhanggui.kernel.privacy import Reason
from zhanggui.kernel.slices import sliced

from .hot import EventTail, Longs, hot_tail

KEPT = 256
"""Interactions kept in a folded history."""

FIELDS = 5
"""Rows of a packed history: seq, product, kind, at_ms, value_minor."""

folded_histories = Personal(
    sa.Table(
        "folded_histories",
        shop_metadata,
        sa.Column("person", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("until_seq", sa.BigInteger, nullable=False),  # the newest event folded in
        sa.Column("packed", sa.LargeBinary, nullable=False),  # (FIELDS, n) int64 little-endian, oldest first
    )
)


def pack(history: Longs) -> bytes:
    """Bytes of a (FIELDS, n) history."""
    return np.ascontiguousarray(history, dtype="<i8").tobytes()


def unpack(packed: bytes) -> Longs:
    """A (FIELDS, n) history from its bytes."""
    return np.frombuffer(packed, dtype="<i8").astype(np.int64, copy=False).reshape(FIELDS, -1)


def read_folded(db: sa.Connection, persons: Sequence[int], *, purpose: Reason) -> dict[int, Longs]:
    """The folded histories of those who have one: (FIELDS, n), oldest first."""
    c = folded_histories.for_(purpose).c
    found: dict[int, Longs] = {}
    for some in sliced(persons, 500):
        asked = sa.select(c.person, c.packed).where(c.person.in_(some))
        found |= {row.person: unpack(row.packed) for row in db.execute(asked)}
    return found


def store_folded(db: sa.Connection, histories: Mapping[int, Longs]) -> None:
    """Write folded histories, (FIELDS, n) each, oldest first and not empty."""
    rows = [
        {"person": person, "until_seq": int(history[0].max()), "packed": pack(history)}
        for person, history in histories.items()
    ]
    folded_histories.upsert(db, rows, keys=["person"])


_AFTER = PersonalText("SELECT packed FROM folded_histories WHERE person = ? AND until_seq > ?")


def _folded_after(db: sa.Connection, person: int, after_seq: int, purpose: Reason) -> Longs | None:
    rows = _AFTER.rows(db, purpose, (person, after_seq))
    if not rows:
        return None
    history = unpack(rows[0][0])
    return history[:, history[0] > after_seq] if after_seq else history


def _is_in_order(history: Longs) -> bool:
    """Whether (FIELDS, n) stands by arrival upwards, and by time as well: then it need not be sorted."""
    seq, at_ms = history[0], history[3]
    return bool((seq[1:] > seq[:-1]).all() and (at_ms[1:] >= at_ms[:-1]).all())


def read_tail(
    db: sa.Connection, persons: Sequence[int], after_seq: int = 0, limit: int = 200, *, purpose: Reason
) -> EventTail:
    """What a subject did last with products: hot rows and, behind them, the folded history.

    Args:
        db: a connection of `read()`.
        persons: the dense numbers linked to the subject, each once.
        after_seq: only what arrived after it; 0 for all.
        limit: at most so many, the last to arrive; beyond the folded `KEPT` per person there may be fewer.
        purpose: what it is read for.

    Returns:
        Newest first by time, then by arrival; what was archived meanwhile changes nothing. Lists shown to and
        messages sent to the shopper are not in it.
    """
    parts: list[Longs] = []
    for person in persons:
        hot = hot_tail(db, person, after_seq, limit, purpose=purpose)
        if hot:
            rows = np.fromiter(chain.from_iterable(hot), np.int64, FIELDS * len(hot)).reshape(-1, FIELDS)
            parts.append(rows[::-1].T)  # by arrival upwards, as what is folded
        folded = _folded_after(db, person, after_seq, purpose)
        if folded is not None:
            parts.append(folded)
    if not parts:
        nothing = np.empty(0, dtype=np.int64)
        return EventTail(nothing, nothing, nothing, nothing, nothing)
    if len(parts) == 1 and len(parts[0][0]) <= limit and _is_in_order(parts[0]):
        return EventTail(*parts[0][:, ::-1])
    merged = parts[0] if len(parts) == 1 else np.concatenate(parts, axis=1)
    last = merged if merged.shape[1] <= limit else merged[:, np.argpartition(-merged[0], limit - 1)[:limit]]
    return EventTail(*last[:, np.lexsort((-last[0], -last[3]))])
