"""What is left of the budgets that shoppers set themselves: who set one is remembered until anything is said anew."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from zhanggui.kernel.changes import last_seq
from zhanggui.recommend.ports import Budgets
from zhanggui.shop import Subject

from .live_state import Snapshot


class ReadBudgets:
    """Reads budgets. Of whoever set none nothing is read, and what is left of one is reckoned anew each time."""

    __slots__ = ("_budgets", "_kept")

    def __init__(self, budgets: Budgets) -> None:
        self._budgets = budgets
        self._kept: tuple[int, Collection[int]] = (-1, ())

    def left(self, db: sa.Connection, snapshot: Snapshot, subject: Subject, now_ms: int) -> int | None:
        """Minor units that a subject may still be shown things for this month; None where they set no budget."""
        seq, persons = self._kept
        if seq != snapshot.said_seq:
            persons = self._budgets.persons(db)
            # Another thread may have moved the snapshot on past what this connection sees: that is not to be kept.
            if last_seq(db) >= snapshot.said_seq:
                self._kept = (snapshot.said_seq, persons)
        if not persons or not any(number in persons for number in subject.numbers):
            return None
        return self._budgets.left(db, subject.numbers, now_ms)
