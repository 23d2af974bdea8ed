"""Recipes over HTTP. A publishable key or a customer's token speaks for its own shopper, as everywhere."""

from __future__ import annotations

from typing import Annotated

from litestar import Controller, Response, get, post
from litestar.datastructures import ResponseHeader
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.response import File

from zhanggui.kernel.ids import MerchantId, Ulid
from zhanggui.kernel.listing import AnyRequest
from zhanggui.kernel.privacy import Channel
from zhanggui.recommend.service.recommender import Recommender
from zhanggui.recommend.types.lists import Recommendations
from zhanggui.recommend.types.recipes import (
    Audience,
    AudienceMember,
    AudienceSegments,
    CompleteBasket,
    ExportLists,
    ListExport,
    NextAction,
    Rerank,
)

from .lists import K, Language, Only, Who, meant, ready

PARQUET = "application/vnd.apache.parquet"
READ = {"scope": "recommend:read"}
Category = Annotated[str, QueryParameter(max_length=1000, description="Such as 茶 or 茶/绿茶; all without one.")]
Hours = Annotated[int, QueryParameter(ge=1, le=720, description="Of the window, the running one among them.")]
Days = Annotated[int, QueryParameter(ge=1, le=365, description="For so long something is new.")]
ForMessages = Annotated[bool, QueryParameter(description="Only who agreed to marketing too.")]
ByChannel = Annotated[Channel | None, QueryParameter(description="Only who may be written to by it.")]
Most = Annotated[int, QueryParameter(ge=1, le=2000, description="At most so many people.")]


