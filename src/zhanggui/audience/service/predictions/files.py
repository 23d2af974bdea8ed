"""Models as files, one folder each: written beside, checked, then current by one row. No file holds a person.

`models/audience/<kind>/<id>/{card.json, arrays/*.npy}`: trees and their calibration, parameters of BG/NBD and
Gamma-Gamma, counts of categories. Never a pickle.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from zhanggui.audience.errors import BrokenPrediction
from zhanggui.audience.tables import predictions as tables
from zhanggui.audience.types.predictions import PredictionCard
from zhanggui.kernel.artifacts import read_arrays, write_artifact
from zhanggui.kernel.changes import announce

KEPT = 3
CHANGE = "audience_model"
Arrays = Mapping[str, NDArray[np.generic]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictionFiles:
    """Writes and reads the models of one shop in its folder `models/audience`."""

    folder: Path

    def write(self, card: PredictionCard, arrays: Arrays) -> None:
        """Put a model on disk and read it back; nothing serves it yet.

        Raises:
            BrokenPrediction: what was read back is not what was written.
        """
        write_artifact(self._of(card), arrays, msgspec.json.encode(card))
        read = self.read(card)
        if any(not np.array_equal(array, read[name]) for name, array in arrays.items()):
            raise BrokenPrediction.seen(card.id, "it reads back different from what was written")

    def read(self, card: PredictionCard) -> dict[str, NDArray[np.generic]]:
        """The arrays of a model.

        Raises:
            BrokenPrediction: a file is missing, or is not what was written.
        """
        try:
            return read_arrays(self._of(card))
        except (OSError, ValueError) as error:
            raise BrokenPrediction.seen(card.id, str(error)) from error

    def settle(self, db: sa.Connection, card: PredictionCard) -> None:
        """Let a card stand: a model that passed serves from now on, and the one before it is kept."""
        if card.state == "current":
            for before in tables.models.all(db, card.kind):
                if before.state == "current":
                    tables.models.put(db, msgspec.structs.replace(before, state="kept"))
        tables.models.put(db, card)
        announce(db, CHANGE, [card.kind])

    def prune(self, db: sa.Connection) -> list[Path]:
        """Forget all but the newest few cards of each kind that do not serve; returns the folders that may go."""
        counted: dict[str, int] = {}
        gone = []
        for card in tables.models.all(db):
            counted[card.kind] = counted.get(card.kind, 0) + (card.state != "current")
            if card.state != "current" and counted[card.kind] >= KEPT:
                tables.models.forget(db, card.id)
                gone.append(self._of(card))
        return gone

    def _of(self, card: PredictionCard) -> Path:
        return self.folder / card.kind / card.id


def remove(folders: list[Path]) -> None:
    """Delete the files of models that no card names any more."""
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)
