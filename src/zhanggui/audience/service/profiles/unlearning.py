"""Forgetting what was folded from events that are history no more, as those of an import that was taken back."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from zhanggui.audience.tables.profiles import drop_profiles
from zhanggui.audience.tables.unfolding import drop_folding
from zhanggui.kernel.jobs import enqueue

from .keeping import FOLD, REMEMBERED, FoldProfiles


class Unlearning:
    """Makes profiles anew from what is left of the history. Whoever wants nothing counted before a day keeps that."""

    def unlearn(self, db: sa.Connection, persons: Sequence[int]) -> None:
        """Delete the rows of these numbers in the caller's transaction."""
        drop_profiles(db, persons)

    def learn_anew(self, db: sa.Connection) -> None:
        """Have the whole log folded once more, by a job of the caller's transaction."""
        drop_folding(db)
        enqueue(db, FOLD, FoldProfiles(), dedupe_key=REMEMBERED)
