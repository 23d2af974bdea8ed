"""From margins (log odds that trees say) to chances that come true as often as they say.

Three maps that never turn the order around; the one that foretells left-out people best is taken, the plainer of two
that do as well. Sources: Platt, "Probabilistic outputs for support vector machines", 1999 (a line through the log
odds); Kull, Silva Filho and Flach, "Beta calibration", AISTATS 2017 (a line through log p and log (1 - p) each);
Zadrozny and Elkan, "Transforming classifier scores into accurate multiclass probability estimates", KDD 2002 (isotonic
regression).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from zhanggui.audience.engines.lifetime.histories import Doubles
from zhanggui.kernel.logistic import fit_logistic, sigmoid

Method = Literal["platt", "beta", "isotonic"]
METHODS: tuple[Method, ...] = ("platt", "beta", "isotonic")
FOLDS = 5
BETTER_BY = 1.0
"""Standard errors by which a less plain map must foretell better to be taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """A map from margins to chances; `numbers` are its parameters.

    Of `platt` slope and intercept; of `beta` the factors of log p and of -log (1 - p), and the intercept; of `isotonic`
    (2, k) margins and the chances at them, both ascending, straight lines between.
    """

    method: Method
    numbers: Doubles

    def chances(self, margins: Doubles) -> Doubles:
        """(n,) of margins (n,)."""
        if self.method == "isotonic":
            steps: Doubles = np.interp(margins, self.numbers[0], self.numbers[1])
            return steps
        return sigmoid(_design(self.method, margins) @ self.numbers)


def calibrate(margins: Doubles, came: NDArray[np.bool_]) -> Calibration:
    """The map that does best on people left out, fitted on all.

    Args:
        margins: (n,) of people whom the trees have not seen.
        came: (n,) whether it came true; both cases must be there.

    Raises:
        ValueError: nothing or everything came true.
    """
    if not 0 < came.sum() < len(came):
        raise ValueError("nothing or everything came true; chances cannot be calibrated")
    fold = np.arange(len(margins)) % FOLDS
    losses = {method: _left_out(method, margins, came, fold) for method in METHODS}
    best: Method = "platt"
    for method in METHODS[1:]:
        gain = losses[best] - losses[method]
        if gain.mean() > BETTER_BY * gain.std() / len(gain) ** 0.5:
            best = method
    return Calibration(method=best, numbers=FITS[best](margins, came))


def _left_out(method: Method, margins: Doubles, came: NDArray[np.bool_], fold: NDArray[np.int64]) -> Doubles:
    loss = np.zeros(len(margins))
    for one in range(FOLDS):
        out = fold == one
        if not 0 < came[~out].sum() < (~out).sum():
            continue
        chance = Calibration(method=method, numbers=FITS[method](margins[~out], came[~out])).chances(margins[out])
        loss[out] = log_loss(chance, came[out])
    return loss


def log_loss(chance: Doubles, came: NDArray[np.bool_]) -> Doubles:
    """(n,) minus the logarithm of the chance that was given to what happened."""
    held = np.clip(chance, 1e-6, 1 - 1e-6)
    loss: Doubles = -np.where(came, np.log(held), np.log(1 - held))
    return loss


def _fit_platt(margins: Doubles, came: NDArray[np.bool_]) -> Doubles:
    return _rising(_design("platt", margins), came)


def _fit_beta(margins: Doubles, came: NDArray[np.bool_]) -> Doubles:
    return _rising(_design("beta", margins), came)


def _rising(design: Doubles, came: NDArray[np.bool_]) -> Doubles:
    """Logistic regression whose factors are at least 0; the last column is the intercept.

    Where a factor falls below 0 the order would turn: the lowest is left out, and the others fitted again.
    """
    columns = list(range(design.shape[1]))
    while True:
        found = np.zeros(design.shape[1])
        plain = np.array([1.0] * (len(columns) - 1) + [0.0])
        found[columns] = fit_logistic(design[:, columns], came, start=plain, around=plain)
        if found[:-1].min(initial=0.0) >= 0:
            return found
        columns.remove(int(found[:-1].argmin()))


def _fit_isotonic(margins: Doubles, came: NDArray[np.bool_]) -> Doubles:
    """Steps of equal chances, each at the mean of its margins; the ends lean on the whole: no step says 0 or 1."""
    from scipy.optimize import isotonic_regression

    order = np.argsort(margins, kind="stable")
    blocks = isotonic_regression(came[order].astype(np.float64)).blocks
    size = np.diff(blocks)
    at = np.add.reduceat(margins[order], blocks[:-1]) / size
    said = np.add.reduceat(came[order].astype(np.float64), blocks[:-1])
    leaned = (said + came.mean()) / (size + 1)
    steps: Doubles = np.stack([at, np.maximum.accumulate(leaned)])
    return steps


FITS: dict[Method, Callable[[Doubles, NDArray[np.bool_]], Doubles]] = {
    "platt": _fit_platt,
    "beta": _fit_beta,
    "isotonic": _fit_isotonic,
}


def _design(method: Method, margins: Doubles) -> Doubles:
    ones = np.ones(len(margins))
    if method == "platt":
        return np.column_stack([margins, ones])
    # log p and -log (1 - p) of p = sigmoid(margin), without going through p
    return np.column_stack([-np.logaddexp(0, -margins), np.logaddexp(0, margins), ones])
