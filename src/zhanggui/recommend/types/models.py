"""Models as people see them: their cards, and what is done with them."""

from __future__ import annotations

from typing import Literal

import msgspec

from zhanggui.kernel.datasheets import Datasheet
from zhanggui.kernel.ids import Ulid
from zhanggui.kernel.jobs import JobState
from zhanggui.recommend.types.learning import TriedMethod

TAUGHT_BY = "taught by"
"""Under which a card's parameters name the aims that a model learned from."""


class ModelCard(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a model was made from, how it did, and where it stands: `current`, `kept` or `refused`.

    What could not be measured is not among `metrics`, such as a recall where nobody came back.
    Of a model that a person put back into service, `replaced` is the one that served until then, and `held_seq` the
    newest event that any model had counted: nothing learned from no more than that takes its place by itself.
    `tried` are the methods that its neighbour lists were chosen among; empty where a shop has the usual ones.
    `datasheet` is what its training set was made of and which checks that passed.
    """

    id: str
    kind: str
    state: str
    at_ms: int
    rows: int
    people: int
    products: int
    from_ms: int
    until_ms: int
    until_seq: int
    seed: int
    parameters: dict[str, str]
    metrics: dict[str, float]
    libraries: dict[str, str]
    reason: str = ""
    view_seq: int = 0
    replaced: str = ""
    held_seq: int = 0
    tried: tuple[TriedMethod, ...] = ()
    datasheet: Datasheet | None = None

    @property
    def recall(self) -> float | None:
        """Recall@20 of what was left out; None where nobody came back, so that nothing could be asked."""
        return self.metrics.get("recall@20") if self.metrics.get("occasions") else None

    @property
    def taught_by(self) -> str:
        """Whose aims it learned from; empty for the usual ones."""
        return self.parameters.get(TAUGHT_BY, "")


class StartTraining(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A training; an incremental one takes over the blend, and the content lists where no product was changed."""

    incremental: bool = False


class Training(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How far a training is; `error` says why it failed. Whether its model serves is said by the model's card.

    `ended_ms` is epoch milliseconds UTC, 0 until it has ended.

    `is_joined`, in the answer to who asks for one: it is one that was asked for before and has not ended, which may be
    a full one where an incremental one was asked for.
    """

    id: str
    state: JobState
    steps_done: int = 0
    steps_of: int = 0
    is_stopping: bool = False
    is_joined: bool = False
    error: str = ""
    ended_ms: int = 0


class PutBack(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which kept model shall serve again; the one that served before the present one where none is named."""

    model_id: Ulid | None = None


class ModelChanged(msgspec.Struct, frozen=True, kw_only=True):
    """What the ledger keeps of a model that a person put into service: which served, and which serves."""

    subject: str
    act: Literal["put_back", "undone"]
    before: str
    after: str


class TrainReport(msgspec.Struct, frozen=True, kw_only=True):
    """How a training ended."""

    model: str
    in_service: bool
    summary: str
    metrics: dict[str, float]
    seconds: float
