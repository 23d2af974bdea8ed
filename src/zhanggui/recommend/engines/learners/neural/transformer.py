"""A causal transformer as a function of named weights: every place sees itself and what came before, nothing later.

Attention knows how far back a place is by a number learned for each distance, and not where in a history it stands, so
that long and short histories are read alike. Each part is let through by a gate of its own (LiGR).

Sources: Kang and McAuley, SASRec, ICDM 2018, doi:10.1109/ICDM.2018.00035; Raffel et al. (distances), JMLR 2020;
Borisyuk et al. (gates), 2025, arXiv:2502.03417, read for sequences of products by eSASRec, RecSys 2025.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .tensors import Tensor, Weights, drawn, undropped

Drop = Callable[[Tensor], Tensor]
_WIDER = 2
_BEGIN = 0.02
"""Small, or what was seen last would begin as the likeliest to come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How large a network is.

    Attributes:
        width: numbers that stand for a product; a multiple of `heads`.
        blocks: of attention and of a feed-forward part.
        heads: of attention.
        furthest: places back that are told apart.
    """

    width: int = 64
    blocks: int = 2
    heads: int = 2
    furthest: int = 50

    def begin(self, size: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """Weights to begin with, of `size` products."""
        width = self.width
        weights = {"products": drawn(rng, size, width, spread=_BEGIN)}
        weights["distances"] = np.zeros((self.blocks, self.heads, self.furthest), dtype=np.float32)
        for block in range(self.blocks):
            for part, rows, columns in (
                ("look", width, 3 * width),
                ("join", width, width),
                ("widen", width, _WIDER * width),
                ("narrow", _WIDER * width, width),
                ("gate_look", width, width),
                ("gate_think", width, width),
            ):
                weights[f"{part}.{block}"] = drawn(rng, rows, columns, spread=rows**-0.5)
        return weights


def encode(weights: Weights, shape: Shape, seen: Tensor, drop: Drop = undropped) -> Tensor:
    """(rows, places, width) what stands for each history up to each place.

    Args:
        weights: as `Shape.begin` names them.
        shape: of the network.
        seen: (rows, places) products; what fills a row at its end changes nothing before it.
        drop: dropout, when learning.
    """
    import torch

    places = torch.arange(seen.shape[1])
    back = places[:, None] - places[None, :]
    near = back.clamp(0, shape.furthest - 1)
    flow = drop(weights["products"][seen] * shape.width**0.5)
    for block in range(shape.blocks):
        bias = weights["distances"][block][:, near].masked_fill(back < 0, float("-inf"))
        normal = _normal(flow)
        gate = torch.sigmoid(normal @ weights[f"gate_look.{block}"])
        flow = flow + drop(_attend(weights, block, normal, bias)) * gate
        normal = _normal(flow)
        gate = torch.sigmoid(normal @ weights[f"gate_think.{block}"])
        hidden = torch.nn.functional.silu(normal @ weights[f"widen.{block}"])
        flow = flow + drop(hidden @ weights[f"narrow.{block}"]) * gate
    return _normal(flow)


def _attend(weights: Weights, block: int, flow: Tensor, bias: Tensor) -> Tensor:
    import torch

    rows, places, width = flow.shape
    heads = bias.shape[0]
    parts = (flow @ weights[f"look.{block}"]).view(rows, places, 3, heads, width // heads).permute(2, 0, 3, 1, 4)
    query, key, value = parts[0], parts[1], parts[2]
    likeness = query @ key.transpose(2, 3) * (width // heads) ** -0.5 + bias
    told = torch.softmax(likeness, dim=3) @ value
    return told.transpose(1, 2).reshape(rows, places, width) @ weights[f"join.{block}"]


def _normal(flow: Tensor) -> Tensor:
    """Each place by its root mean square."""
    return flow * (flow.square().mean(dim=2, keepdim=True) + 1e-6).rsqrt()


def newest(weights: Weights, shape: Shape, seen: Tensor, at: Tensor) -> Tensor:
    """(rows, width) what stands for each whole history, `at` (rows,) being the place of its newest product."""
    import torch

    return encode(weights, shape, seen)[torch.arange(len(at)), at]
