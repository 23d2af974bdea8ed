"""Trees that put what was taken next before what was not, on top of the first stage's sum (LambdaMART).

The sum is where the trees begin: what they add is a correction, in the same unit, and no trees are the sum itself.

Source: Burges, "From RankNet to LambdaRank to LambdaMART", 2010, MSR-TR-2010-82; Ke and others, "LightGBM", NIPS 2017.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from zhanggui.kernel.steps import OnStep, quiet
from zhanggui.kernel.trees import Trees, trees_of
from zhanggui.recommend.engines.interactions import Floats

from .columns import COLUMNS, CONSTRAINTS
from .lessons import Lesson

DEPTH, MOST_TREES, PATIENCE = 4, 100, 25
LATER = 0.2
"""Share of the occasions, the latest, that say when to stop."""
LEAST_OCCASIONS = 100
K = 20


def learn_trees(lesson: Lesson, seed: int, on_step: OnStep = quiet) -> Trees | None:
    """Trees for a lesson, as many as its later occasions bear out; None where there are too few or none helps.

    `on_step` hears of every tree; what it raises ends the learning.

    Raises:
        ImportError, OSError: LightGBM is not here, or cannot be loaded on this machine.
    """
    import lightgbm

    occasions = len(lesson.lengths)
    border = int(occasions * (1 - LATER))
    earlier, later = lesson.part(0, border), lesson.part(border, occasions)
    if occasions < LEAST_OCCASIONS or not (earlier.worth.any() and later.worth.any()):
        return None
    worths = np.unique(lesson.worth[lesson.worth > 0])
    taught = _data(lightgbm, earlier, worths, None)
    # A mean worth of 1 keeps the pace of learning whatever the unit of the merchant's weights.
    gains = [0.0, *(worths / lesson.worth[lesson.worth > 0].mean()).tolist()]
    booster = lightgbm.train(
        {**_settings(seed), "label_gain": gains},
        taught,
        MOST_TREES,
        valid_sets=[_data(lightgbm, later, worths, taught)],
        callbacks=[
            lightgbm.early_stopping(PATIENCE, verbose=False),
            lambda reached: on_step(reached.iteration + 1, reached.end_iteration),
        ],
    )
    dumped = booster.dump_model(num_iteration=booster.best_iteration)
    found = trees_of(dumped, DEPTH)
    return found if len(found) and np.any(found.value) else None


def _data(lightgbm: Any, lesson: Lesson, worths: Floats, like: Any) -> Any:
    """Grades are places among the `worths` that occur, ascending from 1; 0 for what was not taken or does not count."""
    return lightgbm.Dataset(
        lesson.rows,
        np.searchsorted(worths, lesson.worth, side="right").astype(np.int32),
        group=lesson.lengths,
        init_score=lesson.first_stage.astype(np.float64),
        feature_name=list(COLUMNS),
        reference=like,
        params={"use_missing": False, "max_bin": 63, "verbosity": -1, "num_threads": 2},
    )


def _settings(seed: int) -> dict[str, Any]:
    return {
        "objective": "lambdarank",
        "metric": "ndcg",
        "eval_at": [K],
        "lambdarank_norm": False,
        "lambdarank_truncation_level": 25,
        "num_leaves": 2**DEPTH,
        "max_depth": DEPTH,
        "learning_rate": 0.03,
        "min_data_in_leaf": 100,
        "lambda_l2": 20.0,
        "feature_fraction": 0.5,
        "monotone_constraints": list(CONSTRAINTS),
        "use_missing": False,
        "max_bin": 63,
        "num_threads": 2,
        "deterministic": True,
        "force_row_wise": True,
        "seed": seed,
        "verbosity": -1,
    }
