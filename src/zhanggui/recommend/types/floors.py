"""A floor under the share of exposure of a group of goods, and what it would bring and cost."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from .rules import PutRule, Rule

FlooredBy = Literal["new_sellers", "brand", "seller", "category"]
Verdict = Literal["met", "not_enough_candidates", "held_back"]


class ExposureFloor(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """This share or more of the exposure of lists, places weighted by position, for a group of goods.

    Attributes:
        by: which groups there are.
        name: of the brand, seller or category; empty for new sellers.
        share: the floor.
        places: how long the lists are.
    """

    by: FlooredBy
    name: Annotated[str, msgspec.Meta(max_length=200)] = ""
    share: Annotated[float, msgspec.Meta(gt=0, le=1)]
    places: Annotated[int, msgspec.Meta(ge=1, le=200)] = 20


class Measured(msgspec.Struct, frozen=True, kw_only=True):
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float


class FloorReport(msgspec.Struct, frozen=True, kw_only=True):
    """The last sessions replayed without and with the floor.

    Attributes:
        floor: that was tried.
        rule: the rule that holds it: its quota is the least that reaches the floor wherever its places come due.
        lists: that were replayed.
        before: share of exposure of the group without the rule; all other goods have the rest.
        after: the same with it.
        below: lists that stay below the floor.
        needed: places of a list that the quota keeps.
        candidates: goods of the group in the catalogue.
        verdict: `held_back` where there are enough goods but other rules, or what a shopper should not be shown
            again, take their places.
        recall: share of what shoppers took next that stood in their list, without the rule.
        recall_cost: by how much it is less with it.
        ndcg: of what shoppers took next, without the rule.
        ndcg_cost: by how much it is less with it.
    """

    at_ms: int
    floor: ExposureFloor
    rule: PutRule
    lists: int
    before: Measured
    after: Measured
    below: int
    needed: int
    candidates: int
    verdict: Verdict
    recall: Measured
    recall_cost: Measured
    ndcg: Measured
    ndcg_cost: Measured


class DecidedFloor(msgspec.Struct, frozen=True, kw_only=True):
    """A floor that a person decided for, as it is kept beside the rule that holds it."""

    rule_id: str
    decided_at_ms: int
    report: FloorReport


class ServedShare(msgspec.Struct, frozen=True, kw_only=True):
    """What lists that were served gave a group, in a day or in seven.

    Attributes:
        since: the first day, in the shop's zone.
        lists: that were counted.
        below: those of them that gave the group less than the floor.
        share: of the exposure of all of them together; the interval is over people.
    """

    since: str
    lists: int
    below: int
    share: Measured


class FloorCheck(msgspec.Struct, frozen=True, kw_only=True):
    """A floor held against the lists that were served since it was decided, of at most 35 days.

    Attributes:
        rule_id: of the rule that is to hold it.
        about: the group: `new_sellers`, `seller:A`.
        floor: the share that it is to have.
        decided_at_ms: since when it stands.
        weeks: of seven days each back from last midnight, oldest first; those of fewer than five people are not told.
        last_week: the seven days before last midnight; None where they are not told, however new the last of `weeks`.
        days: in the same way; the first begins with the decision.
        is_below: whether the share of the seven days before last midnight stands below the floor, and more than chance
            shows.
    """

    rule_id: str
    about: str
    floor: float
    decided_at_ms: int = 0
    weeks: tuple[ServedShare, ...]
    days: tuple[ServedShare, ...]
    last_week: ServedShare | None = None
    is_below: bool


class StandingFloor(msgspec.Struct, frozen=True, kw_only=True):
    """A floor, its rule as it stands, what the replay foresaw and cost, what lists gave since; None: not counted."""

    decided_at_ms: int
    rule: Rule
    report: FloorReport
    served: FloorCheck | None


class FloorSet(msgspec.Struct, frozen=True, kw_only=True):
    """A floor that was decided: the rule that holds it, and the replay it rests on."""

    rule: Rule
    report: FloorReport
