"""Behaviour as the gate of training sets looks at it, for whatever in this room learns."""

from __future__ import annotations

from typing import Any, Protocol

from numpy.typing import NDArray

from zhanggui.kernel.datasheets import Datasheet, TrainingData
from zhanggui.recommend.engines.interactions import Ints
from zhanggui.recommend.errors import TrainingStopped
from zhanggui.shop import CatalogueView


class Rows(Protocol):
    """What the gate looks at: columns of one length, sorted by person, then time."""

    @property
    def person(self) -> Ints:
        """Our numbers."""

    @property
    def product(self) -> NDArray[Any]:
        """Product numbers."""

    @property
    def at_ms(self) -> Ints:
        """When."""

    @property
    def strength(self) -> NDArray[Any]:
        """How much a row says for its product."""


def as_data(kind: str, rows: Rows, view: CatalogueView) -> TrainingData:
    """Rows of behaviour with the words of the whole catalogue, as the gate looks at them."""
    return TrainingData(
        kind=kind,
        person=rows.person,
        product=rows.product,
        at_ms=rows.at_ms,
        strength=rows.strength,
        texts=view.learned_texts(range(view.size)),
        withheld=view.withheld(range(view.size)),
        names=dict(enumerate(view.ids)),
    )


def stopped(kind: str, sheet: Datasheet) -> TrainingStopped:
    """The error of a learning whose set did not pass."""
    return TrainingStopped(
        f"Nothing was learned for {kind}: its training set did not pass the check {sheet.reason!r}.",
        hint="What was learned before stays in use. See the datasheets: GET /v1/SHOP/datasheets",
    )
