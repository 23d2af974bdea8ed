"""Learning by gradients within a time: epoch after epoch until validation gains no more, the best weights kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from zhanggui.recommend.engines.learners.base import OnStep

from .tensors import Arrays, Tensor, Weights, arrays_of

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How long and how fast is learned.

    Attributes:
        seconds: of `clock` that learning may take; where they end it, another machine learns otherwise.
        epochs: at most.
        patience: epochs without a gain on validation.
        step: of Adam.
        decay: of weights, by AdamW.
        averaged: share of the past in the moving average of weights, which is what is validated and kept; 0 for none.
        clock: CPU seconds from any moment on, so that a busy machine does not change what is learned.
    """

    seconds: float = 300.0
    epochs: int = 200
    patience: int = 5
    step: float = 3e-3
    decay: float = 0.0
    averaged: float = 0.99
    clock: Clock = field(default=time.process_time, compare=False, repr=False)


def descend(
    weights: Weights,
    *,
    lessons: Callable[[], Iterable[Any]],
    loss: Callable[[Any], Tensor],
    quality: Callable[[Arrays], float],
    pace: Pace,
    on_step: OnStep,
) -> Arrays:
    """Learn.

    Args:
        weights: tensors that keep gradients; changed in place.
        lessons: the batches of one epoch.
        loss: of one batch, a tensor of one number.
        quality: on validation, larger is better.
        pace: how long.
        on_step: told (CPU seconds that passed, those that are allowed).

    Returns:
        The best weights that validation saw; always at least one look is taken.
    """
    import torch

    began = pace.clock()
    adam = torch.optim.AdamW(
        list(weights.values()), lr=pace.step, betas=(0.9, 0.98), weight_decay=pace.decay, fused=True
    )
    average = _Average(weights, pace.averaged)
    best, best_quality, waited = average.arrays(), -1.0, 0
    for _ in range(pace.epochs):
        for lesson in lessons():
            adam.zero_grad()
            loss(lesson).backward()
            adam.step()
            average.follow()
            if pace.clock() - began > pace.seconds:
                break
        now = average.arrays()
        reached, waited = quality(now), waited + 1
        if reached > best_quality:
            best, best_quality, waited = now, reached, 0
        spent = pace.clock() - began
        on_step(int(min(spent, pace.seconds)), int(pace.seconds))
        if waited >= pace.patience or spent > pace.seconds:
            break
    return best


class _Average:
    """A moving average of weights, unbiased at its beginning."""

    def __init__(self, weights: Weights, share: float) -> None:
        self._weights, self._share, self._steps = weights, share, 0
        self._kept = {name: tensor.detach().clone() for name, tensor in weights.items()}

    def follow(self) -> None:
        self._steps += 1
        share = min(self._share, 1 - 1 / self._steps)
        for name, kept in self._kept.items():
            kept.lerp_(self._weights[name].detach(), 1 - share)

    def arrays(self) -> Arrays:
        return arrays_of(self._kept)
