"""How much of an import is dealt with at once, and how what comes of it is counted and told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

import msgspec
import sqlalchemy as sa

from zhanggui.shop.tables.import_changes import Change
from zhanggui.shop.tables.imports import import_record
from zhanggui.shop.tables.noted import Part, events_in
from zhanggui.shop.types.undoing import ImportUndo, KeptBecause, KeptFacts

from .undo_verdicts import Verdict

EVENTS_AT_ONCE = 20_000


class UndoSaid(msgspec.Struct, frozen=True, kw_only=True):
    """What the ledger says of it."""

    import_id: str
    files: tuple[str, ...] = ()
    kind: str = ""
    removed: dict[str, int] = {}
    restored: dict[str, int] = {}
    kept: tuple[KeptFacts, ...] = ()
    events_removed: int = 0


def portion(some: Sequence[Change]) -> list[Change]:
    """As many changes, from the first on, as tell of a bounded number of events."""
    taken, told = list[Change](), 0
    for change in some:
        told += events_in(change.spans)
        if taken and told > EVENTS_AT_ONCE:
            break
        taken.append(change)
    return taken


def by_part(some: Sequence[Change]) -> Iterator[tuple[Part, list[Change]]]:
    """Changes of each part, what was stored last first: facts go before what they name."""
    for part, theirs in groupby(sorted(some, key=lambda change: -change.part), key=lambda change: change.part):
        yield part, list(theirs)


def with_events(undo: ImportUndo, theirs: Sequence[Change], events: int) -> ImportUndo:
    """With events that came by file and go."""
    came = sum(len(change.numbers()) for change in theirs)
    removed = _sum(undo.removed, Part.EVENTS, came)
    return msgspec.structs.replace(undo, removed=removed, events_removed=undo.events_removed + events)


def counted(undo: ImportUndo, verdict: Verdict) -> ImportUndo:
    """With what becomes of some facts."""
    part = verdict.part
    kept = {(one.what, one.because): one.count for one in undo.kept}
    for because, count in verdict.reasons().items():
        kept[_name(part), because] = kept.get((_name(part), because), 0) + count
    return msgspec.structs.replace(
        undo,
        removed=_sum(undo.removed, part, len(verdict.removed)),
        restored=_sum(undo.restored, part, verdict.restored),
        kept=tuple(KeptFacts(what=what, because=KeptBecause(why), count=n) for (what, why), n in sorted(kept.items())),
        events_removed=undo.events_removed + events_in(verdict.spans),
    )


def _sum(counts: dict[str, int], part: Part, more: int) -> dict[str, int]:
    return counts | {_name(part): counts.get(_name(part), 0) + more} if more else counts


def _name(part: Part) -> str:
    return part.name.lower()


def said(db: sa.Connection, undo: ImportUndo) -> UndoSaid:
    """As the ledger writes it down."""
    record = import_record(db, undo.import_id)
    return UndoSaid(
        import_id=undo.import_id,
        files=record.files if record else (),
        kind=record.kind.value if record else "",
        removed=undo.removed,
        restored=undo.restored,
        kept=undo.kept,
        events_removed=undo.events_removed,
    )
