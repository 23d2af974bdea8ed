"""The compiled loop of alternating least squares. Importing this module imports numba."""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

_jit: Any = numba.njit(cache=True, nogil=True, boundscheck=False, fastmath={"reassoc", "contract", "nsz"})


@_jit
def _apply(gram, ridge, fixed, columns, values, begin, end, vector, answer):  # type: ignore[no-untyped-def]
    """`answer` = (gram + ridge + what was taken) × `vector`, without building that matrix."""
    rank = len(vector)
    for row in range(rank):
        total = ridge * vector[row]
        for column in range(rank):
            total += gram[row, column] * vector[column]
        answer[row] = total
    for at in range(begin, end):
        other = fixed[columns[at]]
        dot = np.float32(0.0)
        for place in range(rank):
            dot += other[place] * vector[place]
        dot *= values[at]
        for place in range(rank):
            answer[place] += dot * other[place]


@_jit
def solve_rows(begin, end, starts, columns, values, fixed, free, gram, ridge, prior, steps):  # type: ignore[no-untyped-def]
    """Conjugate gradient for the rows `begin` to `end` of `free`; rows without anything taken become their prior.

    The ridge pulls a row towards its row of `prior`; one of no rows stands for zeros.
    """
    rank = fixed.shape[1]
    image, residual = np.empty(rank, dtype=np.float32), np.empty(rank, dtype=np.float32)
    for row in range(begin, end):
        first, last = starts[row], starts[row + 1]
        answer = free[row]
        if first == last:
            answer[:] = prior[row] if len(prior) else np.zeros_like(image)
            continue
        _apply(gram, ridge[row], fixed, columns, values, first, last, answer, image)
        residual[:] = -image
        if len(prior):
            residual += ridge[row] * prior[row]
        for at in range(first, last):
            other = fixed[columns[at]]
            for place in range(rank):
                residual[place] += values[at] * other[place]
        _descend(gram, ridge[row], fixed, columns, values, first, last, answer, residual, image, steps)


@_jit
def _descend(gram, ridge, fixed, columns, values, first, last, answer, residual, image, steps):  # type: ignore[no-untyped-def]
    rank = len(answer)
    way = residual.copy()
    square = np.float32(0.0)
    for place in range(rank):
        square += residual[place] * residual[place]
    for _ in range(steps):
        if square < 1e-12:
            return
        _apply(gram, ridge, fixed, columns, values, first, last, way, image)
        slope = np.float32(0.0)
        for place in range(rank):
            slope += way[place] * image[place]
        length = square / slope
        before, square = square, np.float32(0.0)
        for place in range(rank):
            answer[place] += length * way[place]
            residual[place] -= length * image[place]
            square += residual[place] * residual[place]
        for place in range(rank):
            way[place] = residual[place] + square / before * way[place]
