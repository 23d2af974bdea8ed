"""Tell a profile: the stored row, what came after it, the catalogue as it is, and what the shopper said of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import msgspec
import sqlalchemy as sa

from zhanggui.audience.engines.profile.folding import SOCIAL, LocalHour, fold
from zhanggui.audience.engines.profile.merging import merged
from zhanggui.audience.engines.profile.portrait import Beside, portrait
from zhanggui.audience.engines.profile.standing import Fifths
from zhanggui.audience.engines.profile.state import State, unpack
from zhanggui.audience.errors import NoProfile
from zhanggui.audience.ports import Followed, ItemVectors, LiveView, SocialConsent, TasteEraser
from zhanggui.audience.service.shoppers import Shoppers
from zhanggui.audience.tables import corrections as correction_tables
from zhanggui.audience.tables import profiles as tables
from zhanggui.audience.tables.corrections import HIDING, StoredCorrection
from zhanggui.audience.types.profiles import Corrected, Evidence, Profile, ServiceView
from zhanggui.audience.words.profiles import worded
from zhanggui.kernel.clock import Clock, from_ms, moment_or_none, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Purpose
from zhanggui.shop import Subject, Traces

from .goods import Goods

TAIL = 5_000
"""Events that a reading applies at most; beyond, it tells what stood then, until the next folding."""
FACTORS: Mapping[str, float] = {"mute": 0.0, "remove": 0.0, "more": 2.0, "less": 0.5}
SERVING = frozenset({"dawn_orders", "night_orders", "steady_rhythm", "asks", "reads_messages", "leaves_messages"})
"""Tags that whoever serves a shopper may see: when and how to speak to them, nothing of what they like or spend."""
_WHY = Purpose.PERSONALIZATION
_fifths = lru_cache(maxsize=4)(msgspec.json.Decoder(Fifths).decode)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profiles:
    """Reads profiles. Nothing of a person is kept between two readings."""

    db: Database
    clock: Clock
    live: LiveView
    log: Followed
    shoppers: Shoppers
    social: SocialConsent
    vectors: ItemVectors
    local_hour: LocalHour
    eraser: TasteEraser
    goods: Goods = field(default_factory=Goods)

    def of(
        self,
        customer_id: str | None = None,
        visitor_id: str | None = None,
        *,
        language: str = "zh",
        with_taste: bool = False,
        is_own: bool = False,
    ) -> Profile:
        """The profile of a customer, or of a visitor, as of this moment.

        Args:
            customer_id: the shop's id of a customer; all visitors who logged in as them count.
            visitor_id: the id of a browser.
            language: of the names of tags and stages.
            with_taste: with the taste vector.
            is_own: for the shopper's own page: what was muted is shown, what was removed is not.

        Raises:
            UnknownShopper: the shop knows nobody of that id.
            NoProfile: they have not allowed personalization, took it back, or pause it.
        """
        with self.db.read() as db:
            subject = self.shoppers.profiled(db, customer_id, visitor_id)
            told = self._told(db, subject, with_taste=with_taste, is_own=is_own)
        told = msgspec.structs.replace(told, customer_id=customer_id, visitor_id=visitor_id)
        return worded(told, language)

    def for_service(
        self, customer_id: str | None = None, visitor_id: str | None = None, *, language: str = "zh"
    ) -> ServiceView:
        """What of the profile serving somebody needs; raises as `of` does."""
        whole = self.of(customer_id, visitor_id, language=language)
        tags = [tag for tag in whole.tags if tag.code in SERVING]
        bare = [msgspec.structs.replace(tag, evidence=Evidence(tag.evidence.hits, tag.evidence.total)) for tag in tags]
        return ServiceView(
            customer_id=customer_id,
            visitor_id=visitor_id,
            stage=whole.stage,
            language=whole.language,
            channel=whole.channels[0].name if whole.channels else "",
            peak_hour=whole.rhythm.peak_hour,
            tags=tuple(bare),
        )

    def warm(self) -> None:
        """Take up what readings need of the catalogue, so that the first ones are as fast as the others."""
        with self.db.read() as db:
            self.goods.warm(self.live.view(db))

    def state(self, db: sa.Connection, persons: Sequence[int]) -> State:
        """What is counted of these numbers together, with the very last event."""
        return merged([self._state(db, person) for person in persons])

    def states(self, db: sa.Connection, members: Mapping[int, Sequence[int]]) -> Iterator[tuple[int, State]]:
        """What is counted of many subjects, each by all of its numbers; stored rows are read together."""
        stored = tables.states_of(db, [number for own in members.values() for number in own], purpose=_WHY)
        for subject, own in members.items():
            yield subject, merged([self._lately(db, number, stored.get(number)) for number in own])

    def fifths(self, db: sa.Connection) -> Fifths:
        """Where the shop's customers part into fifths, as of the last folding."""
        held = tables.folding(db)
        return Fifths() if held is None else _fifths(held.fifths)

    def _state(self, db: sa.Connection, person: int) -> State:
        return self._lately(db, person, tables.state_of(db, person, purpose=_WHY))

    def _lately(self, db: sa.Connection, person: int, packed: bytes | None) -> State:
        """A stored row with what came after it."""
        state = State(seq=tables.start_of(db, person, purpose=_WHY)) if packed is None else unpack(packed)
        acts = self.log.after(db, person, state.seq, TAIL, purpose=_WHY)
        return fold(state, acts, self.local_hour) if acts else state

    def _told(self, db: sa.Connection, subject: Subject, *, with_taste: bool, is_own: bool) -> Profile:
        now_ms = to_ms(self.clock())
        said = in_force(correction_tables.corrections_of(db, subject.numbers, purpose=_WHY), now_ms)
        if any(one.act == "pause" for one in said):
            raise NoProfile.paused()
        acting = [one for one in said if one.act != "mute"] if is_own else said
        state = self.state(db, subject.numbers)
        traces = _together([self.log.traces(db, person, purpose=_WHY) for person in subject.numbers])
        is_social = any(state.counts[kind] for kind in SOCIAL) and self.social.agreed(subject.number)
        view = self.live.view(db)
        beside = Beside(
            good_of=self.goods.of(view),
            local_hour=self.local_hour,
            now_ms=now_ms,
            order_ids=traces.orders,
            reviews=traces.reviews,
            questions=traces.questions,
            is_social=is_social,
            fifths=self.fifths(db),
            factors={one.subject: FACTORS[one.value or one.act] for one in acting if one.act in _WEIGHING},
            hidden=[one.subject.removeprefix("tag:") for one in acting if one.act in HIDING],
            language=next((one.value for one in reversed(said) if one.subject == "language"), traces.language),
            vector_of=(lambda number: self.vectors.vector(view, number)) if with_taste else None,
        )
        told = portrait(state, beside)
        taste = self.eraser.erase(told.taste) if told.taste else ()
        return msgspec.structs.replace(told, taste=taste, corrections=tuple(map(corrected, said)))


_WEIGHING = frozenset({"mute", "remove", "weigh"})


def in_force(said: Sequence[StoredCorrection], now_ms: int) -> list[StoredCorrection]:
    """What was not taken back and is not over."""
    return [one for one in said if one.undone_ms is None and (one.until_ms is None or one.until_ms > now_ms)]


def corrected(one: StoredCorrection) -> Corrected:
    """What was said, as it is told."""
    until = moment_or_none(one.until_ms)
    return Corrected(id=one.id, act=one.act, subject=one.subject, value=one.value, at=from_ms(one.at_ms), until=until)


def _together(traces: Sequence[Traces]) -> Traces:
    if len(traces) == 1:
        return traces[0]
    orders: dict[int, str] = {}
    for one in reversed(traces):
        orders |= one.orders
    return Traces(
        orders=orders,
        reviews=sum(one.reviews for one in traces),
        questions=sum(one.questions for one in traces),
        language=next((one.language for one in traces if one.language), None),
    )
