"""Plans per tier (拉新, 留存, 转化, 唤醒): whom they are for, what is done, what it should bring, how it is judged.

There is no field for a price, a coupon or a discount: whoever is reached sees the prices that everybody sees.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec

from zhanggui.kernel.ids import MerchantId, Ulid

from .segments import Rule

Tier = Literal["acquire", "retain", "convert", "win_back"]
Arm = Literal["reached", "held"]
PlanChannel = Literal["app", "wechat", "sms", "email"]
PlanOutlet = Literal["by-hand", "file", "webhook"]
ShelfPlace = Literal["home", "nowhere"]
Ending = Literal["judged", "undone", "replaced"]
PlanState = Literal["none", "takes_in", "counts", "judged", "undone"]
TIERS: tuple[Tier, ...] = ("acquire", "retain", "convert", "win_back")
CHANNELS: tuple[PlanChannel, ...] = ("app", "wechat", "sms", "email")
SHELVES: tuple[ShelfPlace, ...] = ("home", "nowhere")
OUTLETS: tuple[PlanOutlet, ...] = ("by-hand", "file", "webhook")
MOST_GOODS = 6
Minor = Annotated[int, msgspec.Meta(ge=0, le=10**9)]


class PlanTerms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a plan does.

    Attributes:
        rule: whom it is for, in the language of segments.
        channel: by which way they are written to; only who agreed to marketing by it.
        outlet: by which way the list leaves the shop.
        words: what they are told; the same for all of them.
        goods: what they are shown, at everybody's price.
        shelf: where those who are reached see the goods too, for their days: on the first page of the shop's own pages.
        days: so long people are taken in.
        within_days: so long after that each person's purchases count.
        held_back: the share that is left alone, so that the effect can be seen.
        rest_days: so long nobody who got a message gets another.
        cost_each_minor: what one message costs.
        budget_minor: what all messages may cost; nothing is sent beyond.
    """

    rule: Rule
    channel: PlanChannel
    outlet: PlanOutlet = "by-hand"
    words: Annotated[str, msgspec.Meta(min_length=1, max_length=500, pattern=r"\S")]
    goods: Annotated[tuple[MerchantId, ...], msgspec.Meta(max_length=MOST_GOODS)] = ()
    shelf: ShelfPlace = "nowhere"
    days: Annotated[int, msgspec.Meta(ge=1, le=90)] = 14
    within_days: Annotated[int, msgspec.Meta(ge=7, le=90)] = 30
    held_back: Annotated[float, msgspec.Meta(ge=0, le=0.5)] = 0.2
    rest_days: Annotated[int, msgspec.Meta(ge=0, le=365)] = 30
    cost_each_minor: Minor = 0
    budget_minor: Minor = 0
    currency: Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{3}$(?!\n)")] = "CNY"


class RunPlan(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Run a plan for a tier, in place of one that runs; in an inverse without `terms`: run none.

    `run` names this run: control and reached are drawn anew for each. `started_ms` only in an inverse: since when.
    """

    run: Ulid
    terms: PlanTerms | None = None
    started_ms: Annotated[int, msgspec.Meta(ge=0, le=2**53)] | None = None


class RunningPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A plan that runs."""

    run: str
    terms: PlanTerms
    started_ms: int


class PastCase(msgspec.Struct, frozen=True, kw_only=True):
    """What those did who stood where the tier stands, `days` ago, left to themselves.

    Attributes:
        people: who stood there, of those who allow analytics.
        buyers: of them, who bought in the days since.
        value_minor: what these spent.
    """

    days: int
    people: int
    buyers: int
    value_minor: int


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """A tier as it was last looked at; counts of people, nobody by name.

    Attributes:
        reach: by channel, who may be written to now: consent, no pause, no open contest, nothing sent lately.
        floor: fewer people than this are never counted out, nor written to.
        is_sample: whether the shop is larger than what was looked at.
        goods: what buyers of the tier took, most buyers first.
    """

    tier: Tier
    rule: str
    at: datetime
    reach: dict[PlanChannel, int]
    floor: int
    is_sample: bool = False
    past: PastCase | None = None
    goods: tuple[str, ...] = ()


class ArmResult(msgspec.Struct, frozen=True, kw_only=True):
    """One arm of a run that is over."""

    people: int
    buyers: int


class PlanResult(msgspec.Struct, frozen=True, kw_only=True):
    """What a run brought: the difference between the two arms' shares of buyers, with its 95 % interval.

    Fewer than the floor in one of them: nothing is told, and both are None. So they are where the run was undone or
    replaced before its day: it is not judged, and `ended` says why.
    """

    run: str
    tier: Tier
    at: datetime
    channel: PlanChannel
    ended: Ending = "judged"
    reached: ArmResult | None = None
    held: ArmResult | None = None
    gain: float = 0.0
    low: float = 0.0
    high: float = 0.0


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """People who were reached together; never fewer than the floor when they were chosen, None where they are now."""

    number: int
    at: datetime
    people: int | None


class TierPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A tier: how many may be reached (None below the floor), the plan that runs, what earlier ones brought.

    Attributes:
        state: the plan `takes_in` people, `counts` what they do after that, was `judged`; or was `undone` before its
            day, after people were taken in, so that nothing is judged.
    """

    tier: Tier
    state: PlanState = "none"
    rule: str
    reach: dict[PlanChannel, int | None] = {}
    seen_at: datetime | None = None
    running: RunningPlan | None = None
    ends_at: datetime | None = None
    judged_at: datetime | None = None
    batches: tuple[Batch, ...] = ()
    results: tuple[PlanResult, ...] = ()


class PlanGoods(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody who was reached is shown on a shelf."""

    run: str
    tier: Tier
    goods: tuple[str, ...]


class Enrolled(msgspec.Struct, frozen=True, kw_only=True):
    """How many a run took in now; 0 where fewer than the floor waited."""

    run: str
    reached: int = 0
    held: int = 0
