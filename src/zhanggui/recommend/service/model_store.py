"""Models as files: written beside, fsynced, checked, then current by one row; three are kept."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import msgspec
import numpy as np
import sqlalchemy as sa

from zhanggui.kernel.artifacts import save_array, sync_folders, write_artifact
from zhanggui.kernel.changes import announce
from zhanggui.kernel.db import Database
from zhanggui.recommend.engines.model import ARRAYS, LATER_ARRAYS, RankModel, arrays_of, model_of
from zhanggui.recommend.errors import BrokenModel
from zhanggui.recommend.tables import models as model_tables
from zhanggui.recommend.types.models import ModelCard

KIND = "recommend"
KEPT = 3


class ModelSource(Protocol):
    """Where a model is loaded from."""

    def load(self, card: ModelCard) -> RankModel | None:
        """The model of a card; None where answers are to go on without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelStore:
    """Writes and maps the models of one shop.

    Args:
        db: the shop's store.
        folder: holds `recommend/<id>/{card.json, items.npy, arrays/*.npy}`.
    """

    db: Database
    folder: Path

    def write(self, model: RankModel, card: ModelCard) -> None:
        """Put the files on disk, and read them back; nothing serves them yet.

        Raises:
            BrokenModel: what was read back is not what was written.
        """
        made = self._folder(card.id)
        write_artifact(made, arrays_of(model), msgspec.json.encode(card))
        save_array(made / "items.npy", np.flatnonzero(model.is_known).astype(np.int64))
        sync_folders(made)
        read = arrays_of(self.load(card))
        if any(not np.array_equal(array, read[name]) for name, array in arrays_of(model).items()):
            raise BrokenModel(f"Model {card.id} reads back different from what was written.", hint="Check the disk.")

    def are_same(self, first: ModelCard, second: ModelCard) -> bool:
        """Whether two models hold the very same arrays.

        Raises:
            BrokenModel: a file is missing or is not what its card says.
        """
        one, other = self.load(first), self.load(second)
        mine, theirs = arrays_of(one), arrays_of(other)
        return (
            mine.keys() == theirs.keys()
            and np.array_equal(one.is_known, other.is_known)
            and all(np.array_equal(array, theirs[name]) for name, array in mine.items())
        )

    def load(self, card: ModelCard) -> RankModel:
        """Map a model; all processes share its pages.

        Raises:
            BrokenModel: a file is missing or is not what the card says.
        """
        folder = self._folder(card.id)
        try:
            # "c": private pages only where somebody writes, and nobody does; compiled loops want writable arrays.
            paths = {name: folder / "arrays" / f"{name}.npy" for name in (*ARRAYS, *LATER_ARRAYS)}
            arrays = {
                name: np.load(path, mmap_mode="c").view(np.ndarray)
                for name, path in paths.items()
                if name in ARRAYS or path.exists()
            }
            items = np.load(folder / "items.npy")
        except (OSError, ValueError) as error:
            raise _broken(card, str(error)) from error
        size = len(arrays["repeat_rate"])
        if len(items) and (items.min() < 1 or items.max() >= size):
            raise _broken(card, "it names products that it has no rows for")
        is_known = np.zeros(size, dtype=np.bool_)
        is_known[items] = True
        try:
            return model_of(
                card.id,
                arrays,
                is_known=is_known,
                start_ms=card.until_ms,
                until_seq=card.until_seq,
                view_seq=card.view_seq,
            )
        except ValueError as error:
            raise _broken(card, str(error)) from error

    def enter(self, db: sa.Connection, card: ModelCard) -> None:
        """Let a model serve, in the caller's transaction; the one before is kept."""
        before = model_tables.current_model(db, KIND)
        if before is not None and before.id != card.id:
            model_tables.models.put(db, msgspec.structs.replace(before, state="kept", replaced="", held_seq=0))
        model_tables.models.put(db, msgspec.structs.replace(card, state="current"))
        announce(db, "model", [card.id])

    def settle(self, db: sa.Connection, card: ModelCard, *, by_hand: bool) -> ModelCard:
        """Put a trained model where it belongs: into service, or beside it where its checks failed.

        Where a person put an earlier one back, it enters only with newer events, or when a person asked for it.
        """
        present = model_tables.current_model(db, KIND)
        is_held = present is not None and not by_hand and card.until_seq <= present.held_seq
        if card.reason or is_held:
            settled = msgspec.structs.replace(card, state="refused" if card.reason else "kept")
            model_tables.models.put(db, settled)
            return settled
        self.enter(db, card)
        return msgspec.structs.replace(card, state="current")

    def prune(self) -> None:
        """Delete all but the current model and the two newest others; refused ones keep their cards only."""

        def work(db: sa.Connection) -> list[str]:
            cards = model_tables.models.all(db, KIND)
            kept = [card for card in cards if card.state == "kept"][: KEPT - 1]
            gone = [card.id for card in cards if card.state == "kept" and card not in kept]
            for id_ in gone:
                model_tables.models.forget(db, id_)
            return [card.id for card in cards if card.state != "refused" and card.id not in gone]

        stay = set(self.db.write(work))
        root = self.folder / KIND
        for old in root.iterdir() if root.is_dir() else ():
            if old.name not in stay and old.name < max(stay, default=""):  # a younger one is being written
                shutil.rmtree(old, ignore_errors=True)

    def _folder(self, id_: str) -> Path:
        return self.folder / KIND / id_


def _broken(card: ModelCard, why: str) -> BrokenModel:
    return BrokenModel(
        f"Model {card.id} cannot be read: {why.rstrip('.')}.", hint="Train anew: zhanggui recommend train SHOP"
    )
