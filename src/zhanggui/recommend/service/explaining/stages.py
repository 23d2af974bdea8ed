"""Why a product stands where it does for a shopper, or why it does not: each stage exactly, on demand, never logged."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import numpy as np

from zhanggui.recommend import words
from zhanggui.recommend.engines.blend import FACTOR_OF, FACTORS, FEATURES
from zhanggui.recommend.engines.content_parts import content_parts
from zhanggui.recommend.engines.ranking.accounts import account_of, margin_of
from zhanggui.recommend.engines.ranking.columns import COLUMNS, OF_BLEND, OF_MOMENT, OF_PROFILE, OF_SHOPPER
from zhanggui.recommend.engines.ranking.facts import FITS, Facts
from zhanggui.recommend.engines.ranking.lessons import BEST
from zhanggui.recommend.engines.scratch import Scratch
from zhanggui.recommend.service.answering import examined, rank
from zhanggui.recommend.service.live_state import Snapshot
from zhanggui.recommend.service.presenting import told_moves
from zhanggui.recommend.service.ranked import Examined, Ranking
from zhanggui.recommend.service.reasons import CONTENT, CONTENT_NAMES
from zhanggui.recommend.service.second_stage import asked_about
from zhanggui.recommend.service.serving import Serving
from zhanggui.recommend.service.surfaces import HOME
from zhanggui.recommend.service.wishing import Wish
from zhanggui.recommend.types.explaining import Explanation, HistoryPart, Part

from .losing import Lost, lost_at

_GROUPS = {
    "first_stage": "first_stage",
    "age": "age",
    "price": "price",
    "price_gap": "price",
    "price_distance": "price",
    "hour_fit": "habit",
    "weekday_fit": "habit",
    "season_fit": "habit",
    "category_share": "category",
    "own_interest": "own",
    "own_interest_lately": "own",
    "stock": "stock",
    "channel_fit": "place",
    "device_fit": "place",
    **dict.fromkeys(OF_SHOPPER, "activity"),
    **dict.fromkeys(OF_PROFILE, "foreseen"),
    **dict.fromkeys(OF_MOMENT, "moment"),
    **{name: FACTORS[FACTOR_OF[FEATURES.index(name)]] for name in OF_BLEND},
}
NAMES = (*FACTORS, *CONTENT_NAMES[1:])
"""What adds to a sum: the factors, and what vectors say of content."""
GROUP_OF = tuple(_GROUPS[name] for name in COLUMNS)
"""What each column of the trees is told under."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """The score of one product, apart: factors and history of the sum, groups of the trees, the merchant's aims."""

    factors: dict[str, float]
    history: np.ndarray
    ranker_expected: float
    ranker: dict[str, float]
    aims: dict[str, float]

    @property
    def parts(self) -> dict[str, float]:
        """All of it by one name each, what trees add to a factor with the factor."""
        names = (*self.factors, *self.ranker, *self.aims)
        every = (self.factors, self.ranker, self.aims)
        return {name: sum(one.get(name, 0.0) for one in every) for name in dict.fromkeys(names)}


@dataclass(frozen=True, slots=True)
class Explaining:
    """Explains single products of answers that are made for it and not logged."""

    serving: Serving

    def explain(
        self,
        product_id: str,
        customer_id: str | None = None,
        visitor_id: str | None = None,
        k: int = 10,
        surface: str = HOME,
        language: str = "zh",
        only: str = "",
        channel: str = "",
        device: str = "",
    ) -> Explanation:
        """Where a product stands in the answer that `for_shopper` would give now, and what that rests on.

        Raises:
            UnknownProduct: there is none of that id.
            BadFilter: the filter cannot be understood.
        """
        snapshot, shopper, wish = self.serving.asked(customer_id, visitor_id, k, surface, only, channel, device)
        number = snapshot.view.number_of(product_id)
        scratch = Scratch(len(snapshot.blocked))
        held = examined(snapshot, shopper.past, shopper.preferences, wish, scratch)
        found = None if wish.k == 0 else rank(snapshot, shopper.past, shopper.preferences, wish, scratch)
        lost = lost_at(number, snapshot, shopper, wish, held, found)
        return _Teller(snapshot, wish, held, found, language, scratch).told(number, lost)


