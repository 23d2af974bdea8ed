"""Vectors of products over HTTP."""

from __future__ import annotations

from litestar import Controller, delete, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from zhanggui.recommend.service.recommender import Recommender
from zhanggui.recommend.types.vectors import PutVectors, VectorsKept, VectorSpaceCard, VectorSpaceName

ADMIN = {"scope": "recommend:admin"}


class VectorRoutes(Controller):
    """Vectors of products' words and pictures, made elsewhere."""

    path = "/v1/{shop:str}/product-vectors"
    tags = ("recommend",)

    @get(operation_id="ListVectorSpaces", opt=ADMIN, sync_to_thread=True)
    def spaces(self, recommender: NamedDependency[Recommender]) -> list[VectorSpaceCard]:
        """The spaces that are kept."""
        return recommender.vectors.cards()

    @put("/{space:str}", operation_id="PutVectors", opt=ADMIN, sync_to_thread=True)
    def put_vectors(
        self,
        recommender: NamedDependency[Recommender],
        space: FromPath[VectorSpaceName],
        data: JSONBody[PutVectors],
    ) -> VectorsKept:
        """Keep a batch of at most 1,000; what looks or is described alike is alike from the next answer on.

        Products that the shop does not have are counted and left out. Another version drops the vectors of the old.
        """
        return recommender.vectors.put_batch(space, data)

    @delete("/{space:str}", operation_id="RemoveVectors", opt=ADMIN, status_code=200, sync_to_thread=True)
    def remove(self, recommender: NamedDependency[Recommender], space: FromPath[VectorSpaceName]) -> VectorSpaceCard:
        """Forget all vectors of a space; the answer says what they were."""
        return recommender.vectors.remove(space)
