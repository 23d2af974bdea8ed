"""Intervals of what was counted. Pure.

Source: Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the American
Statistical Association 22, 1927, doi:10.1080/01621459.1927.10502953.
"""

from __future__ import annotations

from math import sqrt


def wilson(share: float, of: float, z: float) -> tuple[float, float]:
    """The lower and the upper end of a share's interval, both in [0, 1]; of no case at all it is [0, 1].

    Args:
        share: in [0, 1].
        of: out of how many cases; a fraction where cases that are alike are worth less than their number.
        z: how many standard errors to each side: 1.96 holds for 95 %.
    """
    if of <= 0:
        return 0.0, 1.0
    zz = z * z
    middle, half = share + zz / (2 * of), z * sqrt(share * (1 - share) / of + zz / (4 * of * of))
    return max((middle - half) / (1 + zz / of), 0.0), min((middle + half) / (1 + zz / of), 1.0)
