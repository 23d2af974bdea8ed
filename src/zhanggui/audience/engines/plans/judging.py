"""What a run brought: two shares of buyers, and how far apart they surely are.

Source: Newcombe, "Interval estimation for the difference between independent proportions", Statistics in Medicine 17
(1998), method 10, doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I.
"""

from __future__ import annotations

from math import hypot

from zhanggui.kernel.intervals import wilson

Z = 1.96


def gain(reached: int, reached_buyers: int, held: int, held_buyers: int, *, z: float = Z) -> tuple[float, float, float]:
    """(difference of the shares of buyers, lower and upper end of its interval); more is better.

    Args:
        reached: how many were written to, at least 1.
        reached_buyers: of them, who bought.
        held: how many were left alone, at least 1.
        held_buyers: of them, who bought.
        z: how many standard errors to each side: 1.96 holds for 95 %.

    Raises:
        ValueError: an arm is empty.
    """
    if not reached or not held:
        raise ValueError(f"{reached} were reached and {held} held back: both arms need somebody")
    one, other = reached_buyers / reached, held_buyers / held
    one_low, one_high = wilson(one, reached, z)
    other_low, other_high = wilson(other, held, z)
    difference = one - other
    return (
        difference,
        difference - hypot(one - one_low, other_high - other),
        difference + hypot(one_high - one, other - other_low),
    )
