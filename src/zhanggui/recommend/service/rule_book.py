"""The rules that stand, read once and kept until the change feed names one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from zhanggui.kernel.clock import to_ms
from zhanggui.recommend.engines.filters import Filter, parse
from zhanggui.recommend.tables import rules as rule_tables
from zhanggui.recommend.types.rules import Rule, RuleKind

FOREVER_MS = 2**62


@dataclass(frozen=True, slots=True)
class ReadRule:
    """A rule with its target understood; `target` None: everything.

    On surfaces that are `spared` it never holds; where `spares_recipes`, in no recipe's list either.
    """

    rule: Rule
    target: Filter | None
    starts_ms: int
    ends_ms: int
    spared: frozenset[str] = frozenset()
    spares_recipes: bool = False

    def acts(self, surface: str, now_ms: int, *, is_recipe: bool = False) -> bool:
        """Whether it holds on a surface at a moment, in the list of a recipe or in another."""
        if surface in self.spared or (is_recipe and self.spares_recipes):
            return False
        is_here = self.rule.surface in {"", surface}
        return is_here and self.starts_ms <= now_ms < self.ends_ms


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All rules that are on, the oldest first."""

    rules: tuple[ReadRule, ...] = ()

    @property
    def has_rest(self) -> bool:
        """Whether a rule asks what a shopper has seen."""
        return any(held.rule.kind is RuleKind.REST for held in self.rules)

    def acting(self, surface: str, now_ms: int, *, is_recipe: bool = False) -> list[ReadRule]:
        """The rules that hold on a surface at a moment, in the list of a recipe or in another."""
        return [held for held in self.rules if held.acts(surface, now_ms, is_recipe=is_recipe)]

    def with_rule(self, rule: Rule) -> RuleBook:
        """The book with a rule in place of the one of its id, else after all others; a rule that is off is left out."""
        ids = [held.rule.id for held in self.rules]
        place = ids.index(rule.id) if rule.id in ids else len(ids)
        new = (read_rule(rule),) if rule.is_on else ()
        return RuleBook((*self.rules[:place], *new, *self.rules[place + 1 :]))


def read_rule(rule: Rule) -> ReadRule:
    """Understand a rule.

    Raises:
        BadFilter: its target cannot be understood.
    """
    return ReadRule(
        rule=rule,
        target=parse(rule.target) if rule.target else None,
        starts_ms=0 if rule.starts_at is None else to_ms(rule.starts_at),
        ends_ms=FOREVER_MS if rule.ends_at is None else to_ms(rule.ends_at),
    )


def rule_book(db: sa.Connection) -> RuleBook:
    """The rules as the connection sees them."""
    return book_of(rule_tables.rules_in(db))


def book_of(rules: Sequence[Rule]) -> RuleBook:
    """A book of rules; those that are off are left out."""
    return RuleBook(tuple(read_rule(rule) for rule in rules if rule.is_on and not rule.is_gone))
