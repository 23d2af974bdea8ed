"""The training set of predictions at the gate: how it is shown, and what becomes of a training that may not be.

All models of predictions learn from one set: what customers who allow it did. It is looked at once, and each card
carries what was found.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from zhanggui.audience.engines.propensity.acts import Act
from zhanggui.audience.types.predictions import KINDS, PredictionCard
from zhanggui.kernel.datasheets import DataGate, Datasheet, TrainingData
from zhanggui.shop import CatalogueView

from .basis import Basis
from .reading import Past

KIND = "predictions"
STRENGTHS: Mapping[Act, float] = {Act.PURCHASE: 1.0, Act.CART: 0.5, Act.BROWSE: 0.3, Act.REFUND: -1.0}
_STRENGTH = np.array([STRENGTHS[act] for act in sorted(Act)], dtype=np.float64)


def passed(gate: DataGate, past: Past, view: CatalogueView, *, kind: str = KIND) -> tuple[Past, Datasheet]:
    """(what may be learned from, what the gate found)."""
    acts = past.acts
    order = np.lexsort((acts.product, past.at_ms, acts.person))
    sheet, kept = gate.check(
        TrainingData(
            kind=kind,
            person=acts.person[order],
            product=acts.product[order],
            at_ms=past.at_ms[order],
            strength=_STRENGTH[acts.act[order]],
            texts=view.learned_texts(range(view.size)),
            withheld=view.withheld(range(view.size)),
            names=dict(enumerate(view.ids)),
        )
    )
    if kept.all():
        return past, sheet
    chosen = np.zeros(len(order), dtype=np.bool_)
    chosen[order[kept]] = True
    return _where(past, chosen), sheet


def refused_cards(basis: Basis) -> tuple[PredictionCard, ...]:
    """A card for each model that was not learned; those that serve go on."""
    return tuple(basis.card(kind, rows=0, state="refused", reason="training_data") for kind in KINDS)


def _where(past: Past, chosen: NDArray[np.bool_]) -> Past:
    return dataclasses.replace(
        past, acts=past.acts.where(chosen), quantity=past.quantity[chosen], at_ms=past.at_ms[chosen]
    )
