"""What a score is made of: the sum by factor and by product of the history, and the margin of trees by column.

Exact for each stage: parts sum to what they are parts of, whatever the request; scales and weights are the model's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zhanggui.kernel.trees import Trees, attribute
from zhanggui.kernel.trees.arrays import Doubles
from zhanggui.recommend.engines.blend import (
    ALIKE,
    ALIKE_TRENDING,
    CONTENT,
    FACTOR_OF,
    FACTORS,
    SCALES,
    TOGETHER,
)
from zhanggui.recommend.engines.first_stage import SOURCES
from zhanggui.recommend.engines.interactions import Floats
from zhanggui.recommend.engines.scratch import Scratch

from .rescoring import Asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Of one product.

    Attributes:
        features: (15,) of the first stage.
        factors: (factors,) what each of `FACTORS` adds; the sum's score is their sum.
        history: (rows, factors) of that, what each product of the history answers for.
    """

    features: Floats
    factors: Doubles
    history: Doubles


def account_of(product: int, asked: Asked, scratch: Scratch) -> Account:
    """Take the score of a product apart."""
    from zhanggui.recommend.engines.answer_kernels import split_evidence  # imports numba

    from .kernels import describe_base

    past, first = asked.first(SCALES)
    chosen = np.array([product], dtype=np.int32)
    features = describe_base(chosen, past, first, scratch.slot)[0]
    given = features.astype(np.float64) * asked.blend.weights.astype(np.float64)
    products = asked.past.products
    parts = split_evidence(chosen, products, asked.past.columns, SOURCES, asked.graphs.lists, scratch.slot)[0]
    history = np.zeros((len(products), len(FACTORS)))
    lent = bool(asked.blend.is_newcomer[product]) and features[ALIKE] > _said(parts[:, ALIKE], ALIKE)
    for feature, graph in ((ALIKE, CONTENT if lent else ALIKE), (TOGETHER, TOGETHER), (CONTENT, CONTENT)):
        history[:, FACTOR_OF[feature]] += given[feature] * _shares(parts[:, graph])
    history[:, FACTOR_OF[ALIKE_TRENDING]] += given[ALIKE_TRENDING] * _shares(parts[:, CONTENT if lent else ALIKE])
    factors = np.bincount(FACTOR_OF, weights=given, minlength=len(FACTORS)).astype(np.float64)
    return Account(features=features, factors=factors, history=history)


def _said(parts: Floats, graph: int) -> float:
    return float(np.log1p(max(float(parts.sum()), 0.0) * float(SCALES[graph])))


def _shares(parts: Floats) -> Doubles:
    """(rows,) of a sum above 0, which row added how much of it; they sum to 1, or are all 0."""
    total = float(parts.sum(dtype=np.float64))
    shares: Doubles = parts.astype(np.float64) / total if total > 0 else np.zeros(len(parts))
    return shares


def margin_of(
    products: NDArray[np.int32], by_sum: Floats, asked: Asked, trees: Trees, scratch: Scratch
) -> tuple[Doubles, Doubles]:
    """(n, columns) what each column adds to the trees' expected margin for products (n,), and the margins (n,).

    Args:
        products: those to be explained.
        by_sum: (n,) what the sum says of them.
        asked: the answer.
        trees: of the model.
        scratch: working memory.
    """
    rows = asked.rows_of(products, by_sum, scratch)
    return np.array([attribute(trees, row) for row in rows]), trees.margins(rows)
