"""Everything that a shop knows, as files or as a stream."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from zhanggui.kernel.db import Database
from zhanggui.kernel.errors import did_you_mean
from zhanggui.kernel.privacy import Cipher, Purpose
from zhanggui.shop.errors import UnknownFormat
from zhanggui.shop.types.base import Fact
from zhanggui.shop.types.exports import ExportedFile, ExportFormat, ExportKind

from .files import lines, write_facts
from .past import past_events
from .sources import TYPES, facts_of

HistoryReader = Callable[[Purpose, datetime | None], Iterator[Any]]
"""Arrow batches of the history since a moment: `History.batches` of this room."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exporter:
    """Exports facts with direct identifiers in clear: it serves the shop itself (`Purpose.SERVICE`) and nobody else.

    All kinds of one export are of one moment: they are read from one snapshot.
    """

    db: Database
    cipher: Cipher
    history: HistoryReader | None = None

    def export(
        self,
        kind: str,
        folder: Path,
        form: str = "jsonl",
        on_step: Callable[[int, int], None] = lambda _done, _of: None,
    ) -> tuple[ExportedFile, ...]:
        """Write one kind, or `all`, into a folder: one file a kind, readable by its owner alone.

        Args:
            kind: of `ExportKind`, or `all`.
            folder: made if need be; files of the same names are replaced.
            form: of `ExportFormat`. JSON lines, CSV and Parquet hold the same.
            on_step: told how many kinds are done, of how many.

        Raises:
            UnknownFormat: there is no such kind or format.
        """
        kinds, chosen = self._kinds(kind), _one_of(ExportFormat, form)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        files: list[ExportedFile] = []
        with self.db.read() as db:
            for done, one in enumerate(kinds):
                on_step(done, len(kinds))
                path = folder / f"{one.value}.{chosen.value}"
                files.append(ExportedFile(one, path, write_facts(path, TYPES[one], self._pages(db, one), chosen)))
        on_step(len(kinds), len(kinds))
        return tuple(files)

    def stream(self, kind: str) -> Iterator[bytes]:
        """One kind as JSON lines, a page at a time.

        Raises:
            UnknownFormat: there is no such kind (raised at once, not at the first page).
        """
        (one,) = self._kinds(_one_of(ExportKind, kind).value)
        return self._streamed(one)

    def _streamed(self, kind: ExportKind) -> Iterator[bytes]:
        with self.db.read() as db:
            yield from lines(self._pages(db, kind))

    def _kinds(self, kind: str) -> tuple[ExportKind, ...]:
        able = tuple(one for one in ExportKind if one is not ExportKind.EVENTS or self.history is not None)
        if kind == "all":
            return able
        wanted = _one_of(ExportKind, kind)
        if wanted not in able:
            raise UnknownFormat("This shop was opened without its history.", hint="Open it with Shop.open.")
        return (wanted,)

    def _pages(self, db: sa.Connection, kind: ExportKind) -> Iterator[list[Fact]]:
        if kind is ExportKind.EVENTS and self.history is not None:
            return past_events(db, self.history(Purpose.SERVICE, None))
        return facts_of(db, self.cipher, kind)


def _one_of(choices: Any, seen: str) -> Any:
    try:
        return choices(seen)
    except ValueError as error:
        known = [choice.value for choice in choices]
        hint = did_you_mean(seen, known, otherwise=f"Choose among {', '.join(known)}.")
        raise UnknownFormat(f"There is no export of {seen!r}.", hint=hint) from error
