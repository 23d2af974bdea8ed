"""Looks at the orders of a year and says which labels goods have earned; what is no longer true goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta, tzinfo
from typing import cast

import numpy as np
import sqlalchemy as sa

from zhanggui.kernel.changes import announce
from zhanggui.kernel.clock import Clock, from_ms, to_ms
from zhanggui.kernel.datasheets import DataGate
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Purpose
from zhanggui.recommend.engines.interactions import Ints, gather
from zhanggui.recommend.engines.labels.counting import Lines, count_labels, orders_of
from zhanggui.recommend.engines.labels.earning import Earned, earned
from zhanggui.recommend.ports import LiveView, PastBehaviour
from zhanggui.recommend.service.training_data import as_data
from zhanggui.recommend.tables import labels as tables
from zhanggui.recommend.tables.labels import StoredLabel
from zhanggui.recommend.types.labels import LabelCode, LabelReport
from zhanggui.shop import EVENT_NUMBERS, EventName

from .book import CHANGE

GATED = "labels"
"""Of the training, on its datasheet."""
DAYS = 365
COLUMNS = ("person", "product", "kind", "at_ms", "quantity")
PURCHASE, REFUND = EVENT_NUMBERS[EventName.PURCHASE], EVENT_NUMBERS[EventName.REFUND]
QUARTER_MS = 900_000
"""Every offset of a clock from UTC is a number of quarters of an hour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rows:
    """What stands of orders, as the gate looks at it."""

    person: Ints
    at_ms: Ints
    product: Ints
    strength: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Earner:
    """Earns labels anew.

    Args:
        db: the shop's store.
        clock: gives the present moment.
        zone: of the shop's clock, by which hours and days are told.
        history: behaviour that may be counted; people stay in it, what is kept are counts of goods.
        live: the catalogue in memory.
        data_gate: looks at the orders first; where they do not pass, the labels of before stand.
    """

    db: Database
    clock: Clock
    zone: tzinfo
    history: PastBehaviour
    live: LiveView
    data_gate: DataGate

    def refresh(self) -> LabelReport:
        """Count the orders of the last 365 days and let exactly the labels stand that they show.

        The very next answer of every process follows. The same orders change nothing.
        """
        now_ms = to_ms(self.clock())
        with self.db.read() as db:
            view = self.live.view(db)
        standing, held = self._standing(now_ms)
        person, at_ms, product = standing
        rows = _Rows(person=person, at_ms=at_ms, product=product, strength=held)
        sheet, kept = self.data_gate.check(as_data(GATED, rows, view))
        if sheet.reason:
            return self._refused(sheet.reason)
        lines, size = self._lines(standing[:, kept], held[kept])
        found = earned(count_labels(lines, size), orders_of(lines, size))

        def work(db: sa.Connection) -> LabelReport:
            before = {(row.product, row.label): row for row in tables.labels_in(db)}
            rows = sorted((_stored(one, before, now_ms) for one in found), key=lambda row: (row.product, row.label))
            if rows != list(before.values()):
                tables.replace_labels(db, rows)
                announce(db, CHANGE, ["recommend:labels"])
            now = {(row.product, row.label) for row in rows}
            return LabelReport(labels=len(now), came=len(now - before.keys()), went=len(before.keys() - now))

        return self.db.write(work)

    def _refused(self, reason: str) -> LabelReport:
        with self.db.read() as db:
            return LabelReport(labels=len(tables.labels_in(db)), came=0, went=0, refused=reason)

    def _standing(self, now_ms: int) -> tuple[Ints, Ints]:
        """What stands of each order: a product that was taken out again, or cancelled, is none.

        ((3, n) person, moment and product, by person, then time; (n,) pieces)
        """
        since = self.clock() - timedelta(days=DAYS)
        batches = (
            tuple(batch.column(name).fill_null(1).to_numpy(zero_copy_only=False).astype(np.int64) for name in COLUMNS)
            for batch in self.history.history(Purpose.TRAINING, since)
        )
        person, product, kind, at_ms, quantity = gather(batches, len(COLUMNS))
        used = (product > 0) & ((kind == PURCHASE) | (kind == REFUND)) & (at_ms >= to_ms(since)) & (at_ms <= now_ms)
        pieces = np.where(kind == PURCHASE, 1, -1) * np.maximum(quantity, 1)
        rows = np.stack([person[used], at_ms[used], product[used]])
        lines, place = np.unique(rows, axis=1, return_inverse=True)
        held = np.bincount(place.ravel(), weights=pieces[used], minlength=lines.shape[1])
        return lines[:, held > 0], held[held > 0]

    def _lines(self, lines: Ints, held: Ints) -> tuple[Lines, int]:
        """(the lines of orders as labels count them, the largest product number + 1)."""
        order = np.unique(lines[:2], axis=1, return_inverse=True)[1].ravel() if len(held) else np.zeros(0, dtype=int)
        hour, day, weekday = self._told(lines[1])
        size = int(lines[2].max(initial=0)) + 1
        return (
            Lines(
                person=lines[0],
                product=lines[2],
                order=order,
                day=day,
                hour=hour,
                weekday=weekday,
                quantity=held.astype(np.int64),
            ),
            size,
        )

    def _told(self, at_ms: Ints) -> tuple[Ints, Ints, Ints]:
        """Hour, number of the day, and weekday of moments by the shop's clock."""
        quarters, place = np.unique(at_ms // QUARTER_MS, return_inverse=True)
        locals_ = [from_ms(int(quarter) * QUARTER_MS).astimezone(self.zone) for quarter in quarters]
        rows = np.array([(at.hour, at.toordinal(), at.isoweekday()) for at in locals_], dtype=np.int64).reshape(-1, 3)
        hour, day, weekday = rows[place.ravel()].T
        return hour, day, weekday


def _stored(one: Earned, before: Mapping[tuple[int, LabelCode], StoredLabel], now_ms: int) -> StoredLabel:
    code = cast("LabelCode", one.code)
    held = before.get((one.product, code))
    return StoredLabel(
        product=one.product,
        label=code,
        hits=one.hits,
        total=one.of,
        orders=one.orders,
        share=one.share,
        shop_share=one.shop_share,
        chance=one.chance,
        since_ms=now_ms if held is None else held.since_ms,
    )
