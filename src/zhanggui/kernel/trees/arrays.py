"""Trees as plain arrays, and how they are read from what LightGBM learned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trees:
    """A sum of complete binary trees of one depth; node n has the children 2n + 1 (at most the bound) and 2n + 2.

    A leaf that stands higher is led down to the left: its nodes are asked nothing, their bound is infinite.

    Attributes:
        feature: (trees, nodes) column that a node asks.
        threshold: (trees, nodes) its bound.
        value: (trees, leaves).
        cover: (trees, nodes + leaves) how many rows of the training came by.
    """

    feature: NDArray[np.int32]
    threshold: Floats
    value: Doubles
    cover: Doubles

    def __len__(self) -> int:
        return len(self.feature)

    @property
    def depth(self) -> int:
        """Questions between the root and a leaf."""
        return int(self.feature.shape[1] + 1).bit_length() - 1

    def margins(self, rows: Floats) -> Doubles:
        """(n,) what the trees say of rows (n, columns)."""
        from .kernels import add_trees  # imports numba

        said = np.zeros(len(rows))
        add_trees(rows, self.feature, self.threshold, self.value, said)
        return said

    @property
    def expected(self) -> float:
        """The mean over the rows of the training."""
        leaves = self.cover[:, self.feature.shape[1] :]
        return float(((self.value * leaves).sum(axis=1) / leaves.sum(axis=1)).sum())


def trees_of(dumped: dict[str, Any], depth: int) -> Trees:
    """The trees of `Booster.dump_model()`, none deeper than `depth`, made without missing values."""
    held = [info["tree_structure"] for info in dumped["tree_info"]]
    inner = 2**depth - 1
    feature = np.zeros((len(held), inner), dtype=np.int32)
    threshold = np.full((len(held), inner), np.inf, dtype=np.float32)
    value = np.zeros((len(held), inner + 1))
    cover = np.zeros((len(held), 2 * inner + 1))
    for tree, root in enumerate(held):
        for node, part in _nodes(root, 0, inner):
            if "split_feature" in part and node < inner:
                feature[tree, node], threshold[tree, node] = part["split_feature"], below(part["threshold"])
                cover[tree, node] = part["internal_count"]
            else:
                cover[tree, node] = part.get("leaf_count", 1)
                if node >= inner:
                    value[tree, node - inner] = part["leaf_value"]
    return Trees(feature=feature, threshold=threshold, value=value, cover=cover)


def _nodes(part: dict[str, Any], node: int, inner: int) -> Iterator[tuple[int, dict[str, Any]]]:
    yield node, part
    if "split_feature" in part:
        yield from _nodes(part["left_child"], 2 * node + 1, inner)
        yield from _nodes(part["right_child"], 2 * node + 2, inner)
    elif node < inner:
        yield from _nodes(part, 2 * node + 1, inner)


def below(bound: float) -> np.float32:
    """The largest single that is at most `bound`: singles compare with it as with the bound itself."""
    single = np.float32(bound)
    return single if float(single) <= bound else np.nextafter(single, np.float32(-np.inf))
