"""How rules order a list: each becomes a wish to the engine that arranges, under its own number."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, assert_never

import numpy as np
from numpy.typing import NDArray

from zhanggui.kernel.clock import DAY_MS
from zhanggui.recommend.engines.arranging import Cap, Lift, Order, Pin, Quota
from zhanggui.recommend.engines.filters import Filter
from zhanggui.recommend.types.rules import RuleKind
from zhanggui.recommend.types.tags import ShopperTag

from .acting import Doer, Seen
from .live_state import Snapshot
from .rule_book import ReadRule
from .tilting import Tilting

NEW_SELLER_MS = 90 * DAY_MS
"""A seller is new for so long after its first product came."""
MOST_EXPLORING = 0.5
FULL_STRENGTH = 2.0
"""A rule's value of 1 in units of the list's spread: a likeness of a half, as within a category, costs all of it."""
LIFTED = frozenset({RuleKind.PIN, RuleKind.PROMOTE, RuleKind.BOOST})
"""Kinds whose products take part however they rank."""
Targeted = Literal[RuleKind.PIN, RuleKind.PROMOTE, RuleKind.BOOST, RuleKind.BURY, RuleKind.CAP]
General = Literal[
    RuleKind.VARIETY, RuleKind.TASTE, RuleKind.EXPLORE, RuleKind.FAIR, RuleKind.REST, RuleKind.MIX, RuleKind.FILTER
]
"""Kinds that are about the list as a whole; filters have narrowed it before."""
Flags = NDArray[np.bool_]


@dataclass(slots=True)
class _Wishes:
    """What the rules read so far want; see `Order`."""

    pins: list[Pin] = field(default_factory=list)
    quotas: list[Quota] = field(default_factory=list)
    caps: list[Cap] = field(default_factory=list)
    lifts: list[Lift] = field(default_factory=list)
    resting: tuple[Flags, int] | None = None
    variety: tuple[float, int] = (0.0, 0)
    calibration: tuple[float, int] = (0.0, 0)


class Ordering:
    """The rules about order of one request.

    Args:
        snapshot: what answers share.
        rules: those that act, of all kinds; moves name them by their place.
        tags: of the shopper, those that act; moves name them by their place behind the rules.
        doer: what the shopper did.
        seen: what the shopper was shown.
        now_ms: the moment.
        fits: which of some products (n,) a target names.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        rules: Sequence[ReadRule],
        tags: Sequence[ShopperTag],
        doer: Doer,
        seen: Seen,
        now_ms: int,
        fits: Callable[[Filter, NDArray[np.int32]], Flags],
    ) -> None:
        self._snapshot, self._rules, self._doer, self._seen = snapshot, rules, doer, seen
        self._now_ms, self._fits = now_ms, fits
        self._tilting = Tilting(tags, len(rules), snapshot, doer, now_ms)

    def sought(self, ids: NDArray[np.int32]) -> Iterator[Flags]:
        """For each rule or tag that wants products of some sort: which of `ids` (n,) are of it."""
        for held in self._rules:
            if held.target is not None and held.rule.kind in LIFTED:
                yield self._fits(held.target, ids)
            elif held.rule.kind is RuleKind.EXPLORE:
                yield self._unusual(ids)
            elif held.rule.kind is RuleKind.FAIR:
                yield self._of_new_sellers(ids)
        yield from self._tilting.sought(ids)

    def order(self, ids: NDArray[np.int32], k: int) -> Order:
        """What is wanted of a ranked list (n,) of which `k` are shown."""
        wishes = _Wishes()
        for number, held in enumerate(self._rules):
            match held.rule.kind:
                case RuleKind.PIN | RuleKind.PROMOTE | RuleKind.BOOST | RuleKind.BURY | RuleKind.CAP as kind:
                    self._add_targeted(wishes, kind, held, number, ids)
                case kind:
                    self._add_general(wishes, kind, held.rule.value, number, ids, k)
        quotas, lifts = self._tilting.wishes(ids)
        return Order(
            pins=wishes.pins,
            quotas=[*wishes.quotas, *quotas],
            caps=wishes.caps,
            lifts=[*wishes.lifts, *lifts],
            resting=wishes.resting,
            variety=wishes.variety,
            calibration=wishes.calibration,
            taste=self._taste if wishes.calibration[0] else {},
        )

    def resting(self, ids: NDArray[np.int32]) -> Flags:
        """(n,) what the shopper was shown as often as a rule bears, without doing anything about it."""
        limits = [held.rule.value for held in self._rules if held.rule.kind is RuleKind.REST]
        if not limits:
            return np.zeros(len(ids), dtype=np.bool_)
        times = self._doer.times_unheeded(self._seen, len(self._snapshot.blocked))
        often: Flags = times[ids] >= min(limits)
        return often

    @cached_property
    def _taste(self) -> dict[int, float]:
        return self._doer.taste(self._snapshot.category)

    def _add_targeted(
        self, wishes: _Wishes, kind: Targeted, held: ReadRule, number: int, ids: NDArray[np.int32]
    ) -> None:
        value = held.rule.value
        counted = np.ones(len(ids), dtype=np.bool_) if held.target is None else self._fits(held.target, ids)
        match kind:
            case RuleKind.PIN:
                taken = {pin.row for pin in wishes.pins}
                free = [row for row in np.flatnonzero(counted).tolist() if row not in taken]
                wishes.pins.extend(Pin(row, int(value) - 1, number) for row in free[:1])
            case RuleKind.PROMOTE:
                wishes.quotas.append(Quota(counted, value, number))
            case RuleKind.CAP:
                group = np.where(counted, self._group(held.rule.by, ids), -1).astype(np.int32)
                wishes.caps.append(Cap(group, int(value), number))
            case RuleKind.BOOST:
                wishes.lifts.append(Lift(counted, value, number))
            case RuleKind.BURY:
                wishes.lifts.append(Lift(counted, -value, number))
            case _:
                assert_never(kind)

    def _add_general(
        self, wishes: _Wishes, kind: General, value: float, number: int, ids: NDArray[np.int32], k: int
    ) -> None:
        match kind:
            case RuleKind.VARIETY:
                wishes.variety = (FULL_STRENGTH * value, number)
            case RuleKind.TASTE:
                wishes.calibration = (FULL_STRENGTH * value, number)
            case RuleKind.EXPLORE:
                share = min(value * (1.0 + self._narrowness()), MOST_EXPLORING)
                wishes.quotas.append(Quota(self._unusual(ids), share, number))
            case RuleKind.FAIR:
                wishes.quotas.append(Quota(self._of_new_sellers(ids), value, number))
            case RuleKind.REST:
                times = self._doer.times_unheeded(self._seen, len(self._snapshot.blocked))
                wishes.resting = (times[ids] >= value, number)
            case RuleKind.MIX:
                wishes.caps.append(Cap(self._content(ids), int(value * k), number))
            case RuleKind.FILTER:
                pass
            case _:
                assert_never(kind)

    def _content(self, ids: NDArray[np.int32]) -> NDArray[np.int32]:
        """(n,) 0 for what is read or watched, -1 for goods."""
        content = self._snapshot.goods.is_content
        return (np.full(len(ids), -1) if content is None else np.where(content[ids], 0, -1)).astype(np.int32)

    def _group(self, by: str, ids: NDArray[np.int32]) -> NDArray[np.int32]:
        """(n,) what products are counted by, -1 for none of it; without a trait all count together."""
        if by == "":
            return np.zeros(len(ids), dtype=np.int32)
        group = self._snapshot.category if by == "category" else self._snapshot.masks.groups(by)[0]
        return np.where(group[ids] > 0, group[ids], -1).astype(np.int32)

    def _narrowness(self) -> float:
        """In [0, 1]: 0 for nobody's taste, 1 for a taste of one category only (Herfindahl's index)."""
        return sum(share * share for share in self._taste.values())

    @cached_property
    def _is_known(self) -> Flags:
        """By category number, those that the shopper knows; the last one stands for all others."""
        known = np.zeros(max(self._taste, default=0) + 2, dtype=np.bool_)
        known[list(self._taste)] = True
        return known

    def _unusual(self, ids: NDArray[np.int32]) -> Flags:
        """(n,) products outside the categories that the shopper knows; those of no category are in none."""
        category = self._snapshot.category[ids]
        unusual: Flags = (category > 0) & ~self._is_known[np.minimum(category, len(self._is_known) - 1)]
        return unusual

    def _of_new_sellers(self, ids: NDArray[np.int32]) -> Flags:
        """(n,) products of sellers who are new here."""
        return self._now_ms - sellers_since(self._snapshot, ids) < NEW_SELLER_MS


def sellers_since(snapshot: Snapshot, ids: NDArray[np.int32] | None = None) -> NDArray[np.int64]:
    """(n,) when the sellers of products came; of brands, where the shop names no seller. Without one: the beginning.

    Args:
        snapshot: what answers share.
        ids: (n,) products; without, all of the snapshot.
    """
    groups, first_ms = snapshot.masks.groups("seller")
    if len(first_ms) == 1:
        groups, first_ms = snapshot.masks.groups("brand")
    born = np.array(first_ms, dtype=np.int64)
    born[0] = 0
    if ids is not None:
        return born[groups[ids]]
    since = np.zeros(len(snapshot.category), dtype=np.int64)
    since[: len(groups)] = born[groups]
    return since
