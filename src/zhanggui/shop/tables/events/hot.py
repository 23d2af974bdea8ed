"""The hot table of events: what was accepted and is not yet in the archive, one row an event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import msgspec
import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from zhanggui.kernel.db import BigKey, hot_run, shop_metadata
from zhanggui.kernel.personal import Personal, PersonalText
from zhanggui.kernel.privacy import Reason
from zhanggui.shop.types import EVENT_NUMBERS, EventName

Longs = npt.NDArray[np.int64]

events = Personal(
    sa.Table(
        "events",
        shop_metadata,
        sa.Column("seq", BigKey, primary_key=True, autoincrement=True),  # order of arrival, never reused
        sa.Column("person", sa.BigInteger, nullable=False),
        sa.Column("product", sa.BigInteger, nullable=False),  # 0: not about one product
        sa.Column("kind", sa.SmallInteger, nullable=False),  # EVENT_NUMBERS
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("quantity", sa.BigInteger),
        sa.Column("value_minor", sa.BigInteger),
        sa.Column("extra", sa.LargeBinary),  # msgspec JSON of all that has no column; NULL when there is nothing more
        sa.Index("ix_events_person_seq", "person", "seq"),
        sqlite_autoincrement=True,  # without it SQLite hands out the numbers of archived rows again
    )
)

EventRow = tuple[int, int, int, int, int | None, int | None]
"""(person, product, kind, at_ms, quantity, value_minor)."""

StoredRow = tuple[int, int, int, int, int | None, int | None, str | None]
"""An `EventRow` and the JSON of its extra."""

COLUMNS = ("person", "product", "kind", "at_ms", "quantity", "value_minor", "extra")
_NAMES = ", ".join(COLUMNS)
# One statement for all rows: SQLite works without Python's lock until it is done, and the process can serve meanwhile.
_AS_JSON = (
    f"INSERT INTO events ({_NAMES}) SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, "  # noqa: S608
    "value ->> 5, CAST(value ->> 6 AS BLOB) FROM json_each(?)"
)
_AS_ARRAYS = (
    f"INSERT INTO events ({_NAMES}) SELECT * FROM unnest("  # noqa: S608
    "?::bigint[], ?::bigint[], ?::smallint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bytea[])"
)

QUIET_KINDS = tuple(
    EVENT_NUMBERS[name] for name in (EventName.VIEW_ITEM_LIST, EventName.MESSAGE_SENT, EventName.MESSAGE_OPENED)
)
"""Done to a shopper rather than by them: in the history, but not in a tail."""

# SQLite looks at a bare `LIMIT ?` while it plans, and so plans anew at every call: four times the cost of the read.
_TAIL = PersonalText(
    "SELECT seq, product, kind, at_ms, COALESCE(value_minor, 0) FROM events "  # noqa: S608
    f"WHERE person = ? AND seq > ? AND product > 0 AND kind NOT IN {QUIET_KINDS} ORDER BY seq DESC LIMIT 0 + ?"
)


_ARRIVALS = PersonalText("SELECT seq, product, kind, at_ms FROM events WHERE seq > ? ORDER BY seq LIMIT 0 + ?")


@dataclass(frozen=True, slots=True)
class EventTail:
    """What a subject did last with products, newest first; five arrays of one length.

    `seq` is the order of arrival, `kind` a number of `EVENT_NUMBERS`, `value_minor` 0 where none was sent.
    """

    seq: Longs
    product: Longs
    kind: Longs
    at_ms: Longs
    value_minor: Longs

    def __len__(self) -> int:
        return len(self.seq)


def read_arrivals(db: sa.Connection, after_seq: int, limit: int, *, purpose: Reason) -> Longs:
    """(4, n) seq, product, kind, at_ms of the events that arrived after a number, oldest first."""
    return np.array(_ARRIVALS.rows(db, purpose, (after_seq, limit)), dtype=np.int64).reshape(-1, 4).T


def append_events(db: sa.Connection, rows: Sequence[EventRow]) -> None:
    """Append events whose senders make them once only (order lines, imports); ids are not looked at."""
    append_rows(db, [(*row, None) for row in rows])


def append_rows(db: sa.Connection, rows: Sequence[StoredRow]) -> None:
    """Append events with the JSON of their extra, in the order given."""
    if not rows:
        return
    if db.dialect.name == "postgresql":
        *numbers, extras = zip(*rows, strict=True)
        blobs = [None if extra is None else extra.encode() for extra in extras]
        hot_run(db, _AS_ARRAYS, (*map(list, numbers), blobs))
    else:
        hot_run(db, _AS_JSON, (msgspec.json.encode(rows).decode(),))


def hot_tail(
    db: sa.Connection, person: int, after_seq: int, limit: int, *, purpose: Reason
) -> list[tuple[int, int, int, int, int]]:
    """(seq, product, kind, at_ms, value_minor) of one person's last product events, newest arrival first."""
    return cast("list[tuple[int, int, int, int, int]]", _TAIL.rows(db, purpose, (person, after_seq, limit)))
