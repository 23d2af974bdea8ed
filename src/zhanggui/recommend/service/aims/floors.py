"""What a floor under a group's share of exposure would bring and cost, by the last sessions replayed with its rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC

import numpy as np
from numpy.typing import NDArray

from zhanggui.kernel.clock import to_ms
from zhanggui.kernel.steps import OnStep, quiet
from zhanggui.recommend.engines.aims.floors import (
    NEAR,
    Interval,
    Reserve,
    exposures,
    gains_of,
    least_quota,
    mean_of,
    ratio_of,
)
from zhanggui.recommend.engines.filters import parse
from zhanggui.recommend.errors import BadRule, FloorNotHeld, NotEnoughEvents
from zhanggui.recommend.service.ordering import NEW_SELLER_MS, sellers_since
from zhanggui.recommend.service.rule_book import rule_book
from zhanggui.recommend.service.rules.keeping import Rules
from zhanggui.recommend.service.ruling import context_of
from zhanggui.recommend.service.serving import Serving
from zhanggui.recommend.service.steering.objectives import objectives_in
from zhanggui.recommend.service.steering.slider import with_slider
from zhanggui.recommend.service.surfaces import HOME
from zhanggui.recommend.service.training.trainer import Trainer
from zhanggui.recommend.types.floors import ExposureFloor, FloorReport, Measured, Verdict
from zhanggui.recommend.types.rules import PutRule, Rule, RuleKind

from .rehearsing import Rehearsal, rehearsal_of

MOST, LEAST = 600, 20
LEAST_QUOTA = 0.01
MOST_PLACES = 200
Flags = NDArray[np.bool_]
Lists = NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Floors:
    """Measures floors, and sets the rule of one when a person decides for it.

    Args:
        serving: of the shop.
        trainer: reads behaviour and says what memory there is.
        rules: checks the rule; keeps it, with its acts in the ledger.
    """

    serving: Serving
    trainer: Trainer
    rules: Rules

    def measure(self, floor: ExposureFloor, on_step: OnStep = quiet) -> FloorReport:
        """Replay the last sessions without the floor's rule and with it. Nothing is set.

        Raises:
            BadRule, UnknownValue: there is no rule for such a floor, or no such group.
            NotEnoughEvents: there are fewer than 20 sessions of shoppers who came before.
            TrainingStopped: what is learned from did not pass the gate.
        """
        reserve = _reserve(floor)
        wanted = rule_of(floor, reserve)
        rule = self.rules.checked(wanted, "floor")
        rehearsal = rehearsal_of(self.serving, self.trainer, MOST)
        if len(rehearsal.occasions) < LEAST:
            raise NotEnoughEvents(
                f"{len(rehearsal.occasions)} sessions of shoppers who came before; measuring a floor needs {LEAST}.",
                hint="Until then its cost is not known.",
            )
        with self.serving.db.read() as db:
            own, position = rule_book(db), objectives_in(db).variety
        books = [with_slider(book, position) for book in (own, own.with_rule(rule))]
        without, held = rehearsal.lists(books, floor.places, on_step)
        looked = _Looked(rehearsal, self._groups(rehearsal, rule))
        return looked.report(to_ms(self.serving.clock()), floor, wanted, reserve.places, (without, held))

    def decide(self, floor: ExposureFloor, actor: str, on_step: OnStep = quiet) -> tuple[FloorReport, Rule]:
        """Measure a floor, and set its rule where the replay held it; `Rules.undo` takes it back.

        Raises:
            FloorNotHeld: the replay stayed below the floor; nothing is set.
            BadRule, UnknownValue, NotEnoughEvents, TrainingStopped: as for `measure`.
        """
        found = self.measure(floor, on_step)
        if found.verdict != "met":
            raise FloorNotHeld(
                f"With the rule the group would have {found.after.value:.1%} of the exposure, and the floor is "
                f"{floor.share:.1%}: {WHY[found.verdict]}. No rule was made.",
                hint=f"{found.candidates} goods of the group for {found.needed} places: lower the floor, or add goods.",
            )
        return found, self.rules.create(found.rule, actor)

    def _groups(self, rehearsal: Rehearsal, rule: Rule) -> Flags:
        """(occasions, size) which goods are of the group at each moment."""
        snapshot, moments = rehearsal.snapshot, np.array([one.at_ms for one in rehearsal.occasions])
        size = len(snapshot.blocked)
        if rule.kind is RuleKind.FAIR:
            young: Flags = moments[:, None] - sellers_since(snapshot)[None, :] < NEW_SELLER_MS
            return young[:, :size]
        now_ms = int(moments[-1])
        context = context_of(now_ms, UTC, surface=HOME, channel="", is_known=True)
        fits = np.zeros(size, dtype=np.bool_)
        out = snapshot.masks.left_out(parse(rule.target), context)[:size]
        fits[: len(out)] = ~out
        return np.broadcast_to(fits, (len(moments), size))


WHY: dict[Verdict, str] = {
    "met": "met",
    "not_enough_candidates": "not enough candidates",
    "held_back": "other rules, or what shoppers should not be shown again, take their places",
}


@dataclass(frozen=True, slots=True)
class _Looked:
    """What was replayed, and (occasions, size) which goods are of the group then."""

    rehearsal: Rehearsal
    groups: Flags

    def report(
        self, at_ms: int, floor: ExposureFloor, wanted: PutRule, needed: int, tops: tuple[Lists, Lists]
    ) -> FloorReport:
        """The figures of lists (occasions, places) without and with the rule."""
        (part, whole), (part_held, whole_held) = (self._exposures(lists) for lists in tops)
        (recall, ndcg), (recall_held, ndcg_held) = (self._found(lists) for lists in tops)
        after = ratio_of(part_held, whole_held)
        candidates = int((self.groups[-1] & ~self.rehearsal.snapshot.blocked).sum())
        return FloorReport(
            at_ms=at_ms,
            floor=floor,
            rule=wanted,
            lists=len(self.rehearsal.occasions),
            before=_told(ratio_of(part, whole)),
            after=_told(after),
            below=int((part_held < (floor.share - NEAR) * whole_held).sum()),
            needed=needed,
            candidates=candidates,
            verdict=_verdict(after.value, floor.share, candidates, needed),
            recall=_told(mean_of(recall)),
            recall_cost=_told(mean_of(recall - recall_held)),
            ndcg=_told(mean_of(ndcg)),
            ndcg_cost=_told(mean_of(ndcg - ndcg_held)),
        )

    def _exposures(self, tops: Lists) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        return exposures(tops > 0, np.take_along_axis(self.groups, tops.astype(np.int64), axis=1))

    def _found(self, tops: Lists) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        occasions = self.rehearsal.occasions
        hits = np.array([np.isin(top, one.taken) & (top > 0) for one, top in zip(occasions, tops, strict=True)])
        return gains_of(hits, np.array([len(one.taken) for one in occasions]))


def rule_of(floor: ExposureFloor, reserve: Reserve) -> PutRule:
    """The rule that holds a floor.

    Raises:
        BadRule: the floor and its group do not go together.
    """
    value, name = max(reserve.share, LEAST_QUOTA), f"exposure floor {floor.share:.1%}"
    if (floor.by == "new_sellers") == bool(floor.name):
        raise BadRule(
            f"A floor by {floor.by} with the name {floor.name!r}.",
            hint="Name the brand, seller or category; new sellers have no name.",
        )
    if floor.by == "new_sellers":
        return PutRule(kind=RuleKind.FAIR, name=name, value=value)
    if '"' in floor.name:
        raise BadRule(f"The name {floor.name!r} holds a quote.", hint="Make a rule with a target of your own.")
    return PutRule(kind=RuleKind.PROMOTE, name=name, target=f'{floor.by} = "{floor.name}"', value=value)


def _reserve(floor: ExposureFloor) -> Reserve:
    is_list = 1 <= floor.places <= MOST_PLACES
    found = least_quota(floor.share, floor.places) if is_list and floor.share > 0 else None
    if found is None:
        raise BadRule(
            f"A floor of {floor.share:g} in lists of {floor.places} places.",
            hint=f"A floor is above 0 and up to 1, a list has 1 to {MOST_PLACES} places.",
        )
    return found


def _verdict(after: float, floor: float, candidates: int, needed: int) -> Verdict:
    if after >= floor - NEAR:
        return "met"
    return "not_enough_candidates" if candidates < needed else "held_back"


def _told(found: Interval) -> Measured:
    return Measured(value=round(found.value, 4), low=round(found.low, 4), high=round(found.high, 4))
