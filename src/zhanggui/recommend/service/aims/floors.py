"""What a floor under a group's share of exposure would bring and cost, by the last sessions replayed with its rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from zhanggui.kernel.clock import to_ms
from zhanggui.kernel.errors import quoted
from zhanggui.kernel.ids import new_id
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
from zhanggui.recommend.errors import BadRule, FloorNotHeld, NotEnoughEvents, UnknownRule
from zhanggui.recommend.service.rule_book import rule_book
from zhanggui.recommend.service.rules.keeping import Rules
from zhanggui.recommend.service.serving import Serving
from zhanggui.recommend.service.steering.objectives import objectives_in
from zhanggui.recommend.service.steering.slider import with_slider
from zhanggui.recommend.service.training.trainer import Trainer
from zhanggui.recommend.tables import settings as setting_tables
from zhanggui.recommend.tables.rules import rules_in
from zhanggui.recommend.types.floors import (
    DecidedFloor,
    ExposureFloor,
    FloorCheck,
    FloorReport,
    Measured,
    StandingFloor,
    Verdict,
)
from zhanggui.recommend.types.rules import PutRule, Rule, RuleKind

from .floored import about, is_of_group, standing_floors, standing_of, target_of
from .rehearsing import Rehearsal, rehearsal_of
from .watching import Watch

MOST, LEAST = 600, 20
LEAST_QUOTA = 0.01
MOST_PLACES = 200
MOST_DECIDED = 200
"""Floors that are kept, those among them that were replaced or whose rule is gone."""
Flags = NDArray[np.bool_]
Lists = NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Floors:
    """Measures floors, and sets the rule of one when a person decides for it.

    Args:
        serving: of the shop.
        trainer: reads behaviour and says what memory there is.
        rules: checks the rule; keeps it, with its acts in the ledger.
        watch: says what lists that were served gave to groups.
    """

    serving: Serving
    trainer: Trainer
    rules: Rules
    watch: Watch

    def measure(self, floor: ExposureFloor, on_step: OnStep = quiet) -> FloorReport:
        """Replay the last sessions without the floor's rule and with it. Nothing is set.

        Raises:
            BadRule, UnknownValue: there is no rule for such a floor, or no such group.
            NotEnoughEvents: there are fewer than 20 sessions of shoppers who came before.
            TrainingStopped: what is learned from did not pass the gate.
        """
        reserve = _reserve(floor)
        wanted = rule_of(floor, reserve)
        with self.serving.db.read() as db:
            own, position, present = rule_book(db), objectives_in(db).variety, _rule_id(db, floor)
        rule = self.rules.checked(wanted, present or "floor")
        rehearsal = rehearsal_of(self.serving, self.trainer, MOST)
        if len(rehearsal.occasions) < LEAST:
            raise NotEnoughEvents(
                f"{len(rehearsal.occasions)} sessions of shoppers who came before; measuring a floor needs {LEAST}.",
                hint="Until then its cost is not known.",
            )
        off = msgspec.structs.replace(rule, is_on=False)
        books = [with_slider(own.with_rule(one), position) for one in (off, rule)]
        without, held = rehearsal.lists(books, floor.places, on_step)
        looked = _Looked(rehearsal, _groups(floor, rehearsal))
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
        return found, self._set(found, actor)

    def all(self) -> list[StandingFloor]:
        """The floors that stand, the oldest first, each with what served lists gave its group as counted last."""
        with self.serving.db.read() as db:
            standing = standing_floors(db)
        checks = {one.rule_id: one for one in self.watch.kept().floors} if standing else {}
        return [
            StandingFloor(
                decided_at_ms=one.decided_at_ms,
                rule=rule,
                report=one.report,
                served=_of(one, checks.get(rule.id)),
            )
            for rule, one in standing
        ]

    def remove(self, rule_id: str, actor: str) -> Rule:
        """Take a floor's rule away; `Rules.undo` brings both back.

        Raises:
            UnknownRule: no floor stands by that rule.
        """
        with self.serving.db.read() as db:
            if all(rule.id != rule_id for rule, _ in standing_floors(db)):
                raise _unknown(rule_id)
        return self.rules.remove(rule_id, actor)

    def undo(self, rule_id: str, actor: str) -> Rule:
        """Take the last act about a floor's rule back.

        Raises:
            UnknownRule: no floor was ever decided by that rule.
            BadRule: nothing is left to take back, or the group has got another floor since.
        """
        with self.serving.db.read() as db:
            groups = {about(one.report.floor) for one in setting_tables.floors_of(db) if one.rule_id == rule_id}
            others = [one for rule, one in standing_floors(db) if rule.id != rule_id]
        if not groups:
            raise _unknown(rule_id)
        if taken := groups & {about(one.report.floor) for one in others}:
            raise BadRule(f"{taken.pop()} has another floor now.", hint="Remove that one first: a group has one floor.")
        return self.rules.undo(rule_id, actor)

    def _set(self, found: FloorReport, actor: str) -> Rule:
        """Its rule and the floor in one commit; a group that has a floor gets this one in its place."""
        new = self.rules.checked(found.rule, new_id())

        def work(db: sa.Connection) -> Rule:
            present = _rule_id(db, found.floor)
            if present:
                rule = self.rules.change_in(db, msgspec.structs.replace(new, id=present), actor)
            else:
                rule = self.rules.create_in(db, new, actor)
            decided = DecidedFloor(rule_id=rule.id, decided_at_ms=to_ms(self.serving.clock()), report=found)
            setting_tables.put_floors(db, _kept(rules_in(db), (*setting_tables.floors_of(db), decided)))
            return rule

        return self.serving.db.write(work)


def _groups(floor: ExposureFloor, rehearsal: Rehearsal) -> Flags:
    """(occasions, size) which goods are of the group at each moment."""
    moments = np.array([one.at_ms for one in rehearsal.occasions], dtype=np.int64)
    every = np.arange(len(rehearsal.snapshot.blocked))
    return is_of_group(floor, rehearsal.snapshot, every[None, :], moments[:, None], int(moments[-1]))


def _rule_id(db: sa.Connection, floor: ExposureFloor) -> str:
    """The rule that holds a floor for the same group already; empty for none."""
    return next((rule.id for rule, one in standing_floors(db) if about(one.report.floor) == about(floor)), "")


def _kept(rules: Sequence[Rule], decided: Sequence[DecidedFloor]) -> tuple[DecidedFloor, ...]:
    """What is kept of all that was decided: what stands, and of the rest the newest."""
    standing = [one for _, one in standing_of(rules, decided)]
    spare = max(len(decided) - MOST_DECIDED, 0)
    dropped = [one for one in decided if one not in standing][:spare]
    return tuple(one for one in decided if one not in dropped)


def _of(decided: DecidedFloor, check: FloorCheck | None) -> FloorCheck | None:
    """What was counted, where it was of this floor and not of the one before it."""
    return check if check is not None and check.decided_at_ms == decided.decided_at_ms else None


def _unknown(rule_id: str) -> UnknownRule:
    return UnknownRule(f"No floor stands by the rule {rule_id!r}.", hint="List the floors first.")


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
            f"A floor by {floor.by} with the name {quoted(floor.name)}.",
            hint="Name the brand, seller or category; new sellers have no name.",
        )
    if floor.by == "new_sellers":
        return PutRule(kind=RuleKind.FAIR, name=name, value=value)
    if '"' in floor.name:
        raise BadRule(f"The name {quoted(floor.name)} holds a quote.", hint="Make a rule with a target of your own.")
    return PutRule(kind=RuleKind.PROMOTE, name=name, target=target_of(floor), value=value)


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
