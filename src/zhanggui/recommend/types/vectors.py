"""Vectors of products as they come in, and what is said of those that are kept."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from zhanggui.kernel.ids import MerchantId

VectorSpaceName = Literal["text", "image"]
"""What the vectors were made of: the words of a product, or its picture."""
LEAST_VALUES, MOST_VALUES, AT_ONCE = 2, 4096, 1000
VectorVersion = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
"""The model that made them, as the merchant calls it; vectors of two models cannot be held against each other."""


class ItemVector(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One product's."""

    product_id: MerchantId
    vector: Annotated[list[float], msgspec.Meta(min_length=LEAST_VALUES, max_length=MOST_VALUES)]


class PutVectors(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A batch. Another `version` than the one that is kept drops all vectors of the space first."""

    version: VectorVersion = "1"
    vectors: Annotated[list[ItemVector], msgspec.Meta(min_length=1, max_length=AT_ONCE)]


class VectorsKept(msgspec.Struct, frozen=True, kw_only=True):
    """What an import did.

    Attributes:
        stored: products that have a vector of it now.
        unknown: rows whose product the shop does not have; `unknown_ids` names the first ten.
        dropped: vectors of another version that were there before.
        products: how many have a vector in this space, all in all.
    """

    space: VectorSpaceName
    version: str
    dimension: int
    stored: int
    unknown: int
    unknown_ids: tuple[str, ...]
    dropped: int
    products: int


class VectorSpaceCard(msgspec.Struct, frozen=True, kw_only=True):
    """One space. A cosine of `floor`, the mean of all pairs, counts as no likeness.

    While an import is under way, and after one that broke off, it is not finished: no answer uses it.
    """

    space: VectorSpaceName
    version: str
    dimension: int
    products: int
    floor: float
    at: datetime
    is_finished: bool


class SpaceOfVectors(msgspec.Struct, frozen=True, kw_only=True):
    """What the port `ItemVectors` says of a space."""

    space: VectorSpaceName
    version: str
    dimension: int
    floor: float


class VectorRows(msgspec.Struct, frozen=True, kw_only=True):
    """Vectors of products with their nearest neighbours, by product.

    Attributes:
        products: (n,) their numbers.
        vectors: (n, d) of length 1.
        near: (n, k) numbers of the nearest, found when they came in, nearest first; each row ends at its first 0.
    """

    products: NDArray[np.int32]
    vectors: NDArray[np.float32]
    near: NDArray[np.int32]
