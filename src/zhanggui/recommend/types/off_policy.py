"""What crosses the door about served places: what each led to, and what another way of choosing would have earned."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from zhanggui.kernel.ids import Ulid

Reward = Literal["click", "purchase"]


class AskOutcomes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which places are looked at: of the last `days`, each with what it led to within `hours`."""

    days: Annotated[int, msgspec.Meta(ge=1, le=90)] = 28
    hours: Annotated[int, msgspec.Meta(ge=1, le=168)] = 24
    reward: Reward = "click"


class TargetPlace(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What another way of choosing would do at one place: the chance that it shows the same product there.

    `guess` is what a model expects of what was shown, `guess_target` what it expects of that way at this place; both
    or none.
    """

    list_id: Ulid
    position: Annotated[int, msgspec.Meta(ge=1, le=200)]
    chance: Annotated[float, msgspec.Meta(ge=0, le=1)]
    guess: float | None = None
    guess_target: float | None = None


class AskEstimate(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Another way of choosing, told place by place, to be judged by what was shown."""

    targets: Annotated[tuple[TargetPlace, ...], msgspec.Meta(min_length=1, max_length=100_000)]
    outcomes: AskOutcomes = AskOutcomes()
    most_weight: Annotated[float, msgspec.Meta(ge=1)] = 100.0


class MeanValue(msgspec.Struct, frozen=True):
    """A mean reward of a place with its 95 % interval; None where too little is known for one."""

    value: float
    low: float | None
    high: float | None


class PolicyEstimate(msgspec.Struct, frozen=True, kw_only=True):
    """What was earned, and what the other way would have earned: by inverse propensities, normalised, doubly robust.

    `effective` is how many rows of the other way itself would tell as much; `clipped` the share of rows whose weight
    was cut; `unmatched` the places that were named and are not among those looked at.
    """

    on_policy: MeanValue
    ips: MeanValue
    snips: MeanValue
    dr: MeanValue
    rows: int
    effective: float
    clipped: float
    unmatched: int


class SurfaceOutcomes(msgspec.Struct, frozen=True, kw_only=True):
    """The places of one surface: those that were chosen surely, and those that chance had a say in."""

    surface: str
    sure: int
    sure_reward: MeanValue | None
    chosen_by_chance: int
    chance_reward: MeanValue | None
    seen_unheeded: int


class Outcomes(msgspec.Struct, frozen=True, kw_only=True):
    """What served places led to. `uncounted` lists are of strangers, or of people who may not be counted."""

    surfaces: tuple[SurfaceOutcomes, ...]
    places: int
    lists: int
    uncounted: int
