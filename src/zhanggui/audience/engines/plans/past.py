"""What those did who stood where a tier stands, some days ago: the base that a plan must beat. Arrays in, counts out.

Stages are those of profiles, from purchases alone (`engines.segments.journeys`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from itertools import groupby

import numpy as np
import numpy.typing as npt

from zhanggui.audience.engines.profile.standing import stage
from zhanggui.audience.engines.profile.state import MOST_ORDERS, OrderMark, State
from zhanggui.audience.types.plans import MOST_GOODS, PastCase, Tier
from zhanggui.kernel.clock import DAY_MS

from .tiers import LOOKED_DAYS

Longs = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Acts:
    """What customers did, (n,) each, any order.

    Attributes:
        person: whose act it is.
        at_ms: when; all lines of an order share one moment.
        product: 0 where there is none.
        value_minor: of a line that was bought, else 0.
        is_purchase: whether it was one.
    """

    person: Longs
    at_ms: Longs
    product: Longs
    value_minor: Longs
    is_purchase: npt.NDArray[np.bool_]

    def only(self, chosen: npt.NDArray[np.bool_]) -> Acts:
        """Those of which the (n,) flags say so."""
        return Acts(**{each.name: getattr(self, each.name)[chosen] for each in fields(self)})


def together(some: Sequence[Acts]) -> Acts:
    """The acts of all of them, at least one."""
    return Acts(**{each.name: np.concatenate([getattr(one, each.name) for one in some]) for each in fields(Acts)})


def stood_in(acts: Acts, tier: Tier, at_ms: int) -> set[int]:
    """Who stood in a tier at a moment, by what they had done before it."""
    before = acts.at_ms < at_ms
    bought = before & acts.is_purchase
    buyers = set(np.unique(acts.person[bought]).tolist())
    if tier == "convert":
        lately = before & (acts.at_ms >= at_ms - LOOKED_DAYS * DAY_MS)
        return set(np.unique(acts.person[lately]).tolist()) - buyers
    person, moments = acts.person[bought], acts.at_ms[bought]
    order = np.lexsort((moments, person))
    rows = zip(person[order].tolist(), moments[order].tolist(), strict=True)
    found = set()
    for one, own in groupby(rows, key=lambda row: row[0]):
        if _is_in(tier, sorted({moment for _, moment in own}), at_ms):
            found.add(one)
    return found


def _is_in(tier: Tier, moments: list[int], at_ms: int) -> bool:
    marks = [OrderMark(moment, 0, 0, 0, 0, []) for moment in moments[-MOST_ORDERS:]]
    state = State(orders=len(moments), first_order_ms=moments[0], last_order_ms=moments[-1], marks=marks)
    code = stage(state, at_ms).code
    if tier == "acquire":
        return code == "new" and len(moments) == 1
    return code == "loyal" if tier == "retain" else code in {"at_risk", "dormant"}


def past_case(acts: Acts, people: Collection[int], since_ms: int, until_ms: int) -> PastCase:
    """Of people, who bought from one moment up to another, and for how much."""
    bought = _bought(acts, people, since_ms, until_ms)
    return PastCase(
        days=round((until_ms - since_ms) / DAY_MS),
        people=len(people),
        buyers=len(np.unique(acts.person[bought])),
        value_minor=int(acts.value_minor[bought].sum()),
    )


def goods_taken(
    acts: Acts, people: Collection[int], since_ms: int, until_ms: int, *, floor: int, but: Collection[int] = ()
) -> list[int]:
    """Products that at least `floor` of the people bought, by buyers downwards, then by number; a few."""
    bought = _bought(acts, people, since_ms, until_ms) & (acts.product > 0)
    pairs = np.unique(np.stack([acts.product[bought], acts.person[bought]], axis=1), axis=0)
    product, buyers = np.unique(pairs[:, 0], return_counts=True)
    order = np.lexsort((product, -buyers))
    wanted = [int(product[at]) for at in order if buyers[at] >= floor and int(product[at]) not in but]
    return wanted[:MOST_GOODS]


def _bought(acts: Acts, people: Collection[int], since_ms: int, until_ms: int) -> npt.NDArray[np.bool_]:
    chosen = np.fromiter(people, dtype=np.int64, count=len(people))
    inside = (acts.at_ms >= since_ms) & (acts.at_ms < until_ms)
    flags: npt.NDArray[np.bool_] = acts.is_purchase & inside & np.isin(acts.person, chosen)
    return flags
