"""What one training learns from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhanggui.kernel.changes import Change
from zhanggui.kernel.datasheets import Datasheet
from zhanggui.recommend.engines.covisitation import Neighbours
from zhanggui.recommend.engines.graphs.methods import can_learn_again
from zhanggui.recommend.engines.interactions import Interactions
from zhanggui.recommend.engines.model import RankModel
from zhanggui.recommend.engines.passed_over import SeenInLists
from zhanggui.recommend.service.vectors.held import WORDED
from zhanggui.recommend.types.models import ModelCard
from zhanggui.shop import CatalogueView


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What a training learns from.

    Attributes:
        view: the catalogue.
        events: behaviour.
        seen: what was seen in lists.
        until_seq: the newest event of it.
        content: lists of what is alike by its words.
        is_known: (size,) products that have words or events.
        present: the model that serves, with its card; None for none.
        reused: what is taken over from it.
        taught_by: the merchant's aims that what is learned rests on; empty for the defaults.
        sheet: what the gate found of the events; None without a gate.
    """

    view: CatalogueView
    events: Interactions
    seen: SeenInLists
    until_seq: int
    content: Neighbours
    is_known: NDArray[np.bool_]
    present: tuple[RankModel, ModelCard] | None
    reused: tuple[str, ...]
    taught_by: str
    sheet: Datasheet | None = None


def reused_of(
    present: tuple[RankModel, ModelCard] | None, changes: Sequence[Change] | None, taught_by: str, size: int
) -> tuple[str, ...]:
    """What an incremental training takes over: nothing where the merchant's aims differ, or PyTorch is gone.

    Args:
        present: the model that serves; None for none.
        changes: of the shop since it was made; None where they are not known any more.
        taught_by: see `Basis`.
        size: largest product number that is learned from + 1.
    """
    if present is None or present[1].taught_by != taught_by:
        return ()
    if not can_learn_again(present[1].tried):
        return ()
    is_same = changes is not None and not any(change.kind in WORDED for change in changes)
    return ("blend", "content") if is_same and present[0].size == size else ("blend",)
