"""What the merchant aims at: durable, in the ledger, and taken back. The very next answer of any process acts on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.changes import announce
from zhanggui.kernel.db import Database
from zhanggui.recommend.errors import BadObjectives
from zhanggui.recommend.ports import Record
from zhanggui.recommend.tables import settings as setting_tables
from zhanggui.recommend.types.aims import MOST_AIM, MOST_STRENGTH, EventWeights, Objectives, ObjectivesChanged

MOST_PAST = 20
SUBJECT = "objectives"


@dataclass(frozen=True, slots=True, kw_only=True)
class Aims:
    """Keeps what a shop aims at.

    Args:
        db: the shop's store.
        record: where acts of people stand for good.
    """

    db: Database
    record: Record

    def get(self) -> Objectives:
        """What the shop aims at now."""
        with self.db.read() as db:
            return objectives_in(db)

    def set(self, wanted: Objectives, actor: str) -> Objectives:
        """Aim at something else.

        Raises:
            BadObjectives: nothing would be learned from, or nothing counted as taken.
        """
        check(wanted)

        def work(db: sa.Connection) -> Objectives:
            now, past = setting_tables.objectives_of(db) or (Objectives(), [])
            return now if wanted == now else self._put(db, "changed", now, wanted, [*past, now], actor)

        return self.db.write(work)

    def set_variety(self, variety: float, actor: str) -> Objectives:
        """Move the slider between sales and variety; all else stays.

        Raises:
            BadObjectives: it is not between 0 and 1.
        """
        return self.set(msgspec.structs.replace(self.get(), variety=variety), actor)

    def undo(self, actor: str) -> Objectives:
        """Take the last change back, 20 deep.

        Raises:
            BadObjectives: nothing is left to take back.
        """

        def work(db: sa.Connection) -> Objectives:
            now, past = setting_tables.objectives_of(db) or (Objectives(), [])
            if not past:
                raise BadObjectives("Nothing is left to take back of the objectives.", hint="Set them anew.")
            return self._put(db, "undone", now, past[-1], past[:-1], actor)

        return self.db.write(work)

    def _put(
        self,
        db: sa.Connection,
        act: Literal["changed", "undone"],
        before: Objectives,
        after: Objectives,
        past: list[Objectives],
        actor: str,
    ) -> Objectives:
        setting_tables.put_objectives(db, after, past[-MOST_PAST:])
        announce(db, "rule", [f"recommend:{SUBJECT}"])
        changed = ObjectivesChanged(subject=SUBJECT, act=act, before=before, after=after)
        self.record.append(db, "recommend.objectives", changed, actor, about=SUBJECT)
        return after


def objectives_in(db: sa.Connection) -> Objectives:
    """What the shop aims at as the connection sees it."""
    held = setting_tables.objectives_of(db)
    return Objectives() if held is None else held[0]


def check(wanted: Objectives) -> None:
    """Hold objectives to their ranges, from wherever they come.

    Raises:
        BadObjectives: a number is out of its range, nothing would be learned from, or nothing counted as taken.
    """
    for name in EventWeights.__struct_fields__:
        _within(f"event {name}", getattr(wanted.events, name), MOST_STRENGTH)
    for name in ("click", "cart", "purchase"):
        _within(name, getattr(wanted, name), MOST_AIM)
    for name in ("margin", "long_term", "variety"):
        _within(name, getattr(wanted, name), 1)
    if not any(getattr(wanted.events, name) for name in EventWeights.__struct_fields__ if name != "dismiss"):
        raise BadObjectives("No act would speak for a product.", hint="Give at least one event a weight above 0.")
    if not (wanted.click or wanted.cart or wanted.purchase):
        raise BadObjectives("Nothing would count as taken.", hint="Give click, cart or purchase a weight above 0.")


def _within(name: str, value: float, most: float) -> None:
    if not 0 <= value <= most:  # which no NaN is
        raise BadObjectives(
            f"{name} is {value:g}; it is 0 to {most:g}.", hint="0 leaves it out; the more it is, the more it counts."
        )
