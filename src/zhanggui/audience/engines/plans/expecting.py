"""What a plan should bring, in money, with an interval: from the shop's own past, and a gain, measured or assumed.

Nothing that was not seen is made up silently: until a run with people held back was judged, the gain is an assumption
and is said to be one.
"""

from __future__ import annotations

from dataclasses import dataclass

from zhanggui.audience.types.plans import PastCase, PlanResult
from zhanggui.kernel.intervals import wilson

from .judging import gain

ASSUMED = (0.0, 0.05, 0.15)
"""By how much a message raises the share of buyers, as a share of itself: low, likely, high."""
LEAST_PEOPLE, LEAST_BUYERS = 30, 10
Z = 1.2816
"""Expected money is told with 80 % intervals."""


@dataclass(frozen=True, slots=True)
class Lift:
    """By how much the share of buyers rises (absolute), and whether that was measured."""

    low: float
    likely: float
    high: float
    is_measured: bool


@dataclass(frozen=True, slots=True)
class Expected:
    """Money, minor units: what purchases bring more, less what the messages cost."""

    low_minor: int
    likely_minor: int
    high_minor: int
    cost_minor: int
    is_measured: bool


def lift_of(past: PastCase, results: list[PlanResult]) -> Lift:
    """The gain of the newest run that could be judged, else the assumption on the share of buyers of the past."""
    for one in results:
        if one.reached is not None and one.held is not None:
            reached, held = one.reached, one.held
            likely, low, high = gain(reached.people, reached.buyers, held.people, held.buyers, z=Z)
            return Lift(low, likely, high, is_measured=True)
    share = past.buyers / past.people
    low, high = wilson(share, past.people, Z)
    return Lift(low * ASSUMED[0], share * ASSUMED[1], high * ASSUMED[2], is_measured=False)


def expected(past: PastCase | None, results: list[PlanResult], reached: int, cost_each_minor: int) -> Expected | None:
    """What reaching so many people should bring; None where the past says too little.

    Args:
        past: of the tier, over as many days as the plan is judged by.
        results: of earlier runs of the tier, newest first.
        reached: how many would be written to.
        cost_each_minor: of one message.
    """
    if past is None or past.people < LEAST_PEOPLE or past.buyers < LEAST_BUYERS:
        return None
    lift, each = lift_of(past, results), past.value_minor / past.buyers
    cost = reached * cost_each_minor
    low, likely, high = (round(reached * part * each) - cost for part in (lift.low, lift.likely, lift.high))
    return Expected(low, likely, high, cost, lift.is_measured)


def reachable(reach: int, held_back: float, cost_each_minor: int, budget_minor: int) -> int:
    """How many would be written to: without those held back, as far as the budget goes."""
    wanted = round(reach * (1 - held_back))
    return wanted if cost_each_minor == 0 else min(wanted, budget_minor // cost_each_minor)
