"""Taking a whole import back: what it brought goes, what it changed gets back what stood before.

The way back goes over the changes that the import noted, the last one first, some hundred a commit, each commit with
how far it got: a work that is killed is simply begun again. What was changed since, or is used by what came later,
stays as it is and is counted. At the end the files of the archive are written without the events that it brought.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.clock import DAY_MS, Clock, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.ids import first_id_of
from zhanggui.kernel.jobs import JobState, UnknownJob, enqueue, find_job
from zhanggui.kernel.privacy import Cipher
from zhanggui.kernel.steps import OnStep, quiet
from zhanggui.shop.importers.errors import ImportKeptNot, ImportRuns, UnknownImport
from zhanggui.shop.ports import Record, Unlearning
from zhanggui.shop.tables import import_changes as changes
from zhanggui.shop.tables import import_undos as tables
from zhanggui.shop.tables.import_changes import Marks
from zhanggui.shop.tables.imports import import_record
from zhanggui.shop.tables.noted import Part, events_in
from zhanggui.shop.tables.unnamed import drop_unnamed
from zhanggui.shop.tables.visits import forget_visits
from zhanggui.shop.types.undoing import ImportUndo

from .archive import Archive
from .undo_applying import Applying
from .undo_counting import by_part, counted, portion, said, with_events
from .undo_verdicts import verdict_of
from .uploads import IMPORT
from .visits import Visits

UNDO = "shop.undo_import"
KEPT_DAYS = 90
"""Days for which what imports changed is kept."""
AT_ONCE = 500
DROPPED_AT_ONCE = 5_000


class UndoImport(msgspec.Struct, frozen=True):
    """Take an import back."""

    import_id: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportUndoing:
    """Takes imports back.

    Args:
        record: where it is written down who did it.
        unlearning: drops what was gathered from events that go.
    """

    db: Database
    clock: Clock
    cipher: Cipher
    archive: Archive
    visits: Visits
    record: Record
    unlearning: Unlearning

    def look(self, import_id: str) -> ImportUndo:
        """What taking an import back would do now, or did; nothing is changed.

        Raises:
            UnknownImport: there is none of that id.
            ImportKeptNot: what stood before it is not kept any more.
            ImportRuns: it has not ended yet.
        """
        with self.db.read() as db:
            begun = tables.undo_of(db, import_id)
            if begun is not None:
                return begun
            marks, found = self._marks(db, import_id), ImportUndo(import_id=import_id)
            below: int | None = None
            while some := portion(changes.last_changes(db, import_id, AT_ONCE, below)):
                below = some[-1].place
                for part, theirs in by_part(some):
                    if part is Part.EVENTS:
                        found = with_events(found, theirs, sum(events_in(one.spans) for one in theirs))
                    else:
                        found = counted(found, verdict_of(db, import_id, marks, part, theirs))
        return found

    def standing(self, import_id: str) -> ImportUndo | None:
        """How far taking an import back is; None where nobody asked for it."""
        with self.db.read() as db:
            return tables.undo_of(db, import_id)

    def ask(self, import_id: str, by: str) -> ImportUndo:
        """Have an import taken back by a job; asked twice it is done once.

        Raises:
            UnknownImport, ImportKeptNot, ImportRuns: as for `look`.
        """
        begun = self._begun(import_id, by)
        if not begun.is_done:
            ask = UndoImport(import_id, begun.by)
            self.db.write(lambda db: enqueue(db, UNDO, ask, dedupe_key=import_id))
        return begun

    def take_back(self, import_id: str, by: str, on_step: OnStep = quiet) -> ImportUndo:
        """Take an import back, or go on with it; once it is done nothing more happens.

        Args:
            import_id: of the import.
            by: the person in charge, as the ledger names them.
            on_step: hears how many changes are dealt with, and how many there are.

        Raises:
            UnknownImport, ImportKeptNot, ImportRuns: as for `look`.
        """
        undo = self._begun(import_id, by)
        if undo.is_done:
            return undo
        with self.db.read() as db:
            of = changes.count_changes(db, import_id)
        done = 0
        while some := self.db.write(lambda db: self._some_back(db, import_id)):
            done += some
            on_step(done, of)
        with self.db.read() as db:
            spans = tables.spans_of(db, import_id)
        if len(spans):
            self.archive.forget_events(spans, self._unlearn)
            self.db.write(self._anew)
        while self.db.write(lambda db: _some_people_gone(db, import_id)):
            continue
        undo = self.db.write(lambda db: self._ended(db, import_id))
        if len(spans):
            self.visits.count()
        return undo

    def drop_old(self) -> int:
        """Forget what stood before imports that are over 90 days old; returns how many changes."""
        oldest = first_id_of(to_ms(self.clock()) - KEPT_DAYS * DAY_MS)
        dropped = 0
        while count := self.db.write(lambda db: changes.drop_old_changes(db, oldest, DROPPED_AT_ONCE)):
            dropped += count
        return dropped

    def undone(self, import_ids: Collection[str]) -> set[str]:
        """Those of some imports that were taken back."""
        with self.db.read() as db:
            return tables.undone_among(db, import_ids)

    def _begun(self, import_id: str, by: str) -> ImportUndo:
        def begin(db: sa.Connection) -> ImportUndo:
            held = tables.hold_undo(db, import_id)
            if held is not None:
                return held
            self._marks(db, import_id)
            undo = ImportUndo(import_id=import_id, at_ms=to_ms(self.clock()), by=by)
            tables.begin_undo(db, undo)
            self.record.append(db, "import.undo_begun", said(db, undo), by, about=f"import:{import_id}")
            return undo

        return self.db.write(begin)

    def _marks(self, db: sa.Connection, import_id: str) -> Marks:
        record, marks = import_record(db, import_id), changes.marks_of(db, import_id)
        if _is_running(db, import_id):
            raise ImportRuns(
                f"Import {import_id!r} is still running.", hint="Wait for its end, or cancel it; then take it back."
            )
        if marks is not None:
            return marks
        if record is None:
            raise UnknownImport(f"No import has the id {import_id!r}.", hint="List them with GET /v1/SHOP/imports.")
        if record.created + record.updated and not record.dry_run:
            raise ImportKeptNot(
                f"What stood before import {import_id!r} is not kept any more.",
                hint=f"It is kept for {KEPT_DAYS} days. Import a corrected file over it, or restore a backup.",
            )
        return Marks({}, 0)

    def _some_back(self, db: sa.Connection, import_id: str) -> int:
        """Deal with the last changes that are left; returns how many, 0 at the end."""
        undo = tables.hold_undo(db, import_id)
        marks = changes.marks_of(db, import_id)
        some = portion(changes.last_changes(db, import_id, AT_ONCE))
        if undo is None or undo.is_done or marks is None or not some:
            return 0
        applying = Applying(cipher=self.cipher, unlearning=self.unlearning)
        for part, theirs in by_part(some):
            if part is Part.EVENTS:
                undo = with_events(undo, theirs, applying.forget_events(db, import_id, theirs))
                continue
            verdict = verdict_of(db, import_id, marks, part, theirs)
            undo = counted(undo, verdict)
            applying.apply(db, import_id, verdict)
        changes.drop_changes(db, import_id, [change.place for change in some])
        tables.set_undo(db, undo)
        return len(some)

    def _unlearn(self, persons: Sequence[int]) -> None:
        self.db.write(lambda db: self.unlearning.unlearn(db, persons))

    def _anew(self, db: sa.Connection) -> None:
        """Let everything that was counted from the history be counted from what is left of it."""
        forget_visits(db)
        self.unlearning.learn_anew(db)

    def _ended(self, db: sa.Connection, import_id: str) -> ImportUndo:
        undo = tables.hold_undo(db, import_id)
        assert undo is not None  # whoever ends it has begun it
        if undo.is_done:
            return undo
        ended = msgspec.structs.replace(undo, is_done=True, done_ms=to_ms(self.clock()))
        tables.set_undo(db, ended)
        tables.drop_spans(db, import_id)
        changes.drop_marks(db, import_id)
        self.record.append(db, "import.undone", said(db, ended), ended.by, about=f"import:{import_id}")
        return ended


def _some_people_gone(db: sa.Connection, import_id: str) -> int:
    """Forget people whom nothing names any more; returns how many slices of them were looked at."""
    some = changes.new_persons(db, import_id, 1)
    for change in some:
        drop_unnamed(db, change.numbers())
        changes.drop_changes(db, import_id, [change.place])
    return len(some)


def _is_running(db: sa.Connection, import_id: str) -> bool:
    try:
        job = find_job(db, import_id)
    except UnknownJob:
        return False
    return job.kind == IMPORT and job.state in {JobState.WAITING, JobState.RUNNING}
