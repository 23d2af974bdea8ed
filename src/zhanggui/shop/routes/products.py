"""Products, offers, labels and rivals' prices over HTTP."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Controller, get, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from zhanggui.kernel.ids import MerchantId
from zhanggui.kernel.listing import After, AnyRequest, CursorCodec, Limit, opened
from zhanggui.shop.errors import IdMismatch
from zhanggui.shop.service.catalogue import Catalogue
from zhanggui.shop.types import Offer, Product, ProductLabel, PutReport, RivalPrice

from .listing import FACTS, Ids, next_of

Products = Annotated[list[Product], FACTS]
Offers = Annotated[list[Offer], FACTS]
Labels = Annotated[list[ProductLabel], FACTS]
RivalPrices = Annotated[list[RivalPrice], FACTS]
OfProducts = Annotated[
    list[MerchantId], QueryParameter(name="product_id", min_items=1, max_items=200, description="Repeat for several.")
]


class ProductPage(msgspec.Struct, frozen=True):
    """Products in the order in which the shop came to know them."""

    items: list[Product]
    next: str | None = None


class ProductRoutes(Controller):
    """What the shop sells."""

    path = "/v1/{shop:str}"
    tags = ("products",)

    @put("/products", operation_id="PutProducts", opt={"scope": "shop:write"}, sync_to_thread=True)
    def put_products(self, catalogue: NamedDependency[Catalogue], data: Products) -> PutReport:
        """Create or change products by id. What is the same already is left alone."""
        return catalogue.put_products(data)

    @put("/products/{product_id:str}", operation_id="PutProduct", opt={"scope": "shop:write"}, sync_to_thread=True)
    def put_product(
        self, catalogue: NamedDependency[Catalogue], product_id: FromPath[MerchantId], data: JSONBody[Product]
    ) -> PutReport:
        """Create or change one product. An id with a slash goes through the listing of products."""
        if data.id != product_id:
            raise IdMismatch.between(product_id, data.id)
        return catalogue.put_products([data])

    @get("/products", operation_id="ListProducts", opt={"scope": "shop:read"}, sync_to_thread=True)
    def products(
        self,
        request: AnyRequest,
        catalogue: NamedDependency[Catalogue],
        cursors: NamedDependency[CursorCodec],
        ids: Ids = None,
        after: After = None,
        limit: Limit = 50,
    ) -> ProductPage:
        """List products, or those whose ids are named."""
        if ids:
            return ProductPage([catalogue.product(id_) for id_ in ids])
        items = catalogue.products(opened(cursors, after, request), limit)
        return ProductPage(items, next_of(cursors, items, limit, request))

    @get("/products/{product_id:str}", operation_id="GetProduct", opt={"scope": "shop:read"}, sync_to_thread=True)
    def product(self, catalogue: NamedDependency[Catalogue], product_id: FromPath[MerchantId]) -> Product:
        """One product."""
        return catalogue.product(product_id)

    @put("/offers", operation_id="PutOffers", opt={"scope": "shop:write"}, sync_to_thread=True)
    def put_offers(self, catalogue: NamedDependency[Catalogue], data: Offers) -> PutReport:
        """Create or change offers: prices and stock. The very next answer uses them."""
        return catalogue.put_offers(data)

    @get("/offers", operation_id="ListOffers", opt={"scope": "shop:manage"}, sync_to_thread=True)
    def offers(self, catalogue: NamedDependency[Catalogue], product_ids: OfProducts) -> list[Offer]:
        """All offers of some products, with cost and stock."""
        return catalogue.offers(product_ids)

    @put("/labels", operation_id="PutLabels", opt={"scope": "shop:write"}, sync_to_thread=True)
    def put_labels(self, catalogue: NamedDependency[Catalogue], data: Labels) -> PutReport:
        """Create or change labels of products."""
        return catalogue.put_labels(data)

    @get("/labels", operation_id="ListLabels", opt={"scope": "shop:read"}, sync_to_thread=True)
    def labels(self, catalogue: NamedDependency[Catalogue], product_ids: OfProducts) -> list[ProductLabel]:
        """All labels of some products."""
        return catalogue.labels(product_ids)

    @put("/rival-prices", operation_id="PutRivalPrices", opt={"scope": "shop:write"}, sync_to_thread=True)
    def put_rival_prices(self, catalogue: NamedDependency[Catalogue], data: RivalPrices) -> PutReport:
        """Note what rivals asked."""
        return catalogue.put_rival_prices(data)

    @get("/rival-prices", operation_id="ListRivalPrices", opt={"scope": "shop:manage"}, sync_to_thread=True)
    def rival_prices(self, catalogue: NamedDependency[Catalogue], product_ids: OfProducts) -> list[RivalPrice]:
        """What rivals asked for some products, oldest first."""
        return catalogue.rival_prices(product_ids)
