"""Why each product of an answer is there: shares of its score by factor, and the events that they rest on."""

from __future__ import annotations

import numpy as np

from zhanggui.recommend.engines.interactions import Floats
from zhanggui.recommend.types import Evidence, Reason

from .answering import Answer, Past
from .live_state import Snapshot
from .strengths import CARTED, PURCHASE

FACTORS = ("alike", "together", "content", "trend", "newness", "bought")
MOST_EVIDENCE = 3
_FROM_HISTORY = 3  # the first three factors rest on single events
_POPULAR = 2  # of the three trends, the longest
_MEMBERS = ((0, 14), (1,), (2,), (3, 4, 5), (6,), (7, 8, 9, 10, 11, 12, 13))
_MEMBERSHIP = np.zeros((15, len(FACTORS)), dtype=np.float32)
for _factor, _columns in enumerate(_MEMBERS):
    _MEMBERSHIP[list(_columns), _factor] = 1.0


def reasons(snapshot: Snapshot, past: Past, found: Answer, language: str) -> list[Reason]:
    """One reason a place, in order."""
    if len(found.numbers) == 0:
        return []
    factors = (found.features * snapshot.model.blend) @ _MEMBERSHIP
    shares = np.maximum(factors, 0.0)
    shares /= np.maximum(shares.sum(axis=1, keepdims=True), 1e-9)
    weights = _weights(found.parts, shares)
    top = np.argsort(-weights, axis=1, kind="stable")[:, :MOST_EVIDENCE]
    teller = _Teller(snapshot, past, found, language)
    last = len(found.numbers) - 1
    rows = zip(
        shares.argmax(axis=1).tolist(),
        np.round(shares, 4).tolist(),
        top.tolist(),
        np.take_along_axis(weights, top, axis=1).tolist(),
        strict=True,
    )
    return [
        teller.tell(
            n, factor, share, list(zip(row, weight, strict=True)), is_exploring=found.is_exploring and n == last
        )
        for n, (factor, share, row, weight) in enumerate(rows)
    ]


def _weights(parts: Floats, shares: Floats) -> Floats:
    """(k, rows) share of the score that each product of the history answers for."""
    positive = np.maximum(parts, 0.0)
    each = shares[:, :3] / np.maximum(positive.sum(axis=1), 1e-9)
    weights: Floats = np.matmul(positive, each[:, :, None])[:, :, 0]
    return weights


class _Teller:
    """Puts the figures of one answer into reasons."""

    def __init__(self, snapshot: Snapshot, past: Past, found: Answer, language: str) -> None:
        self._view, self._blend, self._features = snapshot.view, snapshot.model.blend, found.features
        self._language = language
        self._numbers, self._history = found.numbers.tolist(), found.history.tolist()
        self._kinds, self._seqs = past.kind[found.newest].tolist(), past.seq[found.newest].tolist()

    def tell(
        self, n: int, factor: int, share: list[float], top: list[tuple[int, float]], *, is_exploring: bool
    ) -> Reason:
        """The reason of place `n`: its main factor, all shares, and the strongest rows of the history."""
        told = {name: value for name, value in zip(FACTORS, share, strict=True) if value > 0}
        because = tuple(self._evidence(row, weight) for row, weight in top if weight > 0)
        if is_exploring and not because:
            return Reason("for_a_change", shares=told)
        if FACTORS[factor] == "bought" and told:
            own = self._history.index(self._numbers[n])
            return Reason("buy_again", evidence=(self._evidence(own, share[factor]),), shares=told)
        if because and (factor < _FROM_HISTORY or is_exploring):
            return self._from_history(self._numbers[n], top[0][0], because, told)
        return Reason(self._general(n, FACTORS[factor]), evidence=because, shares=told)

    def _evidence(self, row: int, share: float) -> Evidence:
        return Evidence(self._seqs[row], self._view.ids[self._history[row]], round(share, 4))

    def _from_history(self, number: int, row: int, because: tuple[Evidence, ...], told: dict[str, float]) -> Reason:
        view, source, kind = self._view, self._history[row], self._kinds[row]
        params = {"product_id": view.ids[source], "title": view.titles(source, self._language)}
        behaviour = max(told.get("alike", 0.0), told.get("together", 0.0))
        if told.get("content", 0.0) > behaviour or behaviour == 0:
            shared = [chip for chip in view.chips(number) if chip in view.chips(source) and chip.kind != "price"]
            if shared:
                chip = min(shared, key=lambda chip: ("keyword", "category", "brand").index(chip.kind))
                return Reason("same_keyword", params | {"chip": chip.key, "value": chip.value}, because, told)
        code = "because_bought_with" if kind == PURCHASE else "because_carted" if kind in CARTED else "because_viewed"
        return Reason(code, params, because, told)

    def _general(self, n: int, factor: str) -> str:
        if factor == "newness":
            return "new_arrival"
        given = self._features[n, 3:6] * self._blend[3:6]
        return "popular" if int(np.argmax(given)) == _POPULAR else "trending"
