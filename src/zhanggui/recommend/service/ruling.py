"""What filters, rules and tags do to one answer: which products stay away, which take part, in what order they come."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo

import numpy as np
from numpy.typing import NDArray

from zhanggui.recommend.engines.arranging import Arranged, Ranked, arrange
from zhanggui.recommend.engines.choosing import EXTRA, HISTORY_LIMIT
from zhanggui.recommend.engines.filters import Acts, Filter, FilterContext, mask
from zhanggui.recommend.engines.interactions import Floats, Ints
from zhanggui.recommend.engines.scratch import Scratch
from zhanggui.recommend.types.rules import RuleKind
from zhanggui.recommend.types.tags import ShopperTag

from .acting import Doer, Seen
from .head_starts import NAME as HEAD_START
from .head_starts import HeadStart
from .live_state import Snapshot
from .ordering import LIFTED, Ordering
from .rule_book import ReadRule
from .tilting import name_of

POOL, POOL_PER_PLACE, MOST_POOLED = 30, 3, 200
"""Ranked products among which an order is made: so many, and so many more for each place, up to a bound."""
TILTED_PER_PLACE = 2
"""Where nothing but tags orders: what stands further below cannot rise into the list by as little as a tag gives."""
LEADING = EXTRA + HISTORY_LIMIT
"""Most wanted products of a filter that are kept; a shopper's own past takes fewer of them away than are spare."""
PER_RULE = 20
"""Products of a rule's target that take part however they rank, the best first."""
Flags = NDArray[np.bool_]


