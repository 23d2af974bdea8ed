"""Fold a person's older events into a bounded history."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Longs = npt.NDArray[np.int64]


def fold(older: Longs | None, rows: Longs, *, kept: int) -> Longs:
    """The last `kept` interactions of both, each once.

    Args:
        older: (5, m) seq, product, kind, at_ms, value_minor, by seq upwards; None when there is none yet.
        rows: (5, n) in any order.
        kept: at most so many stay, the last to arrive.

    Returns:
        (5, <= kept) by seq upwards. Folding in any order and in any parts gives the same.
    """
    merged = rows if older is None else np.concatenate([older, rows], axis=1)
    _, first = np.unique(merged[0], return_index=True)
    return merged[:, first[-kept:]]


def within(seqs: Longs, spans: Longs) -> npt.NDArray[np.bool_]:
    """(n,) whether each arrival number lies in one of the (m, 2) spans, first and last, upwards and apart; m > 0."""
    place = np.searchsorted(spans[:, 0], seqs, side="right") - 1
    inside: npt.NDArray[np.bool_] = (place >= 0) & (seqs <= spans[place, 1])
    return inside
