"""What crosses the door about how models do over time."""

from __future__ import annotations

from typing import Literal

import msgspec

from .models import ModelCard

Drifted = Literal["categories", "clicks", "purchases"]


class ServedDay(msgspec.Struct, frozen=True, kw_only=True):
    """One day of the shop: lists served to people who may be counted, and how many of them were taken up.

    A list was taken up when its shopper clicked, or bought, one of its products within a day. Lists of less than a day
    ago are left out.
    """

    day: str
    lists: int
    clicked: int
    bought: int


class TrainedModel(msgspec.Struct, frozen=True, kw_only=True):
    """How a model did on the sessions it was judged on, with a 95 % interval; None where there were no sessions."""

    id: str
    at_ms: int
    state: str
    recall: float | None
    low: float | None
    high: float | None
    popular: float | None
    occasions: int


class Drift(msgspec.Struct, frozen=True, kw_only=True):
    """What departs in the last 7 days from the 28 before: `before` and `now` are shares.

    Of `categories` they are of the category that gained most, `category`, and `strength` is the stability index; else
    `strength` is the number of standard errors of the fall.
    """

    what: Drifted
    strength: float
    limit: float
    before: float
    now: float
    category: str = ""


class ModelQuality(msgspec.Struct, frozen=True, kw_only=True):
    """The last 35 days of what was served, the models, newest first, and what departs.

    `uncounted` are lists of strangers, and of those who may not be counted.
    """

    days: tuple[ServedDay, ...]
    models: tuple[TrainedModel, ...]
    drifts: tuple[Drift, ...]
    uncounted: int


class ModelStanding(msgspec.Struct, frozen=True, kw_only=True):
    """How the model that serves stands: when it was trained, whether that is too long ago, and what departs since."""

    model: str
    trained_ms: int
    is_old: bool
    drifts: tuple[Drift, ...]


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """Two models for the same shoppers at the same moment.

    `differ` is how many of the first `places` hold another product, `shared` how many products are in both lists
    wherever they stand: means over `shoppers`, None where nobody was shown a list; `alike` shoppers would see the very
    same list. `is_repeated`: two trainings from the same events by the same seed and libraries came to the very
    same arrays, so that their lists are equal by right; a model held against itself repeats nothing.
    """

    first: ModelCard
    second: ModelCard
    shoppers: int
    places: int
    differ: float | None
    shared: float | None
    alike: int
    is_repeated: bool = False
