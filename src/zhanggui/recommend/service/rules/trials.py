"""What a rule would do, before it does it: the list of a shopper without and with it. Nothing is logged as shown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, tzinfo

import msgspec
import numpy as np

from zhanggui.recommend.service.live_state import Snapshot
from zhanggui.recommend.service.presenting import told_moves
from zhanggui.recommend.service.recommender import Recommender
from zhanggui.recommend.service.rule_book import read_rule
from zhanggui.recommend.service.ruling import context_of
from zhanggui.recommend.service.wishing import Wish
from zhanggui.recommend.types.rules import Rule, RulePreview, TryRule

from .keeping import Rules

EXAMPLES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTrials:
    """Tries rules on real shoppers' lists."""

    rules: Rules
    recommender: Recommender
    zone: tzinfo = UTC

    def preview(self, ask: TryRule) -> RulePreview:
        """The list as it is and as it would be, as if the rule held now and on the surface asked for.

        Raises:
            BadFilter, UnknownValue, BadRule: as for `Rules.create`.
        """
        rule = self.rules.checked(ask.rule, ask.rule_id or "")
        tried = msgspec.structs.replace(rule, starts_at=None, ends_at=None, surface="", is_on=True)
        snapshot, shopper, wish = self.recommender.asked(ask.customer_id, ask.visitor_id, ask.k, ask.surface)
        after = replace(snapshot, book=snapshot.book.with_rule(tried))
        was, before = self.recommender.ranked(snapshot, shopper.past, shopper.preferences, wish, ask.language)
        found, items = self.recommender.ranked(after, shopper.past, shopper.preferences, wish, ask.language)
        ranked = was.numbers if found.moves is None else found.moves.ranked
        products, examples = self._named(snapshot, tried, wish)
        return RulePreview(
            before=before,
            after=items,
            moves=() if found.moves is None else told_moves(snapshot, found.moves),
            ranked=tuple(snapshot.view.ids[number] for number in ranked.tolist()),
            products=products,
            examples=examples,
        )

    def _named(self, snapshot: Snapshot, rule: Rule, wish: Wish) -> tuple[int, tuple[str, ...]]:
        """How many products a rule is about, whoever asks, and those of them that are wanted most now."""
        target = read_rule(rule).target
        if target is None:
            return snapshot.view.products, ()
        context = context_of(wish.now_ms, self.zone, surface=wish.surface, channel="", is_known=True)
        numbers = np.flatnonzero(~snapshot.masks.left_out(target, context))
        numbers = numbers[[snapshot.view.entries[number] is not None for number in numbers.tolist()]]
        best = numbers[np.argsort(-snapshot.signals[numbers, 1], kind="stable")][:EXAMPLES]
        return len(numbers), tuple(snapshot.view.ids[number] for number in best.tolist())
