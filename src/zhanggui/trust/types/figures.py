"""Figures for analysts: what may be asked, what is answered, what it used up."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

Longs = npt.NDArray[np.int64]
Measure = Literal["orders", "buyers", "sales", "top_products"]
Cut = Literal["none", "category", "gender", "age", "region", "tenure", "segment"]
SharedMeasure = Literal["orders", "buyers", "sales"]
SharedCut = Literal["none", "shop", "gender", "age", "region", "tenure"]
"""What means the same in every shop; goods, categories and segments are each shop's own."""
Method = Literal["differential_privacy", "k_floor"]
CellOf = Literal["named", "all", "other"]
"""What a label stands for: one thing of that name, everything together, or the rest."""

ANALYSTS = "analysts"
"""The audience of everybody who works with the shop's pages: they share one budget; each key has its own."""
MICRO = 1_000_000
"""Budgets are counted in millionths of epsilon, so that sums are exact."""


class AskFigures(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question about many people at once.

    `orders` counts purchases, `buyers` people, `sales` is their worth in minor units, `top_products` ranks goods by
    purchases. `by` cuts them (`segment`: by the shop's kept segments); `group` (`gender=female`, `segment=` and a name)
    asks about the people of one group only.
    """

    measure: Measure = "orders"
    by: Cut = "none"
    group: Annotated[
        str, msgspec.Meta(max_length=128, pattern=r"^(?:(?:gender|age|region|tenure|segment)=.+)?$(?!\n)")
    ] = ""
    days: Literal[7, 28, 90, 365] = 28
    epsilon: Annotated[float, msgspec.Meta(ge=0.01, le=10)] = 0.5


class AskAcross(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question about the people of several shops at once; without `shops`, of all that take part."""

    measure: SharedMeasure = "orders"
    by: SharedCut = "none"
    shops: Annotated[tuple[Annotated[str, msgspec.Meta(max_length=63)], ...], msgspec.Meta(max_length=100)] = ()
    days: Literal[7, 28, 90, 365] = 28
    epsilon: Annotated[float, msgspec.Meta(ge=0.01, le=10)] = 0.5


class FigureRow(msgspec.Struct, frozen=True):
    """One figure; `value` is None where fewer people than the floor stand behind it.

    `group`: of whom a ranked product was bought, where products are cut; else empty. `of` and `group_of`: what the two
    stand for; a shop, a category or a segment may itself be called "all" or "other".
    """

    label: str
    value: int | None
    group: str = ""
    of: CellOf = "named"
    group_of: CellOf = "named"


class BudgetState(msgspec.Struct, frozen=True):
    """How much of its privacy budget an audience has used since the owner last granted one."""

    audience: str
    granted: float
    spent: float
    left: float
    releases: int
    since: datetime | None


class ReleasedFigures(msgspec.Struct, frozen=True):
    """What was released.

    With differential privacy each figure carries noise: it lies within `margin` of the bounded truth in 95 of 100
    cases. Bounded: of each person at most `most_per_person` purchases count, each with at most `most_minor`.
    `least`: a product below it is not ranked, as noise alone gets there in one of 20 answers.
    Without it nothing is noisy: groups of fewer than `floor` people are left out, and figures are rounded.
    """

    method: Method
    rows: tuple[FigureRow, ...]
    epsilon: float
    scale: float
    margin: float
    most_per_person: int
    most_minor: int
    floor: int
    budget: BudgetState
    least: int = 0


class ShopBudget(msgspec.Struct, frozen=True):
    """How a budget stands in one shop."""

    shop: str
    budget: BudgetState


class ReleasedAcross(msgspec.Struct, frozen=True):
    """What was released of several shops together; see `ReleasedFigures`. `most_per_person`: in each shop."""

    method: Method
    rows: tuple[FigureRow, ...]
    shops: tuple[str, ...]
    epsilon: float
    scale: float
    margin: float
    most_per_person: int
    most_minor: int
    floor: int
    budgets: tuple[ShopBudget, ...]


class FigureLimits(msgspec.Struct, frozen=True):
    """What an owner lets analysts have. `budget`: total epsilon of an audience until the owner grants anew."""

    budget: float = 4.0
    floor: int = 10
    most_per_person: int = 10
    most_minor: int = 100_000


class Purchases(NamedTuple):
    """(n,) purchases of people who allow analytics: who, which product, how many minor units."""

    person: Longs
    product: Longs
    minor: Longs
