"""Whether groups of people are served alike: shares by group with intervals, gaps between groups, what departs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

GroupKind = Literal["gender", "age", "region", "tenure", "device"]
KINDS: tuple[GroupKind, ...] = ("gender", "age", "region", "tenure", "device")
Measure = Literal["shown", "clicked", "reduced", "found"]
MEASURES: tuple[Measure, ...] = ("shown", "clicked", "reduced", "found")
"""Exposure: people who were shown a list at all. Clicks: lists with a click within a day. Offers: places with a product
below its list price. Equal opportunity: of what people came to want, what had been shown to them before."""


class FairnessLimits(msgspec.Struct, frozen=True, kw_only=True):
    """From where on a figure is told as an alert; `[fairness]` of the settings.

    Attributes:
        smallest_group: people below which nothing is told of a group.
        least_ratio: of the least served group's share to the most served one's; 0.8 is the four-fifths rule.
        most_difference: between these two shares.
        most_gini: of how often goods were shown in a week, 0 all alike, near 1 a few only.
        least_entropy: of the categories of a week's lists, in bits.
        least_new_sellers: share of a week's places.
        least_novelty: of a week's lists, in bits.
        most_bubble: of the middle person of a week, 0 every category, 1 one only.
        most_narrowing: that the middle person's bubble grew from the first week to the last.
    """

    smallest_group: int = 20
    least_ratio: float = 0.8
    most_difference: float = 0.1
    most_gini: float = 0.95
    least_entropy: float = 1.0
    least_new_sellers: float = 0.0
    least_novelty: float = 0.0
    most_bubble: float = 0.8
    most_narrowing: float = 0.1


class Share(msgspec.Struct, frozen=True, kw_only=True):
    """A share, or a difference of two, with its 95 % interval."""

    value: float
    low: float
    high: float


class GroupShare(msgspec.Struct, frozen=True, kw_only=True):
    """One group's share of a measure: `hits` of `of` cases, of the people for whom there is any."""

    group: str
    people: int
    hits: int
    of: int
    share: Share


class Gap(msgspec.Struct, frozen=True, kw_only=True):
    """The most and the least served group of a measure.

    Attributes:
        most: the group with the greatest share.
        least: the one with the smallest.
        difference: of their shares (demographic parity; of `found`, equal opportunity); its interval holds for all
            pairs of groups at once.
        ratio: smallest over greatest share.
        is_alert: beyond a limit, and more than chance shows.
    """

    most: str
    least: str
    difference: Share
    ratio: float
    is_alert: bool


class MeasuredKind(msgspec.Struct, frozen=True, kw_only=True):
    """One measure by the groups of one kind; no gap with fewer than two groups. `untold` groups are too small."""

    kind: GroupKind
    measure: Measure
    groups: tuple[GroupShare, ...]
    untold: int
    gap: Gap | None


AlertCode = Literal["ratio", "difference", "gini", "entropy", "new_sellers", "novelty", "bubble", "narrowing", "floor"]


class FairnessAlert(msgspec.Struct, frozen=True, kw_only=True):
    """A figure beyond its limit. `about` names whom a gap is between: `gender:clicked`; empty for lists as a whole.

    Of a floor under exposure it names the goods: `seller:A`; the limit is the floor.
    """

    code: AlertCode
    about: str
    value: float
    limit: float


class BubbleFigures(msgspec.Struct, frozen=True, kw_only=True):
    """The lists of the last seven days that any were served on, and how narrow people's are.

    Attributes:
        gini: how unevenly goods were shown; the mean of the days, like the next three.
        entropy: of the categories, in bits.
        new_sellers: share of places.
        novelty: in bits.
        bubble: of the middle person of the last week; None where fewer than five had lists on two days.
        narrowing: how much that grew since the first of at most five weeks; None with one week only.
    """

    gini: float
    entropy: float
    new_sellers: float
    novelty: float
    bubble: float | None
    narrowing: float | None


class FairnessReport(msgspec.Struct, frozen=True, kw_only=True):
    """The last 35 days of those who allow analytics.

    Attributes:
        at_ms: when it was counted.
        limits: that were in force.
        measured: a row for each kind of group and measure that has any group.
        uncounted: lists of people who may not be counted.
        bubbles: what lists as a whole are like; None where there were none.
        alerts: figures beyond their limits.
    """

    at_ms: int
    limits: FairnessLimits
    measured: tuple[MeasuredKind, ...]
    uncounted: int
    bubbles: BubbleFigures | None
    alerts: tuple[FairnessAlert, ...]


class FlipPerson(msgspec.Struct, frozen=True, kw_only=True):
    """What puts a customer into groups, as the flip test turns it."""

    gender: str | None = None
    age_band: str | None = None
    province: str = ""
    city_tier: int | None = None
    joined_ms: int | None = None