class Ruling:
    """The filters and rules of one request.

    Args:
        snapshot: what answers share.
        wanted: the filter that came with the request.
        rules: those that act here and now.
        tags: of the shopper, those that act.
        start: what rises in everybody's list, where anything does.
        doer: what the shopper did.
        context: the request.
        seen: what the shopper was shown, where a rule asks for it.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        *,
        wanted: Filter | None,
        rules: Sequence[ReadRule],
        tags: Sequence[ShopperTag],
        start: HeadStart | None,
        doer: Doer,
        context: FilterContext,
        seen: Seen,
    ) -> None:
        self._snapshot, self._wanted, self.rules, self._doer, self._context = snapshot, wanted, rules, doer, context
        self._acts: Acts | None = None
        self._start = start
        kinds = {held.rule.kind for held in rules}
        self.arranges = bool(tags) or start is not None or bool(kinds - {RuleKind.FILTER})
        own = ((held.rule.id, held.rule.kind.value) for held in rules)
        self.names = (*own, *map(name_of, tags), *(() if start is None else (HEAD_START,)))
        self.is_strict = bool(kinds & {RuleKind.CAP, RuleKind.PIN})
        self._ordering = (
            Ordering(snapshot, rules, tags, doer, seen, context.now_ms, self._fits) if self.arranges else None
        )

    def narrow(self, blocked: Flags) -> NDArray[np.int32]:
        """Block what filters leave out; returns the products that are always candidates, those named by rules too."""
        for wanted in self._filters():
            self._block(wanted, blocked)
        extra = [self._snapshot.always]
        if self._wanted is not None:
            extra.append(self._leading(self._wanted, blocked, EXTRA))
        targets = (held.target for held in self.rules if held.rule.kind in LIFTED)
        extra.extend(self._leading(target, blocked, PER_RULE) for target in targets if target is not None)
        return np.concatenate(extra)

    def pooled(self, k: int) -> int:
        """Among how many ranked products the order of a list of `k` is made."""
        if not self.rules and self._start is None:
            return TILTED_PER_PLACE * k
        return max(k, min(POOL + POOL_PER_PLACE * k, MOST_POOLED))

    def pool(self, found: NDArray[np.int32], values: Floats, order: Ints) -> Ints:
        """Rows of the candidates to arrange: the best, and the best that a rule seeks and that are not among them.

        Args:
            found: (n,) candidates.
            values: (n,) their worth before any order.
            order: rows of the best, best first.
        """
        rows = [order]
        is_in = np.zeros(len(found), dtype=np.bool_)
        is_in[order] = True
        for sought in self._ordering.sought(found) if self._ordering else ():
            more = np.flatnonzero(sought & ~is_in)
            if len(more) > PER_RULE:
                more = more[np.argpartition(-values[more], PER_RULE - 1)[:PER_RULE]]
            more = more[np.lexsort((found[more], -values[more]))]
            is_in[more] = True
            rows.append(more)
        return np.concatenate(rows)

    def arranged(self, ids: NDArray[np.int32], values: Floats, k: int, scratch: Scratch) -> Arranged:
        """Put a ranked list in order.

        Args:
            ids: (n,) products, best first.
            values: (n,) of the ranking.
            k: places.
            scratch: working memory.
        """
        if self._ordering is None:
            none = np.zeros((0, 3), dtype=np.int32)
            return Arranged(rows=np.arange(min(k, len(ids))), moves=none)
        ranked = Ranked(ids=ids, values=values, category=self._snapshot.category[ids])
        content = self._snapshot.graphs.content
        order = self._ordering.order(ids, k)
        if self._start is not None:
            order = replace(order, lifts=[*order.lifts, self._start.lift(ids, len(self.names) - 1)])
        return arrange(ranked, order, k, scratch.slot, (content.ids, content.weights))

    def resting(self, ids: NDArray[np.int32]) -> Flags:
        """(n,) what rests from this shopper, by the rules."""
        return np.zeros(len(ids), dtype=np.bool_) if self._ordering is None else self._ordering.resting(ids)

    def _filters(self) -> Iterator[Filter]:
        if self._wanted is not None:
            yield self._wanted
        for held in self.rules:
            if held.rule.kind is RuleKind.FILTER and held.target is not None:
                yield held.target

    def _block(self, wanted: Filter, blocked: Flags) -> None:
        out = self._left_out(wanted, len(blocked))
        if wanted.reads_shopper:
            own = self._own()
            kept = blocked[own.products] | ~self._fitting(wanted)
            np.logical_or(blocked, out, out=blocked)
            blocked[own.products] = kept
        else:
            np.logical_or(blocked, out, out=blocked)

    def _left_out(self, wanted: Filter, size: int) -> Flags:
        """(size,) as `MaskCache.left_out`; a number beyond the catalogue is of no product."""
        out = self._snapshot.masks.left_out(wanted, self._context)
        if len(out) >= size:
            return out[:size]
        return np.concatenate([out, np.ones(size - len(out), dtype=np.bool_)])

    def _fits(self, wanted: Filter, ids: NDArray[np.int32]) -> Flags:
        fits = ~self._left_out(wanted, len(self._snapshot.blocked))[ids]
        if wanted.reads_shopper:
            own = dict(zip(self._own().products.tolist(), self._fitting(wanted).tolist(), strict=True))
            for row, number in enumerate(ids.tolist()):
                fits[row] = own.get(number, fits[row])
        return fits

    def _leading(self, wanted: Filter, blocked: Flags, most: int) -> NDArray[np.int32]:
        """The most wanted now of what a filter lets through."""
        snapshot = self._snapshot
        first = snapshot.masks.leading(wanted, self._context, snapshot.trend, snapshot.blocked, LEADING)
        rows = first.products[~blocked[first.products]][:most]
        if len(rows) < most and not first.is_all:  # other filters took the first ones away
            rows = np.flatnonzero(~(self._left_out(wanted, len(blocked)) | blocked))
            rows = rows[np.argsort(-snapshot.trend[rows], kind="stable")[:most]]
        if wanted.reads_shopper:
            own = self._own().products[self._fitting(wanted)]
            rows = np.union1d(rows, own[~blocked[own]])
        return rows.astype(np.int32)

    def _own(self) -> Acts:
        if self._acts is None:
            self._acts = self._doer.acts(self._snapshot.goods.size)
        return self._acts

    def _fitting(self, wanted: Filter) -> Flags:
        """Which of the products that the shopper has to do with fit."""
        return mask(wanted, self._snapshot.goods, self._context, acts=self._own())


def context_of(now_ms: int, zone: tzinfo, *, surface: str, channel: str, is_known: bool) -> FilterContext:
    """What filters may ask of a request."""
    local = datetime.fromtimestamp(now_ms / 1000, zone)
    return FilterContext(
        now_ms=now_ms,
        counts={"context.hour": local.hour, "context.weekday": local.isoweekday()},
        words={"context.surface": surface, "context.channel": channel},
        states=frozenset({"shopper.is_known" if is_known else "shopper.is_new"}),
    )
