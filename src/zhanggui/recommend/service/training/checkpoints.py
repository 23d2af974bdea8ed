"""What a training that was killed need not do again: what the last sessions taught, kept until the model is written."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import msgspec
import numpy as np

from zhanggui.kernel.clock import HOUR_MS
from zhanggui.kernel.durable import whole_file
from zhanggui.recommend.engines.covisitation import Neighbours
from zhanggui.recommend.engines.interactions import Interactions

from .model_check import Learned

FRESH_MS = 6 * HOUR_MS
FORMAT = "2"


class Checkpoint(msgspec.Struct, frozen=True, kw_only=True):
    """How far a training came: numbers alone, nothing of people. `key` names exactly what it had learned from."""

    key: str
    until_seq: int
    at_ms: int
    learned: Learned


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoints:
    """One file beside the models."""

    folder: Path

    def held(self, now_ms: int) -> Checkpoint | None:
        """What a training left that did not end within the last six hours; None for nothing that can be read."""
        try:
            found = msgspec.json.decode(self._path.read_bytes(), type=Checkpoint)
        except (OSError, msgspec.MsgspecError):
            return None
        return found if 0 <= now_ms - found.at_ms < FRESH_MS else None

    def keep(self, reached: Checkpoint) -> None:
        """Write it whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with whole_file(self._path) as file:
            file.write(msgspec.json.encode(reached))

    def forget(self) -> None:
        """The model is written."""
        self._path.unlink(missing_ok=True)

    @property
    def _path(self) -> Path:
        return self.folder / "unfinished.json"


def key_of(events: Interactions, content: Neighbours, *parts: object) -> str:
    """A name for all that a training learns from: equal names give equal models."""
    held = hashlib.blake2b(digest_size=16)
    for array in (events.person, events.product, events.at_ms, events.strength, content.ids, content.weights):
        held.update(np.ascontiguousarray(array).reshape(-1).data)
    held.update("|".join(map(str, (FORMAT, *parts))).encode())
    return held.hexdigest()
