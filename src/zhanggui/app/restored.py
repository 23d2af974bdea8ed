"""After a restore: whoever was erased since the data were saved is erased again.

The newest keys come back with a backup, so that whoever was erased since has no key: their names stay noise. Their rows
came back with the older data; a look at each start and each hour finds them by that and takes them away, by the same
way as the first time, with a receipt (PIPL art. 47).
"""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from zhanggui.app.rooms import Rooms
from zhanggui.kernel.cipher import subject_keys
from zhanggui.kernel.jobs import JobContext, JobHandler, Schedule
from zhanggui.kernel.privacy import Duty
from zhanggui.shop import subjects_of
from zhanggui.shop.tables.forgetting import ERASED
from zhanggui.shop.tables.people import persons
from zhanggui.trust.types.persons import Ground

AGAIN_KIND = "app.restored.erase_again"
EVERY_S = 3600
ACTOR = "restore"


class EraseAgain(msgspec.Struct, frozen=True):
    """Look for people without a key whose rows are here."""


def handler(rooms: Rooms) -> JobHandler[EraseAgain]:
    """How it is done: each person in a commit of their own."""

    def run(_payload: EraseAgain, context: JobContext) -> None:
        erase_again(rooms, context)

    return JobHandler(kind=AGAIN_KIND, payload=EraseAgain, run=run)


def schedule() -> Schedule:
    """At each start and each hour."""
    return Schedule(kind=AGAIN_KIND, every_s=EVERY_S, payload=EraseAgain(), is_due_at_start=True)


def erase_again(rooms: Rooms, context: JobContext) -> int:
    """Erase everybody whose key is destroyed and whose rows name them; returns how many subjects."""
    with rooms.db.read() as db:
        numbers = _came_back(db)
        roots, members = subjects_of(db, numbers)
    subjects = {root: tuple(members[root]) for root in {roots[number] for number in numbers}}
    count = 0
    for subject in subjects.values():
        if context.is_cancelled():
            break
        rooms.db.write(lambda db, who=subject: rooms.persons.erase_numbers(db, who, ACTOR, Ground.ASKED))  # type: ignore[misc]
        count += 1
    return count


def _came_back(db: sa.Connection) -> list[int]:
    person, key = persons.for_(Duty.RIGHTS).c, subject_keys.c
    ask = (
        sa.select(person.number)
        .join(subject_keys, key.person == person.number)
        .where(key.wrapped == b"", person.external_id.not_like(f"{ERASED}%"))
    )
    return [int(number) for number in db.execute(ask).scalars()]
