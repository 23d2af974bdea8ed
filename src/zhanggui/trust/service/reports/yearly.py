"""Gathers the review of a year. Chapters of other rooms are handed in by the composition root."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from zhanggui.kernel.clock import Clock, to_ms
from zhanggui.kernel.db import Database
from zhanggui.trust.errors import BadYear
from zhanggui.trust.types.reports import Review, Section

from .chapters import Span, own_chapters

Chapter = Callable[[Span], Section]
"""Tells one chapter of a span of time."""
FIRST_YEAR = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class YearlyReview:
    """Makes the review of a shop's year, by its own calendar.

    Attributes:
        others: chapters that other rooms tell, put after this room's own.
        kinds: of proposals that the shop knows, those that nobody has set a level for too.
    """

    db: Database
    clock: Clock
    zone: ZoneInfo
    shop: str
    others: Sequence[Chapter] = ()
    kinds: Sequence[str] = ()

    @property
    def this_year(self) -> int:
        """The present one, by the shop's calendar."""
        return self.clock().astimezone(self.zone).year

    def of(self, year: int) -> Review:
        """The review of a year; of the one that is not over, as far as it has come.

        Raises:
            BadYear: it has not begun, or lies before any shop of this kind.
        """
        now = self.clock()
        if not FIRST_YEAR <= year <= now.astimezone(self.zone).year:
            raise BadYear(f"{year} cannot be reviewed.", hint=f"Name a year from {FIRST_YEAR} to the present one.")
        begins = datetime(year, 1, 1, tzinfo=self.zone)
        ends = datetime(year + 1, 1, 1, tzinfo=self.zone)
        span = Span(to_ms(begins), min(to_ms(ends), to_ms(now) + 1), is_over=ends <= now)
        with self.db.read() as db:
            own = tuple(chapter(db, span) for chapter in own_chapters(self.kinds))
        told = tuple(chapter(span) for chapter in self.others)
        return Review(shop=self.shop, year=year, begins=begins, ends=ends, made_at=now, sections=(*own, *told))
