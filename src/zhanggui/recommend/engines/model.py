"""A trained model: arrays only, so that it can be mapped from files and shared by processes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .blend import FEATURES, prior_blend
from .complements import Complements, no_complements
from .covisitation import Neighbours
from .first_stage import Graphs, no_neighbours
from .interactions import Floats
from .ranking.stage import STAGE_ARRAYS, Stage, stage_of

COLD_GAIN = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class RankModel:
    """What training leaves.

    Attributes:
        id: of the model; empty for a shop that was never trained.
        graphs: neighbour lists.
        counts: (size, 3) popularity at `start_ms`.
        start_ms: see `Popularity`.
        repeat_rate: (size,).
        interval_days: (size,) usual time between two purchases of one person; 0 for unknown.
        complements: what goes with a product.
        blend: (15,) weights as in `blend.FEATURES`.
        comeback: (size,) orders a day of a product's buyers after they bought it; 0 for unknown.
        cold_gain: what a unit of content is worth in units of `alike`, for products that the model does not know.
        is_known: (size,) products whose lists it holds.
        until_seq: newest event it has counted.
        view_seq: the change of the catalogue as of which it was made; 0 for unknown.
        stage: what orders the best candidates anew; None: the blend alone orders.
    """

    id: str
    graphs: Graphs
    counts: NDArray[np.float64]
    start_ms: int
    repeat_rate: Floats
    interval_days: Floats
    complements: Complements
    comeback: Floats
    blend: Floats
    cold_gain: float
    is_known: NDArray[np.bool_]
    until_seq: int
    view_seq: int
    stage: Stage | None = None

    @property
    def size(self) -> int:
        """Largest product number it knows + 1."""
        return len(self.is_known)


ARRAYS = (
    "alike_ids",
    "alike_weights",
    "together_ids",
    "together_weights",
    "content_ids",
    "content_weights",
    "counts",
    "repeat_rate",
    "blend",
    "cold_gain",
)
LATER_ARRAYS = (
    "interval_days",
    "comeback",
    "complement_ids",
    "complement_weights",
    "complement_people",
    "buyers",
    *STAGE_ARRAYS,
)
"""What models of earlier versions do not have."""


def arrays_of(model: RankModel) -> dict[str, NDArray[np.generic]]:
    """The arrays of a model by the name of their file; `model_of` puts them together again."""
    graphs = model.graphs
    return {
        "alike_ids": graphs.alike.ids,
        "alike_weights": graphs.alike.weights,
        "together_ids": graphs.together.ids,
        "together_weights": graphs.together.weights,
        "content_ids": graphs.content.ids,
        "content_weights": graphs.content.weights,
        "counts": model.counts,
        "repeat_rate": model.repeat_rate,
        "blend": model.blend,
        "cold_gain": np.array([model.cold_gain]),
        "interval_days": model.interval_days,
        "comeback": model.comeback,
        "complement_ids": model.complements.ids,
        "complement_weights": model.complements.weights,
        "complement_people": model.complements.people,
        "buyers": model.complements.buyers,
        **({} if model.stage is None else model.stage.arrays()),
    }


def model_of(
    id_: str,
    arrays: dict[str, NDArray[np.generic]],
    *,
    is_known: NDArray[np.bool_],
    start_ms: int,
    until_seq: int,
    view_seq: int,
) -> RankModel:
    """A model from the arrays of `arrays_of`; without those that came later it knows nothing of what they say.

    Raises:
        ValueError: its blend weighs other features than those of today; compiled loops would write beyond their rows.
    """
    held: dict[str, Any] = arrays
    size = len(is_known)
    if held["blend"].shape != (len(FEATURES),):
        raise ValueError(f"its blend has the shape {held['blend'].shape}, and {len(FEATURES)} features are weighed")

    def graph(name: str) -> Neighbours:
        return Neighbours(ids=held[f"{name}_ids"], weights=held[f"{name}_weights"])

    return RankModel(
        id=id_,
        graphs=Graphs(alike=graph("alike"), together=graph("together"), content=graph("content")),
        counts=np.asarray(held["counts"], dtype=np.float64),
        start_ms=start_ms,
        repeat_rate=np.asarray(held["repeat_rate"], dtype=np.float32),
        interval_days=np.asarray(held.get("interval_days", np.zeros(size)), dtype=np.float32),
        comeback=np.asarray(held.get("comeback", np.zeros(size)), dtype=np.float32),
        complements=Complements(
            ids=held["complement_ids"],
            weights=held["complement_weights"],
            people=held["complement_people"],
            buyers=held["buyers"],
        )
        if "complement_ids" in held
        else no_complements(size),
        blend=np.asarray(held["blend"], dtype=np.float32),
        cold_gain=float(held["cold_gain"][0]),
        is_known=is_known,
        until_seq=until_seq,
        view_seq=view_seq,
        stage=stage_of(held, size),
    )


def untrained(size: int, start_ms: int) -> RankModel:
    """The model of a shop that was never trained: a plain prior over live content and live trends."""
    return RankModel(
        id="",
        graphs=Graphs(alike=no_neighbours(size), together=no_neighbours(size), content=no_neighbours(size)),
        counts=np.zeros((size, 3)),
        start_ms=start_ms,
        repeat_rate=np.zeros(size, dtype=np.float32),
        interval_days=np.zeros(size, dtype=np.float32),
        complements=no_complements(size),
        comeback=np.zeros(size, dtype=np.float32),
        blend=prior_blend(),
        cold_gain=COLD_GAIN,
        is_known=np.zeros(size, dtype=np.bool_),
        until_seq=0,
        view_seq=0,
    )
