"""The merchant's rules: what is pinned, lifted, capped, promoted and left out. Each act stands in the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.changes import announce
from zhanggui.kernel.clock import Clock
from zhanggui.kernel.db import Database
from zhanggui.kernel.errors import did_you_mean
from zhanggui.kernel.ids import new_id
from zhanggui.recommend.engines.filters import parse
from zhanggui.recommend.errors import BadRule, UnknownRule, UnknownValue
from zhanggui.recommend.ports import LiveView, Record
from zhanggui.recommend.service.filter_hints import FilterHints
from zhanggui.recommend.service.goods import ViewGoods
from zhanggui.recommend.service.labels.book import label_book
from zhanggui.recommend.tables import rules as rule_tables
from zhanggui.recommend.types.rules import PutRule, Rule, RuleKind

MOST_RULES, MOST_PAST = 200, 20
TARGETED = frozenset({RuleKind.FILTER, RuleKind.PIN, RuleKind.BOOST, RuleKind.BURY, RuleKind.PROMOTE})
"""Kinds that are nothing without a target; a cap may do with `by` alone."""
VALUES: Mapping[RuleKind, tuple[float, float, bool, str]] = {
    RuleKind.FILTER: (0, 0, False, "a filter takes no value"),
    RuleKind.PIN: (1, 200, True, "the place from 1"),
    RuleKind.BOOST: (0.01, 5, False, "how far products rise; 1 lifts the worst of a list to the best"),
    RuleKind.BURY: (0.01, 5, False, "how far products sink; 1 takes the best of a list below the worst"),
    RuleKind.CAP: (0, 200, True, "how many may come at most"),
    RuleKind.PROMOTE: (0.01, 1, False, "the share of the places, such as 0.2"),
    RuleKind.VARIETY: (0.01, 1, False, "how much likeness costs, up to 1"),
    RuleKind.TASTE: (0.01, 1, False, "how closely categories follow the shopper's taste, up to 1"),
    RuleKind.EXPLORE: (0.01, 0.5, False, "the share of the places, up to 0.5"),
    RuleKind.FAIR: (0.01, 0.5, False, "the share of the places, up to 0.5"),
    RuleKind.MIX: (0, 1, False, "the share of the places for articles, videos and live sessions at most, 0 for none"),
    RuleKind.REST: (1, 100, True, "after how many times unheeded a product rests"),
}
"""Least and largest value of each kind, whether it is a whole number, and what it says."""

Act = Literal["created", "changed", "removed", "undone"]


class RuleChanged(msgspec.Struct, frozen=True, kw_only=True):
    """What the ledger keeps: the rule as it was and as it is; None for none."""

    subject: str
    act: Act
    before: Rule | None
    after: Rule | None


class Rules:
    """Keeps the rules of a shop. The very next answer of any process acts on a change."""

    def __init__(self, *, db: Database, clock: Clock, live: LiveView, record: Record) -> None:
        self._db, self._clock, self._live, self._record = db, clock, live, record
        self._hints = FilterHints()

    def all(self) -> list[Rule]:
        """The rules, the oldest first."""
        with self._db.read() as db:
            return rule_tables.rules_in(db)

    def get(self, rule_id: str) -> Rule:
        """One rule.

        Raises:
            UnknownRule: there is none of that id.
        """
        with self._db.read() as db:
            return _standing(db, rule_id)

    def create(self, wanted: PutRule, actor: str) -> Rule:
        """Make a rule.

        Raises:
            BadFilter, UnknownValue: its target cannot be understood, or names what no product has.
            BadRule: its parts do not go together, or there are too many rules.
        """
        rule = self.checked(wanted, new_id())
        return self._db.write(lambda db: self.create_in(db, rule, actor))

    def create_in(self, db: sa.Connection, rule: Rule, actor: str) -> Rule:
        """Make a rule that was checked, within the caller's work.

        Raises:
            BadRule: there are too many rules.
        """
        if len(rule_tables.rules_in(db)) >= MOST_RULES:
            raise BadRule(f"There are {MOST_RULES} rules already.", hint="Remove some first.")
        return self._put(db, "created", None, rule, (), actor)

    def change(self, rule_id: str, wanted: PutRule, actor: str) -> Rule:
        """Put another rule in a rule's place.

        Raises:
            UnknownRule: there is none of that id.
            BadFilter, UnknownValue, BadRule: as for `create`.
        """
        rule = self.checked(wanted, rule_id)
        return self._db.write(lambda db: self.change_in(db, rule, actor))

    def change_in(self, db: sa.Connection, rule: Rule, actor: str) -> Rule:
        """Put a rule that was checked in the place of the one of its id, within the caller's work.

        Raises:
            UnknownRule: there is none of that id.
        """
        before = _standing(db, rule.id)
        return self._put(db, "changed", before, rule, (*_past(db, rule.id), before), actor)

    def remove(self, rule_id: str, actor: str) -> Rule:
        """Take a rule away; `undo` brings it back.

        Raises:
            UnknownRule: there is none of that id.
        """

        def work(db: sa.Connection) -> Rule:
            before = _standing(db, rule_id)
            gone = msgspec.structs.replace(before, is_gone=True, changed_at=self._clock())
            return self._put(db, "removed", before, gone, (*_past(db, rule_id), before), actor)

        return self._db.write(work)

    def undo(self, rule_id: str, actor: str) -> Rule:
        """Take the last act about a rule back: what was before it holds again, 20 acts deep.

        Raises:
            UnknownRule: there never was one of that id.
            BadRule: nothing is left to take back.
        """

        def work(db: sa.Connection) -> Rule:
            found = rule_tables.rule_with_past(db, rule_id)
            if found is None:
                raise _unknown(db, rule_id)
            now, past = found
            if not past and now.is_gone:
                raise BadRule("Nothing is left to take back of this rule.", hint="Make it anew.")
            # Of a rule that was only just made, nothing was before.
            before = past[-1] if past else msgspec.structs.replace(now, is_gone=True)
            restored = msgspec.structs.replace(before, changed_at=self._clock())
            return self._put(db, "undone", now, restored, past[:-1], actor)

        return self._db.write(work)

    def checked(self, wanted: PutRule, rule_id: str) -> Rule:
        """A rule as it would stand.

        Raises:
            BadFilter, UnknownValue, BadRule: as for `create`.
        """
        check_parts(wanted)
        if wanted.target:
            read = parse(wanted.target)
            with self._db.read() as db:
                view, labels = self._live.view(db), label_book(db)
            hints = self._hints.of(read, ViewGoods(view, labels), view.seq)
            if hints:
                what, _, hint = hints[0].rpartition("'. ")
                raise UnknownValue(f"{what}'.", hint=hint)
        fields = msgspec.structs.asdict(wanted)
        return Rule(**fields, id=rule_id, changed_at=self._clock())

    def _put(
        self,
        db: sa.Connection,
        act: Act,
        before: Rule | None,
        after: Rule,
        past: tuple[Rule, ...] | list[Rule],
        actor: str,
    ) -> Rule:
        rule_tables.put_rule(db, after, past[-MOST_PAST:])
        announce(db, "rule", [f"recommend:{after.id}"])
        subject = f"rule:{after.id}"
        changed = RuleChanged(subject=subject, act=act, before=before, after=None if after.is_gone else after)
        self._record.append(db, "recommend.rule", changed, actor, about=subject)
        return after


def _standing(db: sa.Connection, rule_id: str) -> Rule:
    found = rule_tables.rule_with_past(db, rule_id)
    if found is None or found[0].is_gone:
        raise _unknown(db, rule_id)
    return found[0]


def _past(db: sa.Connection, rule_id: str) -> list[Rule]:
    found = rule_tables.rule_with_past(db, rule_id)
    return [] if found is None else found[1]


def _unknown(db: sa.Connection, rule_id: str) -> UnknownRule:
    hint = did_you_mean(rule_id, [rule.id for rule in rule_tables.rules_in(db)], otherwise="List the rules first.")
    return UnknownRule(f"No rule has the id {rule_id!r}.", hint=hint)


def check_parts(wanted: PutRule) -> None:
    """Hold the parts of a rule against its kind.

    Raises:
        BadRule: they do not go together.
    """
    kind, value = wanted.kind, wanted.value
    least, most, is_whole, meaning = VALUES[kind]
    if not least <= value <= most or (is_whole and value != int(value)):
        bounds = f"{least:g} to {most:g}" if most else "0"
        raise BadRule(f"The value of {kind.value} is {value:g}; it is {bounds}.", hint=f"It says {meaning}.")
    if kind in TARGETED and not wanted.target:
        raise BadRule(f"A rule of the kind {kind.value} needs a target.", hint='Say which products: brand = "Nike".')
    if kind is RuleKind.CAP and not (wanted.target or wanted.by):
        raise BadRule("A cap needs a target, or what to count by.", hint="Count by brand, category or seller.")
    if wanted.by and kind is not RuleKind.CAP:
        raise BadRule("Only a cap counts by something.", hint="Leave `by` empty.")
    if wanted.target and kind not in TARGETED | {RuleKind.CAP}:
        raise BadRule(f"A rule of the kind {kind.value} is about the whole list.", hint="Leave the target empty.")
    if wanted.starts_at is not None and wanted.ends_at is not None and wanted.starts_at >= wanted.ends_at:
        raise BadRule("The rule ends before it starts.", hint="Let `ends_at` come after `starts_at`.")
