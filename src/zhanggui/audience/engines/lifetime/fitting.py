"""Maximum likelihood over positive parameters, with a gradient."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from .histories import Doubles

Model = TypeVar("Model")
BOUND = 6.0
"""Parameters, in units in which they are near 1, stay within e±6: customers who are all alike have no maximum."""
ROUNDS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted(Generic[Model]):
    """A model at its maximum; `is_inside` is False where a parameter ran to its bound."""

    model: Model
    log_likelihood: float
    is_inside: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Maximum:
    """Where a function is largest."""

    log_theta: Doubles
    value: float
    is_inside: bool


def maximise(function: Callable[[Doubles], tuple[float, Doubles]], start: Doubles, customers: int) -> Maximum:
    """Climb from `start`; `function` gives a log-likelihood and its gradient by the logarithms of the parameters."""
    from scipy.optimize import minimize

    def loss(log_theta: Doubles) -> tuple[float, Doubles]:
        value, slope = function(log_theta)
        return -value / customers, -slope / customers

    found = minimize(
        loss,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=[(-BOUND, BOUND)] * len(start),
        options={"maxiter": ROUNDS, "ftol": 1e-14, "gtol": 1e-9},
    )
    log_theta: Doubles = np.asarray(found.x, dtype=np.float64)
    is_inside = bool(np.all(np.abs(log_theta) < BOUND - 1e-6))
    return Maximum(log_theta=log_theta, value=-float(found.fun) * customers, is_inside=is_inside)
