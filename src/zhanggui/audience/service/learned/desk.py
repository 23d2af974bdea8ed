"""Learned segments as they are asked for: portraits of the last learning, and who is in one at this moment.

Who is where is worked out from live profiles against the stored middles whenever it is asked, so a purchase, a
correction or a withdrawn consent moves somebody in the very next reading.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import msgspec

from zhanggui.audience.errors import UnknownSegment
from zhanggui.audience.service.segments.counting import Counting, Meant, but_for
from zhanggui.audience.service.segments.segments import days_of
from zhanggui.audience.service.shoppers import who_muted
from zhanggui.audience.tables import learned as tables
from zhanggui.audience.tables.corrections import SEGMENT
from zhanggui.audience.types.learned import LearnedCard, LearnedSegment, LearnedSegments
from zhanggui.audience.types.segments import DaySize, MemberPage
from zhanggui.audience.words.learned import name_of, worded
from zhanggui.kernel.clock import from_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Channel

from .learning import Learning
from .model import Assigning, Group, Model, as_shown, unpack


class Held:
    """The version that serves, read once and kept until another takes its place."""

    def __init__(self) -> None:
        self._held: tuple[str, Model] | None = None

    def of(self, db: Database) -> Model | None:
        """The version as of now; None before the first."""
        with db.read() as connection:
            current, held = tables.current_id(connection), self._held
            if current is None or (held is not None and held[0] == current):
                return None if current is None or held is None else held[1]
            packed = tables.model_of(connection, current)
        if packed is None:
            return None
        self._held = (current, unpack(packed))
        return self._held[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedDesk:
    """The use cases of learned segments.

    Attributes:
        learning: makes them.
        counting: counts and names whom a test means.
    """

    db: Database
    learning: Learning
    counting: Counting
    held: Held = field(default_factory=Held)

    def all(self, language: str = "zh") -> LearnedSegments:
        """All of them with their portraits, the largest first."""
        with self.db.read() as db:
            cards = tables.cards(db)
        told = [_told(group, language) for group in self._groups()]
        return LearnedSegments(
            segments=tuple(sorted(told, key=lambda one: -one.portrait.people)),
            serving=next((card for card in cards if card.state == "current"), None),
            last=cards[0] if cards else None,
        )

    def serving(self) -> list[LearnedCard]:
        """The card of the version that serves; empty before the first."""
        with self.db.read() as db:
            return [card for card in tables.cards(db) if card.state == "current"]

    def get(self, id_: str, language: str = "zh", *, is_counted: bool = True) -> LearnedSegment:
        """One of them with its portrait, and, where that is asked, its count of this moment.

        Raises:
            UnknownSegment: there is none of that id.
        """
        found = _told(self._group(id_), language)
        if not is_counted:
            return found
        return msgspec.structs.replace(found, count=self.counting.count(self.tests()[id_]))

    def people(
        self,
        id_: str,
        *,
        after: int = 0,
        limit: int = 50,
        for_messages: bool = False,
        channel: Channel | None = None,
    ) -> MemberPage:
        """Who is in it at this moment, by number upwards; for roles that may see persons. See `Segments.people`.

        Raises:
            UnknownSegment: there is none of that id.
        """
        self._group(id_)
        meant = self.tests()[id_]
        return self.counting.people(meant, after=after, limit=limit, for_messages=for_messages, channel=channel)

    def sizes(self, id_: str) -> list[DaySize]:
        """One of them day by day, as the job counted it, oldest first.

        Raises:
            UnknownSegment: there is none of that id.
        """
        self._group(id_)
        return days_of(self.db, id_, self.counting.floor)

    def tests(self) -> Mapping[str, Meant]:
        """By id whom each means."""
        model = self.held.of(self.db)
        if model is None:
            return {}
        assigning, groups = Assigning(model), self._groups()
        with self.db.read() as db:
            left_out = {group.id: who_muted(db, f"{SEGMENT}{group.id}") for group in groups}
        return {group.id: but_for(_in(assigning, group.id), left_out[group.id]) for group in groups}

    def _groups(self) -> list[Group]:
        """Those that may be told: none below the floor of now."""
        model, floor = self.held.of(self.db), self.counting.floor
        groups = [] if model is None else model.groups
        return [as_shown(group, floor) for group in groups if group.portrait.people >= floor]

    def _group(self, id_: str) -> Group:
        found = next((group for group in self._groups() if group.id == id_), None)
        if found is None:
            raise UnknownSegment(f"There is no learned segment {id_!r}.", hint="List them first.")
        return found


def _in(assigning: Assigning, id_: str) -> Meant:
    return lambda look: assigning.group_of(look) == id_


def _told(group: Group, language: str) -> LearnedSegment:
    return LearnedSegment(
        id=group.id,
        name=name_of(group.name, language),
        since=from_ms(group.since_ms),
        portrait=worded(group.portrait, language),
    )
