"""Taking an import back: what comes of it."""

from __future__ import annotations

import enum

import msgspec


class KeptBecause(enum.StrEnum):
    """Why something that an import brought stays."""

    CHANGED = "changed"  # somebody has changed it since
    USED = "used"  # something that came later rests on it


class KeptFacts(msgspec.Struct, frozen=True, kw_only=True):
    """Facts of one kind that stay, and why."""

    what: str
    because: KeptBecause
    count: int


class ImportUndo(msgspec.Struct, frozen=True, kw_only=True):
    """What taking an import back does, or did.

    `removed` and `restored` count facts by kind: those that the import brought and that go, and those that get back
    what stood before. `kept` are those that stay as they are. While `is_done` is false and `at_ms` is 0 nobody has
    asked for it: the counts are what would come of it now.
    """

    import_id: str
    at_ms: int = 0
    by: str = ""  # the person in charge, as the ledger names them
    is_done: bool = False
    done_ms: int = 0
    removed: dict[str, int] = {}
    restored: dict[str, int] = {}
    kept: tuple[KeptFacts, ...] = ()
    events_removed: int = 0  # of the history

    @property
    def is_begun(self) -> bool:
        """Whether somebody has asked for it."""
        return self.at_ms > 0
