"""The recommender's training set at the gate: how it is shown, and what becomes of a training that may not be."""

from __future__ import annotations

from zhanggui.kernel.datasheets import DataGate, Datasheet
from zhanggui.kernel.ids import new_id
from zhanggui.recommend.engines.interactions import Interactions
from zhanggui.recommend.service.model_store import KIND
from zhanggui.recommend.service.training_data import as_data
from zhanggui.recommend.types.models import ModelCard
from zhanggui.shop import CatalogueView

REFUSED = "data:"
"""A card's reason begins so where its training set did not pass; the name of the check follows."""


def passed(
    gate: DataGate, events: Interactions, view: CatalogueView, *, kind: str = KIND
) -> tuple[Interactions, Datasheet]:
    """(the events that may be learned from, what the gate found)."""
    sheet, kept = gate.check(as_data(kind, events, view))
    return (events if kept.all() else events.where(kept)), sheet


def refused_card(sheet: Datasheet, view: CatalogueView, until_seq: int, seed: int) -> ModelCard:
    """The card of a training that was stopped: nothing was learned."""
    return ModelCard(
        id=new_id(),
        kind=KIND,
        state="refused",
        at_ms=sheet.at_ms,
        rows=sheet.rows,
        people=sheet.people,
        products=view.products,
        from_ms=sheet.from_ms,
        until_ms=sheet.until_ms,
        until_seq=until_seq,
        view_seq=view.seq,
        seed=seed,
        parameters={},
        metrics={},
        libraries={},
        reason=f"{REFUSED}{sheet.reason}",
        datasheet=sheet,
    )
