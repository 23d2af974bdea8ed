"""Where behaviour goes that memory would not hold: a folder of one training, gone when that ends, however it ends."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from zhanggui.kernel.ids import new_id
from zhanggui.recommend.engines.choosing import Split, cut_last
from zhanggui.recommend.engines.interactions import Interactions
from zhanggui.recommend.engines.mapped import BLOCK, map_interactions, map_where

Rows = dict[str, NDArray[Any]]
ROW_BYTES = 100
"""Of one event while it is gathered and sorted in memory: its columns twice, and their order."""
SHARE_OF_MEMORY = 0.25
"""Of what a training may take, that behaviour may take in memory; learning from it needs the rest."""


@dataclass(slots=True, kw_only=True)
class SortingFolder:
    """What one training may put on disk; nothing is made before something is put there.

    Attributes:
        folder: of all trainings of a shop.
        most_rows: events that may stand in memory.
    """

    folder: Path
    most_rows: int
    _own: Path | None = field(init=False, default=None)
    _held: int = field(init=False, default=-1)

    def mapped(self, batches: Callable[[], Iterable[Rows]], size: int, columns: Sequence[str]) -> Interactions:
        """See `map_interactions`."""
        block = max(1, min(BLOCK, self.most_rows))
        return map_interactions(batches, self._new(), size=size, block=block, columns=columns)

    def without_last(self, events: Interactions, most: int) -> Split:
        """See `hold_out_last`; what is left stands on disk where the events are too many for memory."""
        is_past, occasions = cut_last(events, most=most)
        if len(events) <= self.most_rows:
            return Split(past=events.where(is_past), occasions=occasions)
        return Split(past=map_where(events, is_past, self._new()), occasions=occasions)

    def clear(self) -> None:
        """Remove what was put there."""
        if self._own is not None:
            shutil.rmtree(self._own, ignore_errors=True)
            os.close(self._held)
            self._own, self._held = None, -1
        _remove_if_empty(self.folder)

    def _new(self) -> Path:
        if self._own is None:
            self._own, self._held = _own_folder(self.folder)
        made = self._own / new_id()
        made.mkdir()
        return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbench:
    """The folder of all trainings of a shop, beside its models.

    Args:
        folder: of the models.
        budget_bytes: that a training may take in memory.
    """

    folder: Path
    budget_bytes: int

    @contextmanager
    def sorting(self) -> Iterator[SortingFolder]:
        """A folder for one training; what it leaves is removed at the end, be it an error."""
        self.clear()
        sorting = SortingFolder(folder=self._folder, most_rows=int(self.budget_bytes * SHARE_OF_MEMORY / ROW_BYTES))
        try:
            yield sorting
        finally:
            sorting.clear()

    def clear(self) -> None:
        """Remove what trainings left that were killed. Those that run hold their folders, and keep them."""
        if not self._folder.is_dir():
            return
        for left in self._folder.iterdir():
            if (held := _hold(left)) is not None:
                shutil.rmtree(left, ignore_errors=True)
                os.close(held)
        _remove_if_empty(self._folder)

    @property
    def _folder(self) -> Path:
        return self.folder / "sorting"


def _own_folder(parent: Path) -> tuple[Path, int]:
    """A new folder that this process holds, and the handle by which it does."""
    while True:
        made = parent / new_id()
        made.mkdir(parents=True)
        held = _hold(made)
        if held is not None:
            if made.is_dir():
                return made, held
            os.close(held)  # somebody cleared it up between


def _hold(folder: Path) -> int | None:
    """A handle that holds a folder for this process until it is closed or the process ends; None where another does."""
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def _remove_if_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:
        return
