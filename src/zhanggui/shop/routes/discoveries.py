"""First findings over HTTP."""

from __future__ import annotations

from typing import Annotated

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from zhanggui.shop.service.discoveries import ShopDiscoveries
from zhanggui.shop.types.discoveries import Discoveries

Language = Annotated[str, QueryParameter(max_length=35, description="Of the names of products: zh or en.")]
Most = Annotated[int, QueryParameter(ge=1, le=20, description="Findings of each sort, at most.")]


class DiscoveryRoutes(Controller):
    """What the shop's own rows say at the first look."""

    path = "/v1/{shop:str}"
    tags = ("discoveries",)

    @get("/discoveries", operation_id="GetDiscoveries", opt={"scope": "shop:manage"}, sync_to_thread=True)
    def discoveries(
        self, discoveries: NamedDependency[ShopDiscoveries], language: Language = "zh", most: Most = 5
    ) -> Discoveries:
        """What runs out soon, what no longer sells, what is bought together, and how many regulars stay away."""
        return discoveries(language, most)
