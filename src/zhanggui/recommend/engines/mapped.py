"""More behaviour than memory holds: sorted block of people by block of people on disk, and mapped from there.

Batches are dealt out to files of neighbouring people; each file is sorted by itself and appended to the columns. At no
time more than one batch and one block are held. What is mapped is read as any other behaviour; the system keeps in
memory what it has room for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from .interactions import Interactions

BLOCK = 4_000_000
"""Rows that are sorted at once."""
_AT_ONCE = 1_000_000
"""Rows that are chosen at once."""
_ROW = {"person": "<i8", "at_ms": "<i8", "product": "<i4", "strength": "<f4", "is_purchase": "?"}
_FURTHER = {"worth": "<f4", "context": "u1"}
_SESSION = {"session": "<i4"}


def map_interactions(
    batches: Callable[[], Iterable[dict[str, NDArray[Any]]]],
    folder: Path,
    *,
    size: int,
    block: int = BLOCK,
    columns: Sequence[str] = (),
) -> Interactions:
    """Behaviour whose columns are files of `folder`, which must outlive it; the same rows as `Interactions.of`.

    Args:
        batches: gives all rows, twice: columns `person`, `product`, `at_ms`, `strength`, `is_purchase` of equal length.
        folder: where the files are put; empty before.
        size: largest product number + 1.
        block: rows that may be sorted at once; a person with more is sorted whole all the same.
        columns: of the batches, where `worth` or `context` are among them.
    """
    further = [(name, kind) for name, kind in _FURTHER.items() if name in columns]
    row = np.dtype([*_ROW.items(), *further], align=False)
    bounds = _bounds(batches(), block)
    spills = [_file(folder, f"spill-{n}") for n in range(len(bounds) + 1)]
    _deal(batches(), bounds, spills, row)
    sessions = 0
    with _Columns(folder, [*(row.names or ()), *_SESSION]) as files:
        for spill in spills:
            rows = np.fromfile(spill, dtype=row)
            spill.unlink()
            part = Interactions.of(**{name: rows[name] for name in row.names or ()}, size=size)
            del rows
            files.add(part, sessions)
            sessions += int(part.session[-1]) + 1 if len(part) else 0
    return files.mapped(size)


def map_where(events: Interactions, kept: NDArray[np.bool_], folder: Path) -> Interactions:
    """The rows of `kept` (n,), as `Interactions.where` gives them, as files of `folder`, which must outlive them."""
    names = [name for name in (*_ROW, *_FURTHER, *_SESSION) if getattr(events, name) is not None]
    with _Columns(folder, names) as files:
        for first in range(0, len(events), _AT_ONCE):
            rows = slice(first, first + _AT_ONCE)
            for name in names:
                files.write(name, getattr(events, name)[rows][kept[rows]])
    return files.mapped(events.size)


class _Columns:
    """Files that grow by rows, and are mapped once they are whole."""

    def __init__(self, folder: Path, names: Sequence[str]) -> None:
        self._folder, self._names = folder, names
        self._open = ExitStack()

    def __enter__(self) -> Self:
        self._files = {name: self._open.enter_context(_file(self._folder, name).open("wb")) for name in self._names}
        return self

    def __exit__(self, *_raised: object) -> None:
        self._open.close()

    def add(self, part: Interactions, sessions: int) -> None:
        """All rows of a part, whose sessions begin at a number."""
        for name in self._names:
            column = getattr(part, name)
            self.write(name, column + np.int32(sessions) if name == "session" else column)

    def write(self, name: str, column: NDArray[Any]) -> None:
        """The next rows of a column."""
        column.tofile(self._files[name])

    def mapped(self, size: int) -> Interactions:
        """What was written."""
        kinds = _ROW | _FURTHER | _SESSION
        return Interactions(
            **{name: _mapped(_file(self._folder, name), kinds[name]) for name in self._names}, size=size
        )


def _bounds(batches: Iterable[dict[str, NDArray[Any]]], block: int) -> NDArray[np.int64]:
    """People at which blocks of about equally many rows begin, but for the first."""
    people, counts = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    for batch in batches:
        seen, rows = np.unique(batch["person"], return_counts=True)
        everybody = np.union1d(people, seen)
        summed = np.zeros(len(everybody), dtype=np.int64)
        summed[np.searchsorted(everybody, people)] += counts
        summed[np.searchsorted(everybody, seen)] += rows
        people, counts = everybody, summed
    ends = np.cumsum(counts)
    blocks = np.arange(block, int(ends[-1]) if len(ends) else 0, block)
    return np.unique(people[np.searchsorted(ends, blocks)])


def _deal(
    batches: Iterable[dict[str, NDArray[Any]]], bounds: NDArray[np.int64], spills: list[Path], row: np.dtype[Any]
) -> None:
    with ExitStack() as open_files:
        files = [open_files.enter_context(spill.open("wb")) for spill in spills]
        for batch in batches:
            rows = np.empty(len(batch["person"]), dtype=row)
            for name in row.names or ():
                rows[name] = batch[name]
            place = np.searchsorted(bounds, rows["person"], side="right")
            order = np.argsort(place, kind="stable")
            ends = np.searchsorted(place[order], np.arange(len(spills) + 1))
            for n, file in enumerate(files):
                rows[order[ends[n] : ends[n + 1]]].tofile(file)


def _file(folder: Path, name: str) -> Path:
    """Its name ends as that of what passes, which no backup takes."""
    return folder / f"{name}.tmp"


def _mapped(file: Path, kind: Any) -> NDArray[Any]:
    if file.stat().st_size == 0:
        return np.zeros(0, dtype=kind)
    return np.memmap(file, dtype=kind, mode="c").view(np.ndarray)
