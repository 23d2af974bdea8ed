"""Cleans what erased people left beside their rows, and then the store's own files. The body of a job.

Whatever it was doing when the process was killed, it does again: each trail may be cleaned twice, and an erasure is
done only after all trails, and the store written anew, in one run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.clock import Clock
from zhanggui.kernel.db import Database
from zhanggui.kernel.persons import KnownPerson
from zhanggui.kernel.privacy import Cipher
from zhanggui.kernel.steps import OnStep
from zhanggui.trust.ports import PersonalTrail
from zhanggui.trust.service.signing import Signer
from zhanggui.trust.tables import persons as tables
from zhanggui.trust.types.persons import Receipt

from . import receipts
from .data_subjects import DataSubjects
from .sealed_subjects import drop_key, open_subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaning:
    """Sees erasures to their end.

    Args:
        trails: as `app/wiring/persons.py` lists them.
        signer: signs receipts anew as they fill.
        again: erases whoever came back with an old backup, first of all.
    """

    db: Database
    clock: Clock
    cipher: Cipher
    subjects: DataSubjects
    trails: Sequence[PersonalTrail]
    signer: Signer | None
    again: Callable[[], object] = lambda: None

    def run(self, on_step: OnStep, should_stop: Callable[[], bool]) -> int:
        """Clean all that is under way; returns how many erasures are done now.

        Raises:
            ZhangguiError: a trail could not end yet, or a reader keeps the store's log; running it again goes on.
        """
        self.again()
        with self.db.read() as db:
            waiting = tables.under_way(db)
        steps, of = 0, len(waiting) * len(self.trails) + 1
        for held in waiting:
            if held.rest is None:  # its trails are clean; a process died before the store was written anew
                continue
            person = self._person(held.id, held.rest)
            for trail in self.trails:
                if should_stop():
                    return 0
                self._note(held.id, trail, trail.clean(person))
                steps += 1
                on_step(steps, of)
        if waiting:
            self._end(waiting)
        on_step(of, of)
        return len(waiting)

    def _note(self, id_: str, trail: PersonalTrail, count: int) -> None:
        if count:
            self._change(id_, lambda receipt: receipts.with_trail(receipt, trail.name, count))

    def _person(self, id_: str, sealed: bytes) -> KnownPerson:
        with self.db.read() as db:
            subject = open_subject(db, self.cipher, id_, sealed)
            names = self.subjects.unique(db, subject.names, subject.person.numbers)
        return msgspec.structs.replace(subject.person, words=(*subject.person.words, *names))

    def _end(self, waiting: Sequence[tables.HeldErasure]) -> None:
        """First what is sealed goes with its key, then the files of the store are written anew, then it counts."""
        for held in waiting:
            self.db.write(lambda db, id_=held.id: _let_go(db, id_))  # type: ignore[misc]
        self.db.scrub()
        done_at = self.clock()
        for held in waiting:
            self._change(
                held.id,
                lambda receipt: msgspec.structs.replace(receipt, state=tables.DONE, done_at=done_at),
                state=tables.DONE,
            )

    def _change(self, id_: str, change: Callable[[Receipt], Receipt], **values: object) -> None:
        def work(db: sa.Connection) -> None:
            found = receipts.kept(db, id_)
            assert found is not None
            fresh = receipts.signed(change(found), self.signer)
            tables.change_erasure(db, id_, receipt=receipts.written(fresh), **values)

        self.db.write(work)


def _let_go(db: sa.Connection, id_: str) -> None:
    tables.change_erasure(db, id_, rest=None)
    drop_key(db, id_)
