"""Choosing the few things that people are asked to decide: by money times confidence, and not all from one room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

FADING = 0.5
"""What a room's next place counts, for each that it has: a second one must be worth twice another room's first."""
FAIR_SHARE = 2
"""Places of a day's five that a room may take while another, which has fewer than so many, still asks for one."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """What competes: its id, the room it comes from, its worth (money times confidence) and when it runs out.

    `ends` is epoch seconds, infinite where it never does; the smaller one wins where two are worth the same.
    """

    id: str
    room: str
    worth: float
    ends: float = float("inf")


def choose(
    candidates: Sequence[Candidate],
    places: int,
    taken: Mapping[str, int] | None = None,
    fair_share: int | None = None,
) -> list[Candidate]:
    """The best for so many places, first first.

    Each place goes to the candidate whose worth is largest after it was halved for each place that its room has. A
    room without an estimate counts nothing, and so comes after all that are estimated; among equals the one that runs
    out first wins, then the smaller id.

    Args:
        candidates: each id once.
        places: how many there are; fewer candidates leave some empty.
        taken: places that rooms have already.
        fair_share: a room that has so many waits until no other asks that has fewer; None: worth alone decides.
    """
    has = dict(taken or {})
    left = list(candidates)
    chosen: list[Candidate] = []
    while left and len(chosen) < places:
        within = [one for one in left if fair_share is None or has.get(one.room, 0) < fair_share]
        best = min(within or left, key=lambda one: (-one.worth * FADING ** has.get(one.room, 0), one.ends, one.id))
        left.remove(best)
        chosen.append(best)
        has[best.room] = has.get(best.room, 0) + 1
    return chosen
