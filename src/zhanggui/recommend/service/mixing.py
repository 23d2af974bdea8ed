"""Where articles, videos and live sessions stand among products, and how many of them at most."""

from __future__ import annotations

from collections.abc import Sequence

from zhanggui.kernel.clock import from_ms
from zhanggui.recommend.types.rules import Rule, RuleKind

from .rule_book import ReadRule, RuleBook, read_rule
from .surfaces import GOODS_ONLY, HOME
from .wishing import Wish

USUAL_SHARE = 0.2
USUAL = read_rule(
    Rule(
        id="",
        kind=RuleKind.MIX,
        name="",
        target="",
        surface=HOME,
        by="",
        value=USUAL_SHARE,
        starts_at=None,
        ends_at=None,
        is_on=True,
        changed_at=from_ms(0),
    )
)
"""What holds on the home page where no rule says anything about mixing there: one place in five at most."""


def mixed(book: RuleBook, wish: Wish) -> ReadRule | None:
    """The rule by which other things than products come in this answer; None where products alone do.

    Of several the last that acts counts. Recipes are about products.
    """
    if wish.surface in GOODS_ONLY or wish.recipe is not None:
        return None
    said = [held for held in book.acting(wish.surface, wish.now_ms) if held.rule.kind is RuleKind.MIX]
    found = said[-1] if said else USUAL if wish.surface == USUAL.rule.surface else None
    return None if found is None or found.rule.value <= 0 else found


def with_mix(rules: Sequence[ReadRule], found: ReadRule | None) -> list[ReadRule]:
    """The rules that act with the one about mixing, which counts alone of its kind."""
    others = [held for held in rules if held.rule.kind is not RuleKind.MIX]
    return others if found is None else [*others, found]