class _Teller:
    """Puts one answer into an explanation."""

    def __init__(
        self,
        snapshot: Snapshot,
        wish: Wish,
        held: Examined,
        found: Ranking | None,
        language: str,
        scratch: Scratch,
    ) -> None:
        self._snapshot, self._held, self._found, self._language = snapshot, held, found, language
        self._wish, self._scratch, self._view = wish, scratch, snapshot.view
        facts = snapshot.facts or _no_facts(len(snapshot.blocked))
        self._asked = asked_about(snapshot, held.history, held.folded, held.blend, wish, facts)

    def told(self, number: int, lost: Lost) -> Explanation:
        """The explanation of a product; one that is no candidate has a stage and no figures."""
        view, snapshot, found = self._view, self._snapshot, self._found
        bare = Explanation(
            product_id=view.ids[number],
            title=view.titles(number, self._language),
            surface=self._wish.surface,
            model=snapshot.model.id or "untrained",
            stage=lost.stage,
            words=words.stage(lost.stage, lost.params, self._language),
            rule=lost.params.get("rule", ""),
            position=lost.position,
            candidates=len(self._held.ids),
            moves=() if found is None or found.moves is None else told_moves(snapshot, found.moves),
        )
        row = lost.row
        return bare if row < 0 else self._with_figures(bare, number, row, lost)

    def _with_figures(self, bare: Explanation, number: int, row: int, lost: Lost) -> Explanation:
        held, taken = self._held, self._taken(number, row)
        last, compared = lost.against, []
        if last >= 0:
            other = self._taken(int(held.ids[last]), last).parts
            mine = taken.parts
            names = dict.fromkeys((*mine, *other))
            less = {name: mine.get(name, 0.0) - other.get(name, 0.0) for name in names}
            compared = sorted(((name, value) for name, value in less.items() if value), key=lambda one: one[1])
        return msgspec.structs.replace(
            bare,
            place=int((held.scores > held.scores[row]).sum()) + 1,
            score=taken.ranker_expected + sum(taken.parts.values()),
            lowered_by=float(held.penalty[number]),
            factors=self._parts(taken.factors),
            history=self._history(taken.history),
            ranker_expected=taken.ranker_expected,
            ranker=self._parts(taken.ranker),
            aims=self._parts(taken.aims),
            chance=self._chance(row),
            behind=0.0 if last < 0 else float(held.scores[last] - held.scores[row]),
            against="" if last < 0 else self._view.ids[int(held.ids[last])],
            compared=self._parts(dict(compared)),
        )

    def _taken(self, number: int, row: int) -> Taken:
        snapshot = self._snapshot
        account = account_of(number, self._asked, self._scratch)
        history = self._apart(number, account.history)
        named = np.zeros(len(NAMES))
        named[: len(FACTORS)], named[len(FACTORS) :] = account.factors, history[:, len(FACTORS) :].sum(axis=0)
        named[CONTENT] -= named[len(FACTORS) :].sum()
        factors = {name: float(value) for name, value in zip(NAMES, named, strict=True) if value}
        expected, ranker = self._trees(number, row)
        aims: dict[str, float] = {}
        if snapshot.merit is not None:
            aims = dict(zip(("margin", "long_term"), map(float, snapshot.merit[number]), strict=True))
        return Taken(factors=factors, history=history, ranker_expected=expected, ranker=ranker, aims=aims)

    def _apart(self, number: int, history: np.ndarray) -> np.ndarray:
        """(rows, names) what each product of the history answers for, its likeness by vectors beside that by words."""
        apart = np.pad(history, ((0, 0), (0, len(NAMES) - len(FACTORS))))
        if self._snapshot.spaces is None:
            return apart
        winner = np.array([number], dtype=np.int32)
        parts = content_parts(winner, self._held.folded, self._snapshot.graphs.content, self._snapshot.spaces)
        by_row = parts.by_row[:, 0].astype(np.float64)
        shares = by_row[:, 1:] / np.maximum(by_row.sum(axis=1), 1e-12)[:, None]
        apart[:, len(FACTORS) :] = history[:, CONTENT, None] * shares
        apart[:, CONTENT] -= apart[:, len(FACTORS) :].sum(axis=1)
        return apart

    def _trees(self, number: int, row: int) -> tuple[float, dict[str, float]]:
        """The expected margin, and what each group adds to it; for candidates below the best, what keeps them there."""
        stage, held = self._snapshot.model.stage, self._held
        if stage is None or self._snapshot.facts is None or len(held.folded.products) == 0:
            return 0.0, {}
        merit = 0.0 if self._snapshot.merit is None else float(self._snapshot.merit[number].sum())
        if int((held.by_sum > held.by_sum[row]).sum()) >= BEST:
            return float(held.scores[row]) - float(held.by_sum[row]) - merit, {}
        by_column, _ = margin_of(
            np.array([number], dtype=np.int32), held.by_sum[row : row + 1], self._asked, stage.trees, self._scratch
        )
        groups: dict[str, float] = {}
        for group, value in zip(GROUP_OF, by_column[0].tolist(), strict=True):
            groups[group] = groups.get(group, 0.0) + value
        return stage.trees.expected, {group: value for group, value in groups.items() if value}

    def _chance(self, row: int) -> float | None:
        stage, held = self._snapshot.model.stage, self._held
        if stage is None or len(held.folded.products) == 0:
            return None
        scores = held.scores.astype(np.float64)
        if self._snapshot.merit is not None:  # what the merchant aims at makes nobody want anything
            scores -= self._snapshot.merit[held.ids].sum(axis=1)
        best = np.argsort(-scores, kind="stable")[:BEST]
        listed = best if row in best else np.append(best, row)
        return float(stage.calibration.chances(scores[listed])[np.flatnonzero(listed == row)[0]])

    def _history(self, shares: np.ndarray) -> tuple[HistoryPart, ...]:
        told = [
            HistoryPart(
                product_id=self._view.ids[number],
                title=self._view.titles(number, self._language),
                value=float(by.sum()),
                by={name: float(value) for name, value in zip(NAMES, by, strict=True) if value},
            )
            for number, by in zip(self._held.folded.products.tolist(), shares, strict=True)
            if by.any() and number < len(self._view.ids)
        ]
        return tuple(sorted(told, key=lambda one: -one.value))

    def _parts(self, held: dict[str, float]) -> tuple[Part, ...]:
        return tuple(Part(name, value, words.part(name, self._language)) for name, value in held.items())


def _no_facts(size: int) -> Facts:
    """For an answer that no tree is asked about."""
    none = np.zeros(0, dtype=np.int64)
    fits = np.zeros((0, FITS), dtype=np.float32)
    return Facts.of(none, fits, price_minor=none, created_ms=none, category=np.zeros(size, dtype=np.int32))
