"""Tells a table of acts without telling whose: small groups lose what makes them small."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

from .interactions import Ints

_BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
FEWEST_PEOPLE = 10
"""A product that fewer people took to in a month is not named beside their acts."""


def of_too_few(person: Ints, product: Ints, month: Ints, counted: NDArray[np.bool_], least: int) -> NDArray[np.bool_]:
    """Which counted rows speak of a product that fewer than `least` people took to in that month.

    Args:
        person: (n,) of each row.
        product: (n,) numbers.
        month: (n,) numbers that tell months apart.
        counted: (n,) rows with an act.
        least: people.
    """
    few = np.zeros(len(person), dtype=bool)
    if not counted.any():
        return few
    rows = np.flatnonzero(counted)
    groups, place = np.unique(np.stack([product[rows], month[rows]]), axis=1, return_inverse=True)
    place = place.ravel()
    pairs = np.unique(np.stack([place, person[rows]]), axis=1)
    people = np.bincount(pairs[0], minlength=groups.shape[1])
    few[rows] = people[place] < least
    return few


def pseudonym(list_id: str) -> str:
    """A name for a list, shaped as its id is, that does not hold the moment at which it was made."""
    number = int.from_bytes(hashlib.sha256(f"served-list:{list_id}".encode()).digest()[:16], "big")
    return "".join(_BASE32[number >> shift & 31] for shift in range(125, -1, -5))
