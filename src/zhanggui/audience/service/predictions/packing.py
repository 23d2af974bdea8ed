"""Models as arrays by the name of their file, and back."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np

from zhanggui.audience.engines.lifetime.accounting import FIGURES, Typical
from zhanggui.audience.engines.lifetime.bg_nbd import BgNbd
from zhanggui.audience.engines.lifetime.gamma_gamma import GammaGamma
from zhanggui.audience.engines.propensity.calibration import METHODS, Calibration
from zhanggui.audience.engines.propensity.columns import COLUMNS
from zhanggui.audience.engines.propensity.describing import Lifetime
from zhanggui.audience.engines.propensity.latent import LatentSpace
from zhanggui.audience.engines.propensity.learning import Propensity
from zhanggui.audience.engines.propensity.next_category import NextCategory
from zhanggui.kernel.trees import Trees

Held = Mapping[str, Any]
_TYPICAL, _LATENT = "typical_", "latent_"
_SPACE = ("vectors", "centers", "usual", "line")


def propensity_arrays(model: Propensity) -> Held:
    """Trees, calibration, and the names of the columns that the trees ask by number."""
    return {
        "feature": model.trees.feature,
        "threshold": model.trees.threshold,
        "value": model.trees.value,
        "cover": model.trees.cover,
        "columns": np.array(COLUMNS),
        "calibration": model.calibration.numbers,
    }


def propensity_of(arrays: Held, method: str, horizon_days: int) -> Propensity | None:
    """The model; None where its trees ask other columns than those of today: they would ask something else."""
    if tuple(arrays["columns"].tolist()) != COLUMNS or method not in METHODS:
        return None
    trees = Trees(
        feature=arrays["feature"], threshold=arrays["threshold"], value=arrays["value"], cover=arrays["cover"]
    )
    calibration = Calibration(method=method, numbers=arrays["calibration"])
    return Propensity(horizon_days=horizon_days, trees=trees, calibration=calibration)


def lifetime_parameters(lifetime: Lifetime, typical: Typical) -> dict[str, float]:
    """The parameters by name, and the typical customer; what could not be fitted is left out."""
    found: dict[str, float] = {}
    if (purchases := lifetime.purchases) is not None:
        found |= {"r": purchases.r, "alpha_days": purchases.alpha, "a": purchases.a, "b": purchases.b}
    if (values := lifetime.values) is not None:
        found |= {"p": values.p, "q": values.q, "gamma_minor": values.gamma}
    return found | {f"{_TYPICAL}{name}": value for name, value in dataclasses.asdict(typical).items()}


def typical_in(named: Mapping[str, float]) -> Typical | None:
    """The shop's typical customer; None on cards that were written before it was kept."""
    held = {name: named.get(f"{_TYPICAL}{name}") for name in FIGURES}
    known = {name: value for name, value in held.items() if value is not None}
    return Typical(**known) if len(known) == len(FIGURES) else None


def lifetime_of(named: Mapping[str, float]) -> Lifetime:
    """Both models, of their parameters."""
    purchases = values = None
    if "r" in named:
        purchases = BgNbd(r=named["r"], alpha=named["alpha_days"], a=named["a"], b=named["b"])
    if "p" in named:
        values = GammaGamma(p=named["p"], q=named["q"], gamma=named["gamma_minor"])
    return Lifetime(purchases=purchases, values=values)


def category_arrays(model: NextCategory, space: LatentSpace | None) -> Held:
    """Counts and weights, and the space of latent interests where there is one."""
    held = {"after": model.after, "everybody": model.everybody, "weights": model.weights}
    if space is None:
        return held
    return held | {f"{_LATENT}{name}": getattr(space, name) for name in _SPACE}


def space_of(arrays: Held) -> LatentSpace | None:
    """The space of latent interests; None where none was kept."""
    if f"{_LATENT}line" not in arrays:
        return None
    return LatentSpace(**{name: arrays[f"{_LATENT}{name}"] for name in _SPACE})


def category_of(arrays: Held) -> NextCategory:
    """The model."""
    return NextCategory(after=arrays["after"], everybody=arrays["everybody"], weights=arrays["weights"])
