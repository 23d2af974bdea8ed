"""The slider between sales and variety: one number that stands for four rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from zhanggui.recommend.service.rule_book import RuleBook, read_rule
from zhanggui.recommend.service.surfaces import SPARED
from zhanggui.recommend.types.rules import Rule, RuleKind

STRENGTHS = {
    RuleKind.VARIETY: 0.3,
    RuleKind.TASTE: 0.2,
    RuleKind.EXPLORE: 0.3,
    RuleKind.FAIR: 0.4,
}
"""What each rule's value is where the slider stands at 1; it grows with the position."""
NAME = "slider"
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def with_slider(book: RuleBook, position: float) -> RuleBook:
    """The book with the rules of a position in [0, 1] behind its own; a kind that the merchant set is theirs."""
    own = {held.rule.kind for held in book.rules if not held.rule.surface}
    added = (read_rule(slider_rule(kind, position)) for kind in STRENGTHS if position > 0 and kind not in own)
    return RuleBook((*book.rules, *(replace(rule, spared=SPARED, spares_recipes=True) for rule in added)))


def slider_rule(kind: RuleKind, position: float) -> Rule:
    """One of the four rules that a position stands for."""
    return Rule(
        id=f"{NAME}:{kind.value}",
        kind=kind,
        name=NAME,
        target="",
        surface="",
        by="",
        value=STRENGTHS[kind] * position,
        starts_at=None,
        ends_at=None,
        is_on=True,
        changed_at=_BEGINNING,
    )
