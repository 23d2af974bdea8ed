"""The second stage of a trained model: trees with what they know of products, and how scores become chances."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhanggui.kernel.trees import Trees
from zhanggui.recommend.engines.interactions import Floats, Ints

from .calibration import Calibration
from .columns import COLUMNS, N_COLUMNS
from .facts import FITS, Facts, log_stocks


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What training leaves of it.

    Attributes:
        trees: what they add to the sum.
        first_ms: (size,) when each product was first met; 0 for never.
        fits: (size, 23) see `Facts.fits`.
        calibration: from scores to chances.
    """

    trees: Trees
    first_ms: Ints
    fits: Floats
    calibration: Calibration

    def facts(self, price_minor: Ints, created_ms: Ints, category: NDArray[np.int32], available: Ints) -> Facts:
        """What trees know of products, with the catalogue of now; see `Facts.of`."""
        return Facts.of(
            self.first_ms,
            self.fits,
            price_minor=price_minor,
            created_ms=created_ms,
            category=category,
            log_stock=log_stocks(available),
        )

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """The arrays by the name of their file."""
        return {
            "tree_feature": self.trees.feature,
            "tree_threshold": self.trees.threshold,
            "tree_value": self.trees.value,
            "tree_cover": self.trees.cover,
            "tree_columns": np.array(COLUMNS),
            "first_ms": self.first_ms,
            "fits": self.fits,
            "calibration": np.array([self.calibration.slope, self.calibration.intercept]),
        }


STAGE_ARRAYS = (
    "tree_feature",
    "tree_threshold",
    "tree_value",
    "tree_cover",
    "tree_columns",
    "first_ms",
    "fits",
    "calibration",
)


def stage_of(arrays: Mapping[str, Any], size: int) -> Stage | None:
    """The stage of a model; None for one without trees, or whose trees ask other columns than those of today.

    Trees name columns by number: with any column added, left out or moved they would ask something else and nothing
    would tell. So the names are kept beside them, and where they differ or are missing the sum orders alone until the
    next training, rather than trees that were never judged.
    """
    if any(name not in arrays for name in STAGE_ARRAYS) or tuple(arrays["tree_columns"].tolist()) != COLUMNS:
        return None
    trees = Trees(
        feature=arrays["tree_feature"],
        threshold=arrays["tree_threshold"],
        value=arrays["tree_value"],
        cover=arrays["tree_cover"],
    )
    is_whole = trees.feature.shape == trees.threshold.shape and trees.feature.max(initial=0) < N_COLUMNS
    if not is_whole or len(arrays["first_ms"]) != size or arrays["fits"].shape != (size, FITS):
        return None
    slope, intercept = map(float, arrays["calibration"])
    return Stage(
        trees=trees,
        first_ms=arrays["first_ms"],
        fits=arrays["fits"],
        calibration=Calibration(slope, intercept),
    )
