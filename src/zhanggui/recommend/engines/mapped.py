"""More behaviour than memory holds: sorted block of people by block of people on disk, and mapped from there.

Batches are dealt out to files of neighbouring people; each file is sorted by itself and appended to the columns. At no
time more than one batch and one block are held. What is mapped is read as any other behaviour; the system keeps in
memory what it has room for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .interactions import Interactions

BLOCK = 4_000_000
"""Rows that are sorted at once."""
_ROW = np.dtype(
    [("person", "<i8"), ("at_ms", "<i8"), ("product", "<i4"), ("strength", "<f4"), ("is_purchase", "?")], align=False
)
_COLUMNS = {
    "person": np.int64,
    "product": np.int32,
    "at_ms": np.int64,
    "strength": np.float32,
    "is_purchase": np.bool_,
    "session": np.int32,
}


def map_interactions(
    batches: Callable[[], Iterable[dict[str, NDArray[Any]]]], folder: Path, *, size: int, block: int = BLOCK
) -> Interactions:
    """Behaviour whose columns are files of `folder`, which must outlive it; the same rows as `Interactions.of`.

    Args:
        batches: gives all rows, twice: columns `person`, `product`, `at_ms`, `strength`, `is_purchase` of equal length.
        folder: where the files are put; empty before.
        size: largest product number + 1.
        block: rows that may be sorted at once; a person with more is sorted whole all the same.
    """
    bounds = _bounds(batches(), block)
    spills = [folder / f"spill-{n}" for n in range(len(bounds) + 1)]
    _deal(batches(), bounds, spills)
    sessions = 0
    with ExitStack() as open_files:
        files = {name: open_files.enter_context((folder / name).open("wb")) for name in _COLUMNS}
        for spill in spills:
            rows = np.fromfile(spill, dtype=_ROW)
            spill.unlink()
            part = Interactions.of(**{name: rows[name] for name in rows.dtype.names or ()}, size=size)
            del rows
            for name, file in files.items():
                column = getattr(part, name)
                (column + np.int32(sessions) if name == "session" else column).tofile(file)
            sessions += int(part.session[-1]) + 1 if len(part) else 0
    return Interactions(**{name: _mapped(folder / name, kind) for name, kind in _COLUMNS.items()}, size=size)


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


def _deal(batches: Iterable[dict[str, NDArray[Any]]], bounds: NDArray[np.int64], spills: list[Path]) -> None:
    with ExitStack() as open_files:
        files = [open_files.enter_context(spill.open("wb")) for spill in spills]
        for batch in batches:
            rows = np.empty(len(batch["person"]), dtype=_ROW)
            for name in _ROW.names or ():
                rows[name] = batch[name]
            place = np.searchsorted(bounds, rows["person"], side="right")
            order = np.argsort(place, kind="stable")
            ends = np.searchsorted(place[order], np.arange(len(spills) + 1))
            for n, file in enumerate(files):
                rows[order[ends[n] : ends[n + 1]]].tofile(file)


def _mapped(file: Path, kind: Any) -> NDArray[Any]:
    if file.stat().st_size == 0:
        return np.zeros(0, dtype=kind)
    return np.memmap(file, dtype=kind, mode="c").view(np.ndarray)
