"""Training of one horizon: the model, and the proof on a window that a model made in the same way could not know."""

from __future__ import annotations

from typing import cast

import numpy as np

from zhanggui.audience.engines.propensity.columns import COLUMNS
from zhanggui.audience.engines.propensity.learning import Lesson, Lessons, Propensity, Taught, teach
from zhanggui.audience.engines.propensity.model_check import Proof, check_model
from zhanggui.audience.engines.propensity.rules import lifetime_chances, recency_rule
from zhanggui.audience.engines.propensity.windows import needed_days
from zhanggui.audience.types.predictions import HORIZONS, DataCheck, Kind

from .basis import Basis, Draft, Made, bins_of, check, day_text, rounded
from .packing import propensity_arrays, propensity_of

LEAST_OF_A_KIND = 30
"""Customers who bought in a window, and who did not, at least: fewer say nothing of chances."""


def train_propensity(basis: Basis, kind: Kind) -> Made:
    """A model of one horizon; none where there is too little to learn from, or LightGBM is not here."""
    horizon = HORIZONS[kind]
    days = check(kind, "days", needed_days(horizon), basis.days)
    if not days.holds:
        return Made(draft=None, checks=(days,))
    lessons = Lessons(basis.acts, horizon)
    judging, calibrating = lessons.at(basis.until_day - horizon), lessons.at(basis.until_day - 2 * horizon)
    buyers = check(kind, "buyers", LEAST_OF_A_KIND, min(_rarer(judging), _rarer(calibrating)))
    checks: tuple[DataCheck, ...] = (days, buyers)
    if not buyers.holds:
        return Made(draft=None, checks=checks)
    try:
        proof = teach(lessons, basis.until_day - horizon, seed=basis.seed)
        final = teach(lessons, basis.until_day, seed=basis.seed)
    except (ImportError, OSError):
        return Made(draft=None, checks=(*checks, check(kind, "lightgbm", 1, 0)))
    except ValueError:  # in the dates that teach nobody bought, or everybody did
        return Made(draft=None, checks=(days, check(kind, "buyers", LEAST_OF_A_KIND, 0)))
    if proof is None or final is None:
        return Made(draft=None, checks=checks)
    return Made(draft=_draft(basis, kind, proof, final, judging), checks=checks)


def _draft(basis: Basis, kind: Kind, proof: Taught, final: Taught, judging: Lesson) -> Draft:
    horizon = HORIZONS[kind]
    reason, figures, metrics = check_model(
        Proof(
            ours=proof.model.chances(judging.rows),
            recency=recency_rule(proof.calibrating).chances(judging.rows),
            lifetime=lifetime_chances(judging.rows),
            present=_present(basis, kind, judging),
            came=judging.came,
        )
    )
    card = basis.card(
        kind,
        rows=len(final.calibrating.came),
        horizon_days=horizon,
        method=final.model.calibration.method,
        parameters={"trees": float(len(final.model.trees)), "judged_people": float(figures.people)},
        metrics=rounded(metrics | _importance(final.model, judging)),
        bins=bins_of(figures.bins),
        reason=reason,
        state="refused" if reason else "current",
    )
    return Draft(card, propensity_arrays(final.model))


def _present(basis: Basis, kind: Kind, judging: Lesson) -> np.ndarray | None:
    """What the model that serves says of the window; None where there is none, or it learned from the window itself."""
    held = basis.present.get(kind)
    if held is None or held[0].until_day > day_text(basis.until_day - HORIZONS[kind]):
        return None
    model = propensity_of(held[1], held[0].method, HORIZONS[kind])
    return None if model is None else cast("np.ndarray", model.chances(judging.rows))


def _importance(model: Propensity, judging: Lesson) -> dict[str, float]:
    """By column how much it moves log odds, on average over some of the people judged; those that move any."""
    from zhanggui.kernel.trees import attribute

    rows = judging.rows[:: max(1, len(judging.rows) // 100)]
    mean = np.mean([np.abs(attribute(model.trees, row)) for row in rows], axis=0)
    return {f"moves_{name}": float(value) for name, value in zip(COLUMNS, mean, strict=True) if value > 0}


def _rarer(lesson: Lesson) -> int:
    bought = int(lesson.came.sum())
    return min(bought, len(lesson.came) - bought)
