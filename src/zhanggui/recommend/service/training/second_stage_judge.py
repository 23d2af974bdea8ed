"""Whether trees enter a new model: the verdict of the occasions left out, and what guards say of the trees' lists."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from zhanggui.kernel.trees import Trees
from zhanggui.recommend.engines.choosing import Replay
from zhanggui.recommend.engines.interactions import Floats, Interactions
from zhanggui.recommend.engines.ranking.calibration import Calibration
from zhanggui.recommend.engines.ranking.columns import OF_PROFILE
from zhanggui.recommend.engines.ranking.facts import Facts, first_met, fits_of, fitted
from zhanggui.recommend.engines.ranking.lessons import Beside
from zhanggui.recommend.engines.ranking.stage import Stage
from zhanggui.recommend.engines.ranking.teaching import ORDERED, Teacher, Verdict
from zhanggui.recommend.ports import PastProfiles
from zhanggui.shop import CatalogueView

from .stock_book import StockBook

LESS_VARIED = "their lists show less of the catalogue"


class LearnedStage(msgspec.Struct, frozen=True, kw_only=True):
    """Trees as a checkpoint keeps them: numbers alone. `told` is the line of the card; no trees: the sum orders."""

    told: str
    trees: dict[str, bytes] = {}
    line: tuple[float, float] = (1.0, 0.0)

    def stage(self, events: Interactions, offset_ms: int) -> Stage | None:
        """The stage of a model of these events."""
        if not self.trees:
            return None
        held = {name: np.load(io.BytesIO(packed), allow_pickle=False) for name, packed in self.trees.items()}
        return Stage(
            trees=Trees(**held),
            first_ms=first_met(events),
            fits=fits_of(events, offset_ms),
            calibration=Calibration(*self.line),
        )


def facts_before(past: Interactions, view: CatalogueView, category: NDArray[np.int32], offset_ms: int) -> Facts:
    """What is known of products without the occasions that judge; prices are those of now."""
    return Facts.of(
        first_met(past),
        fits_of(past, offset_ms),
        price_minor=view.price_minor,
        created_ms=view.created_ms,
        category=category,
    )


def beside_of(book: StockBook, profiles: PastProfiles) -> Beside:
    """What else was known at moments of the past."""

    def foreseen(person: int, at_ms: int) -> Floats:
        return fitted(np.array(profiles.then(person, at_ms)), len(OF_PROFILE))

    return Beside(stock=book.at, foreseen=foreseen)


def packed(verdict: Verdict) -> LearnedStage:
    """What a verdict leaves."""
    if verdict.trees is None or verdict.calibration is None:
        return LearnedStage(told=verdict.told)
    trees = verdict.trees
    arrays: dict[str, NDArray[Any]] = {
        "feature": trees.feature,
        "threshold": trees.threshold,
        "value": trees.value,
        "cover": trees.cover,
    }
    line = (verdict.calibration.slope, verdict.calibration.intercept)
    return LearnedStage(told=verdict.told, trees={name: _bytes(one) for name, one in arrays.items()}, line=line)


def _bytes(array: NDArray[Any]) -> bytes:
    file = io.BytesIO()
    np.save(file, array, allow_pickle=False)
    return file.getvalue()


def figures_of(verdict: Verdict) -> dict[str, float]:
    """What the card keeps of a verdict."""
    if verdict.gain is None:
        return {}
    gain = verdict.gain
    return {
        "ndcg@20_sum": verdict.ndcg,
        "ndcg@20_trees_gain": gain.value,
        "ndcg@20_trees_gain_low": gain.low,
        "ndcg@20_trees_gain_high": gain.high,
        "calibration_error": verdict.error,
    }


def without_trees(verdict: Verdict, why: str) -> Verdict:
    """The sum stays, though trees would gain."""
    return replace(verdict, trees=None, why=why)


def in_order(replays: Sequence[Replay], teacher: Teacher, trees: Trees | None) -> tuple[Sequence[Replay], Floats]:
    """Occasions, and the weights that order their candidates as a model with or without trees does."""
    return (replays, teacher.weights) if trees is None else (teacher.ordered(replays, trees), ORDERED)
