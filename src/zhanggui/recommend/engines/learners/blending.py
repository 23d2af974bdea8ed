"""One score out of several: a weighted sum whose few weights are learned on validation.

The scale of every model is one number for all people, so that a blend's score is the sum of what each model says for
each event of a history, and reasons may be told apart exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhanggui.recommend.engines.blend import Choices, fit_blend
from zhanggui.recommend.engines.evaluation.tasks import Task
from zhanggui.recommend.engines.interactions import Floats, Interactions, Ints

from .base import Fitted

DEPTH = 100
"""Best products of every model that a blend is learned on; what no model ranks higher cannot come into a list."""
_SCORE_BYTES = 200_000_000
_STEPS = (0.0, 0.25, 0.5, 0.7, 0.85, 1.18, 1.4, 2.0, 4.0)
_ROUNDS = 6
_FIRST_SHARE = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedBlend:
    """A weighted sum of fitted learners.

    Attributes:
        parts: what is summed.
        weights: (len(parts),) of each part's raw scores: learned weight over the part's scale.
    """

    parts: tuple[Fitted, ...]
    weights: tuple[float, ...]

    def score(self, histories: Interactions, people: int) -> Floats:
        """See `Fitted`."""
        total = self.parts[0].score(histories, people)
        total *= np.float32(self.weights[0])
        for part, weight in zip(self.parts[1:], self.weights[1:], strict=True):
            scores = part.score(histories, people)
            scores *= np.float32(weight)
            total += scores
        return total


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """What several models say of the same candidates, and which of them were taken.

    Attributes:
        scores: (n, models) raw scores.
        starts: (cases + 1,) row at which each case begins, and the end.
        taken: (n,) whether a candidate came next.
    """

    scores: Floats
    starts: Ints
    taken: NDArray[np.bool_]

    def quality(self, weights: NDArray[np.float64], k: int) -> NDArray[np.float64]:
        """(cases,) NDCG@k under these weights of raw scores; equal scores count as ranked before a target."""
        from .list_kernels import panel_gains  # imports numba

        gains = np.zeros(len(self.starts) - 1)
        if len(gains) == 0:
            return gains
        panel_gains(self.scores, weights.astype(np.float32), self.starts, self.taken, k, gains)
        return gains


def gather(parts: Sequence[Fitted], task: Task, *, depth: int = DEPTH) -> Panel:
    """Ask every part about every case, and keep the `depth` best of each with what was taken."""
    batch = max(1, min(256, _SCORE_BYTES // (4 * task.size * (len(parts) + 1))))
    rows, lengths, taken = [], [], []
    for first, last, histories in task.batches(batch):
        scores = [part.score(histories, last - first) for part in parts]
        chosen = np.zeros((last - first, task.size), dtype=bool)
        for one in scores:
            one[:, 0] = -np.inf
            if not task.keep_seen:
                one[histories.person, histories.product] = -np.inf
            _mark_best(one, depth, chosen)
        is_target = np.zeros_like(chosen)
        targets = slice(task.target_starts[first], task.target_starts[last])
        case = np.repeat(np.arange(last - first), np.diff(task.target_starts[first : last + 1]))
        is_target[case, task.target_products[targets]] = True
        chosen |= is_target
        people, products = np.nonzero(chosen)
        rows.append(np.stack([one[people, products] for one in scores], axis=1))
        lengths.append(chosen.sum(axis=1))
        taken.append(is_target[people, products])
    width = len(parts)
    return Panel(
        scores=np.concatenate([np.zeros((0, width), dtype=np.float32), *rows]),
        starts=np.cumsum(np.concatenate([[0], *lengths])).astype(np.int64),
        taken=np.concatenate([np.zeros(0, dtype=bool), *taken]),
    )


def learn_weights(panel: Panel, scales: NDArray[np.float64], *, k: int) -> NDArray[np.float64]:
    """(models,) weights ≥ 0 of scaled scores that rank best what was taken: softmax first, then NDCG@k by coordinates.

    A step is taken only when its gain over the cases is not chance (a standard error of the paired difference),
    so that few cases leave a blend plain: the best model, or those that the softmax asks for.
    """
    width = len(scales)
    if len(panel.starts) == 1:
        return np.full(width, 1 / width)
    alone = [panel.quality(np.eye(width)[n] / scales, k) for n in range(width)]
    best = int(np.argmax([quality.mean() for quality in alone]))
    starts = [np.eye(width)[best], _softmax(panel, scales)]
    found = [_climb(panel, scales, start, k) for start in starts if start.sum() > 0]
    weights, _ = max(found, key=lambda pair: pair[1])
    normal: NDArray[np.float64] = weights / weights.sum()
    return normal


def scale_of(part: Fitted, task: Task) -> float:
    """The size of a model's best scores: the median over cases of its tenth best; 1 where it says nothing.

    Of a model that names fewer than ten products the least of those counts. A 0 would say nothing of its size, and a
    blend could bring nothing in beside it: any step would drown the one or the other.
    """
    tops = []
    for first, last, histories in task.batches(max(1, min(256, _SCORE_BYTES // (8 * task.size)))):
        scores = part.score(histories, last - first)
        tenth = max(1, task.size - 10)
        best = np.partition(scores, tenth, axis=1)[:, tenth:]
        least = best.min(axis=1)
        tops.append(np.where(least == 0, np.where(best > 0, best, np.inf).min(axis=1), least))
    sizes = np.abs(np.concatenate(tops)) if tops else np.zeros(0)
    sizes = sizes[np.isfinite(sizes)]
    typical = float(np.median(sizes)) if len(sizes) else 0.0
    return typical if typical > 0 else 1.0


def _mark_best(scores: Floats, depth: int, chosen: NDArray[np.bool_]) -> None:
    depth = min(depth, scores.shape[1] - 1)
    best = np.argpartition(scores, -depth, axis=1)[:, -depth:]
    kept = np.isfinite(np.take_along_axis(scores, best, axis=1))
    chosen[np.nonzero(kept)[0], best[kept]] = True


def _softmax(panel: Panel, scales: NDArray[np.float64]) -> NDArray[np.float64]:
    """Weights by the listwise softmax, negative ones cut to 0."""
    if not panel.taken.any():
        return np.zeros(len(scales))
    occasion = np.repeat(np.arange(len(panel.starts) - 1), np.diff(panel.starts))
    features = np.maximum(np.nan_to_num(panel.scores / scales, neginf=0.0), -1e3).astype(np.float32)
    choices = Choices(features=features, occasion=occasion, taken=panel.taken.astype(np.float32))
    return np.maximum(fit_blend(choices).astype(np.float64), 0.0)


def _climb(
    panel: Panel, scales: NDArray[np.float64], weights: NDArray[np.float64], k: int
) -> tuple[NDArray[np.float64], float]:
    """Coordinate search from `weights`: each is multiplied, or brought in, while that helps."""
    weights = weights / weights.sum()
    quality = panel.quality(weights / scales, k)
    for _ in range(_ROUNDS):
        before = quality.mean()
        for place in range(len(weights)):
            weights, quality = _best_step(panel, scales, weights, quality, place, k)
        if quality.mean() <= before:
            break
    return weights, float(quality.mean())


def _best_step(
    panel: Panel,
    scales: NDArray[np.float64],
    weights: NDArray[np.float64],
    quality: NDArray[np.float64],
    place: int,
    k: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    present = weights[place] > 0
    values = weights[place] * np.array(_STEPS) if present else weights.sum() * _FIRST_SHARE * np.array(_STEPS[1:])
    best = weights, quality
    for value in values:
        tried = weights.copy()
        tried[place] = value
        if tried.sum() <= 0:
            continue
        now = panel.quality(tried / scales, k)
        gain = now - quality
        # Bringing in a model costs time in every answer: it has to show more than chance.
        needed = 0.0 if present else float(gain.std()) / max(1.0, len(gain) ** 0.5)
        if gain.mean() > needed and now.mean() > best[1].mean():
            best = tried, now
    return best
