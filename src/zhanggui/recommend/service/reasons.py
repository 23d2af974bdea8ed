"""Why each product of an answer is there: shares of its score by factor, and the events that they rest on."""

from __future__ import annotations

import numpy as np

from zhanggui.recommend.engines.interactions import Floats
from zhanggui.recommend.types import Evidence, Reason
from zhanggui.shop import CatalogueView

from .answering import Answer, Past
from .live_state import Snapshot
from .strengths import CARTED, PURCHASE

FACTORS = ("alike", "together", "content", "trend", "newness", "bought")
MOST_EVIDENCE = 3
_MEMBERS = ((0, 14), (1,), (2,), (3, 4, 5), (6,), (7, 8, 9, 10, 11, 12, 13))


def reasons(snapshot: Snapshot, past: Past, found: Answer, language: str) -> list[Reason]:
    """One reason a place, in order."""
    given = found.features * snapshot.model.blend
    factors = np.stack([given[:, columns].sum(axis=1) for columns in _MEMBERS], axis=1)
    shares = np.maximum(factors, 0.0)
    shares /= np.maximum(shares.sum(axis=1, keepdims=True), 1e-9)
    last = len(found.numbers) - 1
    return [
        _reason(snapshot, past, found, n, shares[n], language, is_exploring=found.is_exploring and n == last)
        for n in range(len(found.numbers))
    ]


def _reason(
    snapshot: Snapshot, past: Past, found: Answer, n: int, shares: Floats, language: str, *, is_exploring: bool
) -> Reason:
    view, number = snapshot.view, int(found.numbers[n])
    told = {name: round(float(share), 4) for name, share in zip(FACTORS, shares, strict=True) if share >= 0.00005}
    weight = _weights(found.parts[n], shares)
    top = np.argsort(-weight, kind="stable")[:MOST_EVIDENCE] if len(weight) else np.zeros(0, dtype=np.int64)
    because = [_evidence(view, past, found, int(row), float(weight[row])) for row in top if weight[row] > 0]
    if is_exploring and not because:
        return Reason("for_a_change", shares=told)
    factor = FACTORS[int(np.argmax(shares))] if shares.any() else "trend"
    if factor == "bought":
        own = int(np.flatnonzero(found.history == number)[0])
        return Reason("buy_again", evidence=(_evidence(view, past, found, own, float(shares[5])),), shares=told)
    if because and (factor in {"alike", "together", "content"} or is_exploring):
        return _from_history(view, past, found, number, int(top[0]), because, told, language)
    return Reason(_general(snapshot, found.features[n], factor), evidence=tuple(because), shares=told)


def _weights(parts: Floats, shares: Floats) -> Floats:
    """(rows,) share of the score that each product of the history answers for."""
    positive = np.maximum(parts, 0.0)
    totals = np.maximum(positive.sum(axis=0), 1e-9)
    weights: Floats = (positive / totals * shares[:3]).sum(axis=1)
    return weights


def _evidence(view: CatalogueView, past: Past, found: Answer, row: int, share: float) -> Evidence:
    event = int(found.newest[row])
    return Evidence(int(past.seq[event]), view.ids[int(found.history[row])], round(share, 4))


def _from_history(
    view: CatalogueView,
    past: Past,
    found: Answer,
    number: int,
    row: int,
    because: list[Evidence],
    told: dict[str, float],
    language: str,
) -> Reason:
    source = int(found.history[row])
    params = {"product_id": view.ids[source], "title": view.titles(source, language)}
    kind = int(past.kind[found.newest[row]])
    if told.get("content", 0.0) > max(told.get("alike", 0.0), told.get("together", 0.0)) or not told.get("alike"):
        shared = [chip for chip in view.chips(number) if chip in view.chips(source) and chip.kind != "price"]
        shared.sort(key=lambda chip: ("keyword", "category", "brand").index(chip.kind))
        if shared:
            params |= {"chip": shared[0].key, "value": shared[0].value}
            return Reason("same_keyword", params, tuple(because), told)
    code = "because_bought_with" if kind == PURCHASE else "because_carted" if kind in CARTED else "because_viewed"
    return Reason(code, params, tuple(because), told)


def _general(snapshot: Snapshot, features: Floats, factor: str) -> str:
    if factor == "newness":
        return "new_arrival"
    given = features[3:6] * snapshot.model.blend[3:6]
    return "popular" if int(np.argmax(given)) == 2 else "trending"
