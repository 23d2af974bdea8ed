"""Whether a new model may serve: what it foretold of a window that it could not know, beside plainer rules and the old.

"Worse" is said only where the paired interval of the Brier score leaves no doubt; a chance error is no reason. A model
is miscalibrated where its error is clearly more than people's luck alone would show.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from zhanggui.audience.engines.lifetime.histories import Doubles

from .judging import Judgement, gain, judge

Reason = Literal["", "worse_than_recency", "no_better_than_lifetime", "worse_than_present", "miscalibrated"]
MOST_ERROR = 0.06
"""Calibration error beyond luck; the level of a season that nobody could know moves it by some hundredths."""
LUCK = 0.8
"""Mean distance of a share from its chance, in standard errors: the square root of 2/π."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Chances (n,) of the same people by the new model, by recency, by BG/NBD, and by the model that serves.

    `present` is None where none serves, or where it has learned from the window itself.
    """

    ours: Doubles
    recency: Doubles
    lifetime: Doubles
    present: Doubles | None
    came: NDArray[np.bool_]


def check_model(proof: Proof) -> tuple[Reason, Judgement, dict[str, float]]:
    """Why the model may not serve (empty when it may), its figures, and those of what it was held against."""
    ours = judge(proof.ours, proof.came)
    others = {"recency": proof.recency, "lifetime": proof.lifetime}
    if proof.present is not None:
        others["present"] = proof.present
    figures = {"auc": ours.auc, "brier": ours.brier, "log_loss": ours.log_loss, "ece": ours.ece, "came": ours.came}
    lost: dict[str, bool] = {}
    for name, chance in others.items():
        other = judge(chance, proof.came)
        better = gain((chance - proof.came) ** 2, (proof.ours - proof.came) ** 2, seed=0)
        lost[name] = better.high < 0
        figures |= {f"auc_{name}": other.auc, f"brier_{name}": other.brier, f"ece_{name}": other.ece}
        figures |= {f"gain_{name}": better.value, f"gain_{name}_low": better.low, f"gain_{name}_high": better.high}
    figures["ece_by_luck"] = by_luck(ours)
    tells_apart = bool(np.ptp(proof.ours) > 0)
    return _reason(lost, ours, tells_apart=tells_apart), ours, figures


def _reason(lost: dict[str, bool], ours: Judgement, *, tells_apart: bool) -> Reason:
    if lost["recency"]:
        return "worse_than_recency"
    if lost["lifetime"] or not tells_apart:
        return "no_better_than_lifetime"
    if lost.get("present", False):
        return "worse_than_present"
    return "miscalibrated" if ours.ece > MOST_ERROR + by_luck(ours) else ""


def by_luck(figures: Judgement) -> float:
    """The calibration error that chances show on so many people though they are right."""
    parts = [float(one.people * LUCK * (one.said * (1 - one.said) / one.people) ** 0.5) for one in figures.bins]
    return sum(parts) / figures.people
