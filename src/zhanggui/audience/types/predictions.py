"""Predictions of what customers do next, and the models behind them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from zhanggui.kernel.datasheets import Datasheet

Kind = Literal["buy_7", "buy_30", "stay_90", "lifetime", "next_category", "offers"]
"""Models by what they foretell: a purchase within 7, 30 and 90 days (who makes none in 90 counts as lost), coming back
and spending, the category bought from next, and how groups answer to published offers."""
KINDS: tuple[Kind, ...] = ("buy_7", "buy_30", "stay_90", "lifetime", "next_category", "offers")
HORIZONS: dict[Kind, int] = {"buy_7": 7, "buy_30": 30, "stay_90": 90}
LATENT_DAYS = 30
"""Within so many days somebody comes to a category that they never looked at, or does not."""
State = Literal["current", "kept", "refused"]
Basis = Literal["trees", "lifetime"]
"""Whence a chance comes: the learned model, or BG/NBD alone where none serves."""
Refusal = Literal[
    "", "worse_than_recency", "no_better_than_lifetime", "worse_than_present", "miscalibrated", "training_data"
]
CheckCode = Literal["customers", "days", "buyers", "comers_back", "categories", "cases", "lines", "lightgbm"]
PlotName = Literal["orders", "alive", "first_category", "latent"]
"""Orders foretold against orders seen (means, not shares); the chance to be still a customer against buying again; the
chance of the likeliest category against its being the next one; that of
coming to a category never seen against coming."""
Condition = Literal["first_order", "few_orders", "regulars", "away_30", "away_90"]
Notice = Literal["", "has_not_bought", "no_models", "muted"]


class ReliabilityBin(msgspec.Struct, frozen=True, kw_only=True):
    """People with chances alike: the mean chance, the share it came true for, and that share's 95 % interval."""

    people: int
    said: float
    came: float
    low: float
    high: float


class PredictionCard(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a model was made from, how it did on people and days it had not seen, and where it stands.

    Attributes:
        people: whom it learned from: those who allowed training.
        from_day, until_day: the days it learned from, ISO 8601 in the shop's time zone.
        method: how margins become chances.
        bins: of the reliability plot, lowest chances first.
        plots: others: what was foretold against what came, on days that a model made in the same way could not know.
        reason: why it was refused; empty where it was not. `training_data`: its set did not pass, nothing was learned.
        datasheet: what its training set was made of, and which checks that passed.
    """

    id: str
    kind: Kind
    state: State
    at: datetime
    people: int
    rows: int
    from_day: str
    until_day: str
    until_seq: int
    seed: int
    horizon_days: int = 0
    method: str = ""
    parameters: dict[str, float] = {}
    metrics: dict[str, float] = {}
    bins: tuple[ReliabilityBin, ...] = ()
    plots: dict[PlotName, tuple[ReliabilityBin, ...]] = {}
    categories: tuple[str, ...] = ()
    libraries: dict[str, str] = {}
    reason: Refusal = ""
    datasheet: Datasheet | None = None


class DataCheck(msgspec.Struct, frozen=True, kw_only=True):
    """Whether there is enough to learn a kind of model from; `text` says it in words."""

    kind: Kind
    code: CheckCode
    needed: int
    seen: int
    holds: bool
    text: str = ""


class PredictionTraining(msgspec.Struct, frozen=True, kw_only=True):
    """How a training ended: a card for each model that could be made, and what was missing for the others."""

    cards: tuple[PredictionCard, ...]
    checks: tuple[DataCheck, ...]
    seconds: float


class TrainingAsked(msgspec.Struct, frozen=True, kw_only=True):
    """The job that trains; while one waits or runs, asking again answers the same."""

    job: str


class PredictionModels(msgspec.Struct, frozen=True, kw_only=True):
    """All cards, newest first, and what the last training found missing."""

    cards: tuple[PredictionCard, ...]
    checks: tuple[DataCheck, ...]


class PredictionReason(msgspec.Struct, frozen=True, kw_only=True):
    """What moves a prediction most: the column, its value, and by how much it raises (or lowers) it.

    Of chances by trees the effect is in log odds.
    """

    column: str
    value: float
    effect: float
    text: str


class Chance(msgspec.Struct, frozen=True, kw_only=True):
    """The chance of a purchase within so many days, with the strongest reasons first."""

    horizon_days: int
    chance: float
    basis: Basis
    model: str
    reasons: tuple[PredictionReason, ...] = ()


class LifetimeOutlook(msgspec.Struct, frozen=True, kw_only=True):
    """Whether somebody is still a customer, and what is expected in `days`; values in minor units.

    Reasons have effects in the unit of what they are reasons of; they add up to the distance from what is foretold of
    the shop's typical customer.
    """

    alive: float
    days: int
    orders: float
    order_value_minor: int | None
    value_minor: int | None
    alive_reasons: tuple[PredictionReason, ...] = ()
    order_reasons: tuple[PredictionReason, ...] = ()
    value_reasons: tuple[PredictionReason, ...] = ()


class CategoryChance(msgspec.Struct, frozen=True, kw_only=True):
    """The chance that the next purchase is of a category; `key` is its chip, by which it is muted."""

    category: str
    key: str = ""
    chance: float


class LatentInterest(msgspec.Struct, frozen=True, kw_only=True):
    """A category that somebody never looked at: the chance that they come to it within `LATENT_DAYS`, by which
    products.

    `strength`: how many times likelier that is than for others who were never seen in it.
    """

    category: str
    key: str = ""
    chance: float
    strength: float
    because: tuple[str, ...]


class Foretold(msgspec.Struct, frozen=True, kw_only=True):
    """What is foretold of one customer now.

    `churn` is the chance of no purchase in 90 days. Nothing here says how somebody answers to prices or reductions, and
    no price is made of it.
    """

    customer_id: str
    at: datetime
    notice: Notice
    text: str
    purchases: tuple[Chance, ...] = ()
    churn: float | None = None
    lifetime: LifetimeOutlook | None = None
    next_categories: tuple[CategoryChance, ...] = ()
    latent: tuple[LatentInterest, ...] = ()


class OfferGroup(msgspec.Struct, frozen=True, kw_only=True):
    """How a group that anybody can see whether they belong to answers to reduced prices, beside everybody.

    For offers published to all of the group. It holds no person and no price (PIPL art. 24; 电子商务法 art. 18).
    """

    condition: Condition
    people: int
    lines: int
    ratio: float
    low: float
    high: float
    text: str
