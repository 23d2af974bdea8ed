"""Noise from OpenDP (extra `privacy`), in one typed place: discrete Laplace over a vector of integers.

The scale is L1 sensitivity over epsilon, which makes the release epsilon-differentially private (Dwork, McSherry,
Nissim and Smith 2006); the library draws it exactly and from the operating system's randomness.
"""

from __future__ import annotations

import importlib.util
import math
from typing import Any

from zhanggui.trust.types.figures import Longs

_SLACK = 1e-9


def has_library() -> bool:
    """Whether OpenDP is installed."""
    return importlib.util.find_spec("opendp") is not None


def noisy(exact: Longs, sensitivity: int, epsilon: float) -> list[int]:
    """The vector with noise; the whole of it costs `epsilon`.

    Args:
        exact: (n,) bounded counts or sums; which cells there are must not depend on any person.
        sensitivity: most that one person changes in it, added up over its cells.
        epsilon: above 0.

    Raises:
        ValueError: the library does not grant this epsilon for this sensitivity.
    """
    measurement = _laplace(scale_of(sensitivity, epsilon))
    granted = float(measurement.map(sensitivity))
    if granted > epsilon * (1 + _SLACK):
        raise ValueError(f"the mechanism costs {granted}, more than the {epsilon} asked")
    return [int(value) for value in measurement(exact.tolist())]


def scale_of(sensitivity: int, epsilon: float) -> float:
    """How wide the noise is, in the unit of the figure."""
    return sensitivity / epsilon


def margin_of(scale: float) -> float:
    """How far 95 of 100 figures lie from the bounded truth at most."""
    return scale * math.log(20)


def _laplace(scale: float) -> Any:
    import opendp.prelude as dp  # type: ignore[import-not-found,import-untyped,unused-ignore]

    dp.enable_features("contrib")
    space = dp.vector_domain(dp.atom_domain(T="i64")), dp.l1_distance(T="i64")
    return space >> dp.m.then_laplace(scale)
