"""The tags of whoever asks, read once for each last act of theirs and until anything is said of tags."""

from __future__ import annotations

import sqlalchemy as sa

from zhanggui.kernel.changes import last_seq
from zhanggui.recommend.engines.choosing import HISTORY_LIMIT
from zhanggui.recommend.ports import Tags
from zhanggui.recommend.types.tags import ShopperTag
from zhanggui.shop import Subject

from .live_state import Snapshot
from .strengths import PURCHASE
from .tilting import TILTED
from .wishing import Past

KEPT = 50_000


class ReadTags:
    """Keeps the tags of one process's shoppers. What is kept is no older than their last act and what was said of tags.

    No tag that says anything about goods rests on less than a purchase, so whoever bought nothing is not asked about.
    """

    __slots__ = ("_kept", "_tags")

    def __init__(self, tags: Tags) -> None:
        self._tags = tags
        self._kept: tuple[int, dict[int, tuple[tuple[int, ...], int, tuple[ShopperTag, ...]]]] = (-1, {})

    def of(self, db: sa.Connection, snapshot: Snapshot, subject: Subject, past: Past) -> tuple[ShopperTag, ...]:
        """Those of a subject that say anything about goods; `past` is all that they did last."""
        if len(past.seq) < HISTORY_LIMIT and PURCHASE not in past.kind:
            return ()
        if self._kept[0] != snapshot.said_seq or len(self._kept[1]) >= KEPT:
            self._kept = (snapshot.said_seq, {})
        kept, newest = self._kept[1], int(past.seq[0])
        held = kept.get(subject.number)
        if held is not None and held[:2] == (subject.numbers, newest):
            return held[2]
        told = tuple([tag for tag in self._tags.now(db, subject.numbers) if tag.code in TILTED])
        # Another thread may have moved the snapshot on past what this connection sees: that is not to be kept.
        if last_seq(db) >= snapshot.said_seq:
            kept[subject.number] = (subject.numbers, newest, told)
        return told
