"""Behaviour that may be learned from, straight from the hot rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from zhanggui.kernel.clock import to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import ConsentGate, Purpose
from zhanggui.shop.tables.events.hot import events

COLUMNS = ("seq", "person", "product", "kind", "at_ms", "quantity", "value_minor")


class HotHistory:
    """Reads events in batches, without those of people who refuse the purpose."""

    def __init__(self, db: Database, gate: ConsentGate) -> None:
        self._db = db
        self._gate = gate

    def history(self, purpose: Purpose, since: datetime | None) -> Iterator[Any]:
        """Arrow batches with `COLUMNS`, in the order of arrival."""
        import pyarrow as pa

        wanted = sa.select(*(events.c[name] for name in COLUMNS)).order_by(events.c.seq)
        if since is not None:
            wanted = wanted.where(events.c.at_ms >= to_ms(since))
        with self._db.read() as db:
            for rows in db.execute(wanted).partitions(50_000):
                allowed = self._gate.allowed_among({row.person for row in rows}, purpose)
                columns = list(zip(*(row for row in rows if row.person in allowed), strict=True)) or [()] * len(COLUMNS)
                arrays = [pa.array([value or 0 for value in column], pa.int64()) for column in columns]
                yield pa.RecordBatch.from_arrays(arrays, names=list(COLUMNS))
