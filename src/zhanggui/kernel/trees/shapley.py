"""What each column adds to the margin of trees: exact Shapley values, along the paths that rows of the training took.

Source: Lundberg, Erion and Lee, "Consistent individualized feature attribution for tree ensembles", 2018,
arXiv:1802.03888 (path-dependent TreeSHAP). A leaf's value is shared among the columns that its path asks; with trees of
at most a few questions the sum over the sizes of their subsets is short.
"""

from __future__ import annotations

import numpy as np

from .arrays import Doubles, Floats, Trees


def attribute(trees: Trees, row: Floats) -> Doubles:
    """(columns,) what each column adds to the mean margin to make the margin of `row` (columns,)."""
    from .kernels import share_out  # imports numba

    given = np.zeros(len(row))
    share_out(row, trees.feature, trees.threshold, trees.value, trees.cover, trees.depth, given)
    return given
