"""Who asks, and what may be known of them for one answer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import sqlalchemy as sa

from zhanggui.kernel.clock import DAY_MS
from zhanggui.kernel.privacy import Purpose, ReadingGate
from zhanggui.recommend.engines.choosing import HISTORY_LIMIT
from zhanggui.recommend.engines.interactions import Floats
from zhanggui.recommend.engines.ranking.columns import OF_PROFILE
from zhanggui.recommend.engines.ranking.facts import fitted
from zhanggui.recommend.ports import UNKNOWN, Behaviour, Known, ServedLog, Subjects
from zhanggui.recommend.tables import preferences as preference_tables
from zhanggui.recommend.tables.preferences import StoredPreference
from zhanggui.recommend.types.tags import ShopperTag
from zhanggui.shop import Subject

from .acting import NOT_SEEN, Seen
from .live_state import Snapshot
from .read_budgets import ReadBudgets
from .read_tags import ReadTags
from .wishing import Past, without_preferences

CACHED_SUBJECTS = 50_000
SEEN_MS, SEEN_LISTS = 7 * DAY_MS, 100
"""How far back it counts what somebody was shown, and in how many lists at most."""
_NOTHING = np.zeros(0, dtype=np.int64)
NO_PAST = Past(seq=_NOTHING, product=_NOTHING, kind=_NOTHING, at_ms=_NOTHING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shopper:
    """Who asks: their number (0 for a stranger), their past, their preferences, and what they are to be told.

    `foreseen` (3,) is what `ports.Profiles` says of them; None for nothing. `tags` are those of `ports.Tags` that say
    anything about goods. `left_minor` is left of the budget that they set for this month; None for no budget.
    """

    number: int
    past: Past
    preferences: list[StoredPreference]
    notice: str
    seen: Seen = NOT_SEEN
    foreseen: Floats | None = None
    tags: tuple[ShopperTag, ...] = ()
    left_minor: int | None = None


OFF = "personalization_off"
"""The notice of whoever does not want to be known."""
_STRANGER = Shopper(number=0, past=NO_PAST, preferences=[], notice="no_history")


class Shoppers:
    """Reads shoppers. Their last events are never kept; who they are is, until people or consents change."""

    def __init__(
        self,
        events: Behaviour,
        people: Subjects,
        gate: ReadingGate,
        served: ServedLog,
        known: Known = UNKNOWN,
    ) -> None:
        self._events, self._people, self._gate, self._served = events, people, gate, served
        self._profiles, self._tags, self._budgets = known.profiles, ReadTags(known.tags), ReadBudgets(known.budgets)
        self._subjects: dict[tuple[str | None, str | None], Subject] = {}
        self._allowed: set[int] = set()
        self._subjects_seq = -1

    def find(
        self, db: sa.Connection, snapshot: Snapshot, customer_id: str | None, visitor_id: str | None, now_ms: int
    ) -> Shopper:
        """Who it is, with what may be known of them; a stranger where nobody is known."""
        subject = self._subject(db, snapshot, customer_id, visitor_id)
        return _STRANGER if subject is None else self.of(db, snapshot, subject, now_ms)

    def of(self, db: sa.Connection, snapshot: Snapshot, subject: Subject, now_ms: int) -> Shopper:
        """What may be known of somebody whose numbers are known."""
        self._forget_before(snapshot)
        left = self._budgets.left(db, snapshot, subject, now_ms)
        if not self._may_personalise(db, subject.number):
            return Shopper(number=subject.number, past=NO_PAST, preferences=[], notice=OFF, left_minor=left)
        tail = self._events.tail(db, subject.numbers, limit=HISTORY_LIMIT, purpose=Purpose.PERSONALIZATION)
        past = Past(seq=tail.seq, product=tail.product, kind=tail.kind, at_ms=tail.at_ms)
        held = preference_tables.preferences_of(db, subject.numbers, purpose=Purpose.PERSONALIZATION)
        return Shopper(
            number=subject.number,
            past=without_preferences(past, held),
            preferences=held,
            notice="" if len(past.seq) else "no_history",
            seen=self._seen(db, subject, now_ms) if snapshot.book.has_rest else NOT_SEEN,
            foreseen=self._foreseen(db, snapshot, subject.number),
            tags=self._tags.of(db, snapshot, subject, past),
            left_minor=left,
        )

    def _foreseen(self, db: sa.Connection, snapshot: Snapshot, number: int) -> Floats | None:
        """What is foreseen of them, asked only where trees may look at it."""
        told = self._profiles.now(db, number) if snapshot.model.stage is not None else ()
        return fitted(np.array(told), len(OF_PROFILE)) if len(told) else None

    def _seen(self, db: sa.Connection, subject: Subject, now_ms: int) -> Seen:
        """What they were shown lately, read anew each time: every process logs, and none knows what others showed."""
        since_ms = now_ms - SEEN_MS
        product, at_ms = self._served.shown(db, subject.numbers, since_ms, SEEN_LISTS, purpose=Purpose.PERSONALIZATION)
        return Seen(product=product, at_ms=at_ms)

    def _may_personalise(self, db: sa.Connection, number: int) -> bool:
        """What the gate says; a yes is remembered until consents or persons change, a no is asked again."""
        if number in self._allowed:
            return True
        is_allowed = self._gate.allows_in(db, number, Purpose.PERSONALIZATION)
        if is_allowed:
            self._allowed.add(number)
        return is_allowed

    def _subject(
        self, db: sa.Connection, snapshot: Snapshot, customer_id: str | None, visitor_id: str | None
    ) -> Subject | None:
        """Who it is; remembered until people are linked or unlinked, which the change feed tells."""
        if customer_id is None and visitor_id is None:
            return None
        self._forget_before(snapshot)
        found = self._subjects.get((customer_id, visitor_id))
        if found is None:
            found = self._people.subject(db, customer_id, visitor_id)
            # Somebody with no number yet, or only one of two named, may get one without a change of the feed.
            if found is not None and (customer_id is None or visitor_id is None):
                self._subjects[customer_id, visitor_id] = found
        return found

    def _forget_before(self, snapshot: Snapshot) -> None:
        """What was remembered before people or consents changed is void; nor is ever too much remembered."""
        held = max(len(self._subjects), len(self._allowed))
        if self._subjects_seq != snapshot.links_seq or held >= CACHED_SUBJECTS:
            self._subjects, self._allowed, self._subjects_seq = {}, set(), snapshot.links_seq
