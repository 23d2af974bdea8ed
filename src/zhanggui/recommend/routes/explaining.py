"""Why a product stands where it does for a shopper, or why it does not, over HTTP."""

from __future__ import annotations

from typing import Annotated

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from zhanggui.kernel.ids import MerchantId
from zhanggui.recommend.service.recommender import Recommender
from zhanggui.recommend.types.explaining import Explanation

from .lists import Channel, Device, K, Language, Only, Surface, Who

ProductId = Annotated[MerchantId, QueryParameter(description="The product that is asked about.")]


class ExplainRoutes(Controller):
    """Reasons in figures, for people of the shop."""

    path = "/v1/{shop:str}/recommendations"
    tags = ("recommend",)

    @get("/explain", operation_id="ExplainRecommendation", opt={"scope": "recommend:admin"}, sync_to_thread=True)
    def explain(
        self,
        recommender: NamedDependency[Recommender],
        product_id: ProductId,
        customer_id: Who = None,
        visitor_id: Who = None,
        k: K = 10,
        surface: Surface = "home",
        language: Language = "zh",
        only: Only = "",
        channel: Channel = "",
        device: Device = "",
    ) -> Explanation:
        """Say where a product stands for a shopper now, or which stage lost it, each with figures that add up."""
        return recommender.explaining.explain(
            product_id, customer_id, visitor_id, k, surface, language, only, channel, device
        )