FlipKind = Literal["gender", "age", "region", "tenure", "all"]


class FlipKindReport(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of flip: answers that were compared, and those of them that were not the same to the byte."""

    kind: FlipKind
    compared: int
    different: int


class FlipReport(msgspec.Struct, frozen=True, kw_only=True):
    """The same history, another group: `people` shoppers answered as they are and as somebody of each other group."""

    at_ms: int
    people: int
    kinds: tuple[FlipKindReport, ...]

    @property
    def is_same(self) -> bool:
        """Whether no answer differed."""
        return all(one.different == 0 for one in self.kinds)


Mitigation = Literal["none", "reweigh", "erase", "exposure"]
"""Nothing; weights by group for who teaches; groups taken out of taste vectors; one head start for reduced products."""


ReaderHead = Literal["linear", "trees", "network"]
"""A logistic regression, a forest, a small neural network."""


class ProbeReport(msgspec.Struct, frozen=True, kw_only=True):
    """How well one reader reads a group off the taste vectors of people whom it has not seen.

    Attributes:
        kind: of group.
        head: which reader.
        auc: area under the ROC curve, groups alike; ½ where it knows nothing. The interval holds for all readers.
        chance: up to where the same reader comes on shuffled labels.
        tells: whether it does better than that.
    """

    kind: GroupKind
    head: ReaderHead
    auc: Share
    chance: float
    tells: bool


def held_off(probes: Sequence[ProbeReport]) -> bool | None:
    """Whether no reader does better than chance; None where none tried."""
    return None if not probes else not any(one.tells for one in probes)


class MitigationReport(msgspec.Struct, frozen=True, kw_only=True):
    """One mitigation: what it evens out, and what it costs.

    Attributes:
        name: which.
        recall: share of what people took next that stood among 20.
        ndcg: the same by place.
        recall_cost: how much less than with nothing, person by person; below 0 where it found more.
        ndcg_cost: the same of NDCG.
        gap: the widest gap in recall between groups of a kind that are large enough to be told.
        reduced_ratio: of reduced products in lists, the least shown group's share to the most shown one's; None
            where none is reduced.
        probes: what each reader reads off the taste vectors; empty without the extra `fairness`.
    """

    name: Mitigation
    recall: Share
    ndcg: Share
    recall_cost: Share
    ndcg_cost: Share
    gap: float
    reduced_ratio: float | None
    probes: tuple[ProbeReport, ...]

    @property
    def is_reached(self) -> bool | None:
        """Whether no reader does better than chance; None where none tried."""
        return held_off(self.probes)


class TasteErasure(msgspec.Struct, frozen=True, kw_only=True):
    """What taking groups out of the tastes of profiles brings and costs.

    Attributes:
        people: whose tastes they are.
        dimensions: of a taste.
        is_applied: whether tastes are told so, by the setting `fairness.erase_tastes`.
        recall: share of people whose newest thing stood among the 20 nearest a taste that did not know it.
        recall_cost: how much less without groups, person by person; below 0 where it found more.
        ndcg_cost: the same by place.
        before, after: what each reader reads off tastes, of people who were not known when the groups were taken out;
            empty without the extra `fairness`.
        refused: the check of the training gate that stopped the learning: the eraser of before stays; empty where none.
    """

    people: int
    dimensions: int
    is_applied: bool
    recall: Share
    recall_cost: Share
    ndcg_cost: Share
    before: tuple[ProbeReport, ...]
    after: tuple[ProbeReport, ...]
    refused: str = ""

    @property
    def is_reached(self) -> bool | None:
        """Whether no reader does better than chance on tastes without groups; None where none tried."""
        return held_off(self.after)


class Mitigations(msgspec.Struct, frozen=True, kw_only=True):
    """What each mitigation would bring and cost, measured on the last sessions of `people`.

    Attributes:
        in_force: those that a setting of `[fairness]` has switched on.
        head_start: with which `exposure` was measured, as `fairness.head_start` means it: the one in force, else the
            one that is needed.
        needed: the least head start at which no group is shown much less; 1 where none is enough.
        tastes: of profiles, with groups and without; None where the shop has none to learn from.
    """

    at_ms: int
    people: int
    dimensions: int
    rows: tuple[MitigationReport, ...]
    in_force: tuple[Mitigation, ...] = ()
    head_start: float = 0.0
    needed: float = 0.0
    tastes: TasteErasure | None = None


class MeasuredMitigations(msgspec.Struct, frozen=True, kw_only=True):
    """The mitigations that settings have switched on, and what was measured last; None where nothing was yet."""

    in_force: tuple[Mitigation, ...]
    measured: Mitigations | None
