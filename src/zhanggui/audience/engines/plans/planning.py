"""From a tier as it looks now to the terms of a plan."""

from __future__ import annotations

from zhanggui.audience.types.plans import CHANNELS, PlanChannel, PlanTerms, Seen

from .expecting import reachable
from .tiers import COST_MINOR, WITHIN_DAYS

HELD_BACK = 0.2
SMALL = 200
REST_DAYS = 30
SMALL_HELD_BACK = 0.5
"""With few people both arms are made alike, or nothing could ever be seen."""


def best_channel(seen: Seen) -> PlanChannel:
    """By which most may be reached; of those alike the one that costs least, then in the order of `CHANNELS`."""
    return max(CHANNELS, key=lambda one: (seen.reach.get(one, 0), -COST_MINOR[one], -CHANNELS.index(one)))


def is_worth_planning(seen: Seen) -> bool:
    """Whether enough people may be reached that neither arm falls below the floor."""
    return seen.reach.get(best_channel(seen), 0) >= 2 * seen.floor


def terms_of(seen: Seen, words: str, currency: str) -> PlanTerms:
    """The plan for a tier as it looks now.

    Args:
        seen: the tier.
        words: what people are told, in the shop's language.
        currency: of costs.
    """
    channel = best_channel(seen)
    reach = seen.reach.get(channel, 0)
    held_back = SMALL_HELD_BACK if reach < SMALL else HELD_BACK
    cost = COST_MINOR[channel]
    return PlanTerms(
        rule=seen.rule,
        channel=channel,
        words=words,
        goods=seen.goods,
        shelf="home" if seen.goods else "nowhere",
        within_days=WITHIN_DAYS[seen.tier],
        held_back=held_back,
        rest_days=max(REST_DAYS, WITHIN_DAYS[seen.tier]),  # or who is held back here is reached before they are judged
        cost_each_minor=cost,
        budget_minor=cost * reachable(reach, held_back, 0, 0),
        currency=currency,
    )