class RecipeRoutes(Controller):
    """Lists for one occasion each."""

    path = "/v1/{shop:str}"
    tags = ("recommend",)

    @get("/products/{product_id:str}/bought-together", operation_id="GetBoughtTogether", opt=READ, sync_to_thread=True)
    def bought_together(
        self,
        request: AnyRequest,
        recommender: NamedDependency[Recommender],
        product_id: FromPath[MerchantId],
        customer_id: Who = None,
        visitor_id: Who = None,
        k: K = 10,
        language: Language = "zh",
        only: Only = "",
    ) -> Response[Recommendations]:
        """What is bought in one go with a product, never another one of its kind; by how many people."""
        customer, visitor = meant(request, customer_id, visitor_id)
        answer = recommender.beside.bought_together(
            product_id, k, language, customer_id=customer, visitor_id=visitor, only=only
        )
        return ready(answer)

    @get("/products/{product_id:str}/look", operation_id="CompleteLook", opt=READ, sync_to_thread=True)
    def look(
        self,
        request: AnyRequest,
        recommender: NamedDependency[Recommender],
        product_id: FromPath[MerchantId],
        customer_id: Who = None,
        visitor_id: Who = None,
        k: K = 10,
        language: Language = "zh",
        only: Only = "",
    ) -> Response[Recommendations]:
        """One product of each other category that goes with a product."""
        customer, visitor = meant(request, customer_id, visitor_id)
        return ready(
            recommender.beside.complete_look(
                product_id, k, language, customer_id=customer, visitor_id=visitor, only=only
            )
        )

    @post("/recommendations/basket", operation_id="CompleteBasket", opt=READ, status_code=200, sync_to_thread=True)
    def basket(
        self, request: AnyRequest, recommender: NamedDependency[Recommender], data: JSONBody[CompleteBasket]
    ) -> Response[Recommendations]:
        """What is missing in a basket. Ids that are no product's stand in `unknown`."""
        customer, visitor = meant(request, data.customer_id, data.visitor_id)
        answer = recommender.beside.complete_basket(
            data.product_ids, data.k, data.language, customer_id=customer, visitor_id=visitor, only=data.filter
        )
        return ready(answer)

    @post("/recommendations/rerank", operation_id="Rerank", opt=READ, status_code=200, sync_to_thread=True)
    def rerank(
        self, request: AnyRequest, recommender: NamedDependency[Recommender], data: JSONBody[Rerank]
    ) -> Response[Recommendations]:
        """A given list in the order that suits a shopper; `unknown` and `left_out` name what is not in it, and why."""
        customer, visitor = meant(request, data.customer_id, data.visitor_id)
        answer = recommender.personal.rerank(
            data.product_ids,
            data.language,
            customer_id=customer,
            visitor_id=visitor,
            surface=data.surface,
            k=data.k,
            only=data.filter,
        )
        return ready(answer)

    @get("/recommendations/buy-again", operation_id="GetBuyAgain", opt=READ, sync_to_thread=True)
    def buy_again(
        self,
        request: AnyRequest,
        recommender: NamedDependency[Recommender],
        customer_id: Who = None,
        visitor_id: Who = None,
        k: K = 10,
        language: Language = "zh",
        only: Only = "",
    ) -> Response[Recommendations]:
        """What a shopper bought before, the most due first, with the interval that says so."""
        return ready(recommender.personal.buy_again(*meant(request, customer_id, visitor_id), k, language, only))

    @get("/trending", operation_id="GetTrending", opt=READ, sync_to_thread=True)
    def trending(
        self,
        request: AnyRequest,
        recommender: NamedDependency[Recommender],
        category: Category = "",
        hours: Hours = 24,
        customer_id: Who = None,
        visitor_id: Who = None,
        k: K = 10,
        language: Language = "zh",
        only: Only = "",
    ) -> Response[Recommendations]:
        """What is wanted in the last hours, and more than in as many before; both figures stand in the reason."""
        customer, visitor = meant(request, customer_id, visitor_id)
        answer = recommender.shelves.trending(
            category, hours, k, language, customer_id=customer, visitor_id=visitor, only=only
        )
        return ready(answer)

    @get("/new-arrivals", operation_id="GetNewArrivals", opt=READ, sync_to_thread=True)
    def new_arrivals(
        self,
        request: AnyRequest,
        recommender: NamedDependency[Recommender],
        category: Category = "",
        days: Days = 30,
        customer_id: Who = None,
        visitor_id: Who = None,
        k: K = 10,
        language: Language = "zh",
        only: Only = "",
    ) -> Response[Recommendations]:
        """What came into the shop in the last days, newest first; the taste of a shopper who is named has a say."""
        customer, visitor = meant(request, customer_id, visitor_id)
        answer = recommender.shelves.new_arrivals(
            category, days, k, language, customer_id=customer, visitor_id=visitor, only=only
        )
        return ready(answer)

    @get(
        "/recommendations/next-action",
        operation_id="GetNextAction",
        opt={"scope": "recommend:admin"},
        sync_to_thread=True,
    )
    def next_action(
        self,
        recommender: NamedDependency[Recommender],
        customer_id: Who = None,
        visitor_id: Who = None,
        language: Language = "zh",
    ) -> NextAction:
        """What one might do next about a shopper, and why. A suggestion: nothing is shown or sent."""
        return recommender.next_actions.suggest(customer_id, visitor_id, language)

    @get(
        "/products/{product_id:str}/audience",
        operation_id="GetAudience",
        opt={"scope": "recommend:measure"},
        sync_to_thread=True,
    )
    def audience(
        self,
        recommender: NamedDependency[Recommender],
        product_id: FromPath[MerchantId],
        *,
        for_messages: ForMessages = False,
        channel: ByChannel = None,
    ) -> Audience:
        """How many shoppers a product suits, by reason; nobody is named, and fewer than 5 are not counted."""
        return recommender.audiences.of(product_id, for_messages=for_messages, channel=channel)

    @get(
        "/products/{product_id:str}/audience/segments",
        operation_id="ListAudienceSegments",
        opt={"scope": "recommend:measure"},
        sync_to_thread=True,
    )
    def audience_segments(
        self,
        recommender: NamedDependency[Recommender],
        product_id: FromPath[MerchantId],
        *,
        for_messages: ForMessages = False,
        channel: ByChannel = None,
    ) -> AudienceSegments:
        """The kept segments in which those stand more often than everybody whom a product suits; nobody is named."""
        return recommender.audiences.segments(product_id, for_messages=for_messages, channel=channel)

    @get(
        "/products/{product_id:str}/audience/people",
        operation_id="ListAudience",
        opt={"scope": "shop:people"},
        sync_to_thread=True,
    )
    def audience_people(
        self,
        recommender: NamedDependency[Recommender],
        product_id: FromPath[MerchantId],
        *,
        for_messages: ForMessages = False,
        channel: ByChannel = None,
        limit: Most = 200,
        language: Language = "zh",
    ) -> list[AudienceMember]:
        """The shoppers whom a product suits, with the reason for each; those whom it suits best first."""
        return recommender.audiences.people(
            product_id, most=limit, for_messages=for_messages, channel=channel, language=language
        )


class ListExportRoutes(Controller):
    """Lists for all shoppers who agree, as a file."""

    path = "/v1/{shop:str}/recommendations/exports"
    tags = ("recommend",)
    opt = {"scope": "shop:export"}

    @post(operation_id="StartListExport", status_code=202, sync_to_thread=True)
    def start(
        self, recommender: NamedDependency[Recommender], shop: FromPath[str], data: JSONBody[ExportLists]
    ) -> Response[ListExport]:
        """Begin to write lists for everybody; `Location` says where to follow it."""
        begun = recommender.list_exports.start(data)
        where = f"/v1/{shop}/recommendations/exports/{begun.id}"
        return Response(begun, status_code=202, headers=[ResponseHeader(name="Location", value=where)])

    @get("/{export_id:str}", operation_id="GetListExport", sync_to_thread=True)
    def progress(self, recommender: NamedDependency[Recommender], export_id: FromPath[Ulid]) -> ListExport:
        """How far an export is."""
        return recommender.list_exports.progress(export_id)

    @get("/{export_id:str}/file", operation_id="GetListExportFile", media_type=PARQUET, sync_to_thread=True)
    def file(self, recommender: NamedDependency[Recommender], export_id: FromPath[Ulid]) -> File:
        """The file, once it is written: one row a place, as Parquet. Kept for a week."""
        path = recommender.list_exports.file(export_id)
        return File(path=path, filename="recommendations.parquet", media_type=PARQUET)
