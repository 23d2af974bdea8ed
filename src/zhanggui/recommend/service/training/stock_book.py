"""What was available on each day, so that a day's sessions are taught with the stock of that day and no later one.

The shop's own tables know the stock of now alone. One file a day keeps a byte for each product; nothing of people.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from zhanggui.kernel.clock import DAY_MS, HOUR_MS
from zhanggui.kernel.durable import whole_file
from zhanggui.recommend.engines.interactions import Floats, Ints
from zhanggui.recommend.engines.ranking.facts import STOCK_STEPS, log_stocks

EVERY_MS = 20 * HOUR_MS
HOLDS_MS = 2 * DAY_MS
"""So long a page tells of the stock; a later moment has none."""
KEPT = 90
"""Pages that are kept, the newest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StockBook:
    """Pages by moment, in a folder beside the models.

    Args:
        folder: theirs.
    """

    folder: Path
    _read: dict[int, Floats] = field(default_factory=dict)

    def keep(self, available: Ints, now_ms: int) -> None:
        """Write a page of what is available, (n,) by product number, unless the last is younger than 20 hours."""
        moments = self._moments()
        if moments and now_ms - moments[-1] < EVERY_MS:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        page = np.round(log_stocks(available) * STOCK_STEPS).astype(np.uint8)
        with whole_file(self._page(now_ms)) as file:
            np.save(file, page, allow_pickle=False)
        for old in moments[: len(moments) + 1 - KEPT]:
            self._page(old).unlink(missing_ok=True)

    def at(self, at_ms: int) -> Floats | None:
        """(n,) log stock, see `log_stocks`, by the last page before a moment; None where none tells of it."""
        before = [moment for moment in self._moments() if at_ms - HOLDS_MS < moment <= at_ms]
        if not before:
            return None
        if before[-1] not in self._read:
            self._read[before[-1]] = self._page_of(before[-1])
        return self._read[before[-1]]

    def _page_of(self, moment: int) -> Floats:
        try:
            page: NDArray[np.uint8] = np.load(self._page(moment), allow_pickle=False)
        except (OSError, ValueError):  # a copy that was cut short tells nothing
            return np.zeros(0, dtype=np.float32)
        return (page / np.float32(STOCK_STEPS)).astype(np.float32)

    def _moments(self) -> list[int]:
        """Of the pages, the oldest first."""
        if not self.folder.is_dir():
            return []
        return sorted(int(page.stem) for page in self.folder.glob("*.npy") if page.stem.isdecimal())

    def _page(self, moment: int) -> Path:
        return self.folder / f"{moment}.npy"
