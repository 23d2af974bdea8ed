"""Learned segments as a part of a shop's export: see `ExportPart` of the shop room."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
import sqlalchemy as sa

from zhanggui.audience.tables import learned as tables
from zhanggui.audience.types.learned import LearnedCard
from zhanggui.shop import PutReport

from .model import Model, pack, unpack


class LearnedRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A version of the learned segments: how it was learned, and its groups; no model where it was refused."""

    card: LearnedCard
    model: Model | None = None


class LearnedPart:
    """Learned segments: names, portraits, and the middles by which an identity is known again."""

    name = "learned-segments"
    holds = LearnedRow

    def rows(self, db: sa.Connection) -> Iterator[list[LearnedRow]]:
        """All versions that are kept, oldest first."""
        for card in reversed(tables.cards(db)):
            packed = tables.model_of(db, card.id)
            yield [LearnedRow(card=card, model=None if packed is None else unpack(packed))]

    def restore(self, db: sa.Connection, rows: Sequence[LearnedRow], now_ms: int) -> PutReport:
        """Add versions that are not there; where one serves here, it goes on serving."""
        del now_ms  # it was learned when it says
        there = {card.id for card in tables.cards(db)}
        new = [row for row in rows if row.card.id not in there]
        for row in new:
            card = row.card
            if card.state == "current" and tables.current_id(db) is not None:
                card = msgspec.structs.replace(card, state="kept")
            tables.put_version(db, card, None if row.model is None else pack(row.model))
        return PutReport(len(new), 0, len(rows) - len(new))
