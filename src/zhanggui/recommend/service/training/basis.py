"""What one training learns from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhanggui.kernel.datasheets import Datasheet
from zhanggui.recommend.engines.covisitation import Neighbours
from zhanggui.recommend.engines.interactions import Interactions
from zhanggui.recommend.engines.model import RankModel
from zhanggui.recommend.engines.passed_over import SeenInLists
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
