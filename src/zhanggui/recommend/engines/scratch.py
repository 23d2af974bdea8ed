"""Working memory that answers of one thread share, one after the other."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from .interactions import Floats

MOST_PRODUCTS = 400
DIGEST_COLUMNS = 7


@dataclass(slots=True)
class Scratch:
    """Working memory of one thread for products up to `size`; every kernel leaves it zero."""

    size: int
    sums: Floats = field(init=False)
    slot: NDArray[np.int32] = field(init=False)
    counts: Floats = field(init=False)
    out: NDArray[np.int32] = field(init=False)
    scores: Floats = field(init=False)
    no_penalty: Floats = field(init=False)
    products: NDArray[np.int32] = field(init=False)
    newest: NDArray[np.int32] = field(init=False)
    digest: Floats = field(init=False)
    blocked: NDArray[np.bool_] = field(init=False)
    _unmarked: NDArray[np.bool_] | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        self.sums = np.zeros((self.size, 4), dtype=np.float32)
        self.slot = np.zeros(self.size, dtype=np.int32)
        self.counts = np.zeros(self.size, dtype=np.float32)
        self.out = np.zeros(self.size + 1, dtype=np.int32)
        self.scores = np.zeros((2, self.size + 1), dtype=np.float32)
        self.no_penalty = np.zeros(self.size, dtype=np.float32)
        self.products = np.zeros(MOST_PRODUCTS, dtype=np.int32)
        self.newest = np.zeros(MOST_PRODUCTS, dtype=np.int32)
        self.digest = np.zeros((MOST_PRODUCTS, DIGEST_COLUMNS), dtype=np.float32)
        self.blocked = np.zeros(0, dtype=np.bool_)

    def marked_like(self, flags: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """A copy of `flags` (which nobody changes) to mark products in; `unmark` makes it good for the next answer.

        So the work of an answer does not grow with the catalogue.
        """
        if self._unmarked is not flags:
            self.blocked = flags.copy()
        self._unmarked = None  # where an answer fails on its way, the next one copies again
        return self.blocked

    def unmark(self, flags: NDArray[np.bool_], products: NDArray[np.int32]) -> None:
        """Give back what `marked_like(flags)` gave, after marking no other than these products."""
        from .answer_kernels import copy_at  # imports numba

        copy_at(products, flags, self.blocked)
        self._unmarked = flags
