"""Whether chosen lists serve better than the usual ones once a blend of all signals is learned with either."""

from __future__ import annotations

import numpy as np

from zhanggui.kernel.steps import OnStep, between, quiet
from zhanggui.recommend.engines.blend import fit_blend
from zhanggui.recommend.engines.choosing import Occasion, Split, choices_of, recall_at, replay
from zhanggui.recommend.engines.evaluation.intervals import exceeds_chance
from zhanggui.recommend.engines.first_stage import Graphs
from zhanggui.recommend.engines.interactions import Floats
from zhanggui.recommend.engines.popularity import repeat_rates

K = 20
NEGATIVES = 100


def recalls(graphs: Graphs, split: Split, occasions: list[Occasion], seed: int, on_step: OnStep = quiet) -> Floats:
    """(judged,) recall@20 of every other occasion, under a blend that was learned on those between."""
    rate = repeat_rates(split.past)
    taught = Split(past=split.past, occasions=occasions[0::2])
    judged = Split(past=split.past, occasions=occasions[1::2])
    rng = np.random.default_rng(seed)
    blend = fit_blend(
        choices_of(replay(graphs, rate, taught, on_step=between(on_step, 0, 60)), most=NEGATIVES, rng=rng)
    )
    return recall_at(blend, replay(graphs, rate, judged, on_step=between(on_step, 60, 100)), K)


def is_better(chosen: Floats, usual: Floats) -> bool:
    """Whether a paired gain is more than half a standard error: the lists alone have shown theirs already."""
    return exceeds_chance((chosen - usual).astype(np.float64), 0.5)
