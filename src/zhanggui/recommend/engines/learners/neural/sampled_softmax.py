"""The softmax over all products from a few of them, drawn once for a whole batch.

A product that is drawn often would be pushed down often; its score is lowered by the logarithm of how often it is
expected among the drawn (logQ), so that the sum over the drawn is an unbiased estimate of the sum over all.

Sources: Bengio and Senécal, 2003 (importance sampling); Yi et al., RecSys 2019, doi:10.1145/3298689.3346996 (logQ);
Klenitskiy and Vasilev, RecSys 2023, doi:10.1145/3604915.3610644 (many negatives shared by a batch).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhanggui.recommend.engines.interactions import Floats

from .tensors import Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class Negatives:
    """Products drawn with replacement.

    Attributes:
        upto: (size,) probability that a product or one before it is drawn.
        log_expected: (size,) logarithm of how often a product is expected among `count`.
        count: drawn for a batch.
    """

    upto: NDArray[np.float64]
    log_expected: Floats
    count: int

    @classmethod
    def of(cls, products: NDArray[Any], size: int, *, count: int, power: float) -> Negatives:
        """By popularity to a power, 0 for all alike; what nobody took is drawn as if one had."""
        taken = np.maximum(np.bincount(products, minlength=size), 1).astype(np.float64)
        taken[0] = 0.0
        share = np.where(taken > 0, taken**power, 0.0)
        share /= share.sum()
        log_expected = np.log(np.maximum(share, 1e-30) * count).astype(np.float32)
        return cls(upto=np.cumsum(share), log_expected=log_expected, count=count)

    def draw(self, rng: np.random.Generator) -> NDArray[np.int64]:
        """(count,) products."""
        drawn = np.searchsorted(self.upto, rng.random(self.count), side="right")
        return np.minimum(drawn, len(self.upto) - 1)


def sampled_losses(hidden: Tensor, table: Tensor, targets: Tensor, drawn: Tensor, log_expected: Tensor) -> Tensor:
    """(n,) losses: minus the logarithm of the estimated share of each target.

    Args:
        hidden: (n, d) what stands for each history.
        table: (size, d) products; a score is the inner product.
        targets: (n,) what came next; where it is among the drawn it does not count against itself.
        drawn: (m,) negatives.
        log_expected: (size,) see `Negatives`.
    """
    import torch

    right = (hidden * table[targets]).sum(dim=1, keepdim=True)
    others = torch.addmm(-log_expected[drawn], hidden, table[drawn].T)
    others = others.masked_fill(targets[:, None] == drawn, float("-inf"))
    first = torch.zeros_like(targets)
    return torch.nn.functional.cross_entropy(torch.cat([right, others], dim=1), first, reduction="none")
