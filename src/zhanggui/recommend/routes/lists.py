"""HTTP door of recommendations. The reading routes answer in process, on encoded bytes; nothing waits for a thread."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Controller, MediaType, Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from zhanggui.kernel.errors import Forbidden
from zhanggui.kernel.ids import ID_PATTERN, MAX_ID_LENGTH, MerchantId, Ulid
from zhanggui.kernel.listing import AnyRequest
from zhanggui.recommend.service.recommender import Recommender
from zhanggui.recommend.types.lists import Recommendations
from zhanggui.recommend.types.models import ModelCard
from zhanggui.recommend.types.preferences import ChooseChips, Preference, ShowLess

K = Annotated[int, QueryParameter(ge=1, le=200, description="At most so many products.")]
Surface = Annotated[str, QueryParameter(max_length=64, description="Where the list stands: home, cart, buy_again, …")]
Language = Annotated[str, QueryParameter(max_length=35, description="Of titles and reasons: zh or en.")]
Only = Annotated[
    str, QueryParameter(name="filter", max_length=2000, description="Which products may come: price_minor < 20000 …")
]
Channel = Annotated[
    str, QueryParameter(max_length=64, description="Where the shopper is: web, app, mini_program, store, live, …")
]
Device = Annotated[str, QueryParameter(max_length=64, description="What they hold: desktop, phone or tablet.")]
Who = Annotated[
    str | None,
    QueryParameter(min_length=1, max_length=MAX_ID_LENGTH, pattern=ID_PATTERN, description="The shop's id."),
]

_encode = msgspec.json.Encoder().encode


class NotYourself(Forbidden):
    """A key or token that speaks for one shopper asked for somebody else."""

    code = "recommend.not_yourself"


class RecommendRoutes(Controller):
    """What a shopper may like next, with reasons."""

    path = "/v1/{shop:str}"
    tags = ("recommend",)

    @get("/recommendations", operation_id="GetRecommendations", opt={"scope": "recommend:read"}, sync_to_thread=False)
    def recommendations(
        self,
        request: AnyRequest,
        recommender: NamedDependency[Recommender],
        customer_id: Who = None,
        visitor_id: Who = None,
        k: K = 10,
        surface: Surface = "home",
        language: Language = "zh",
        only: Only = "",
        channel: Channel = "",
        device: Device = "",
    ) -> Response[Recommendations]:
        """Recommend to a shopper, live: their last event counts. A stranger gets what everybody likes."""
        customer_id, visitor_id = meant(request, customer_id, visitor_id)
        return ready(recommender.for_shopper(customer_id, visitor_id, k, surface, language, only, channel, device))

    @get(
        "/products/{product_id:str}/similar",
        operation_id="GetSimilar",
        opt={"scope": "recommend:read"},
        sync_to_thread=False,
    )
    def similar(
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
        """What is like a product; for a shopper who is named it counts as shown, without what they turned down."""
        customer, visitor = meant(request, customer_id, visitor_id)
        return ready(recommender.similar(product_id, k, language, only, customer_id=customer, visitor_id=visitor))

    @get("/popular", operation_id="GetPopular", opt={"scope": "recommend:read"}, sync_to_thread=False)
    def popular(
        self, recommender: NamedDependency[Recommender], k: K = 10, language: Language = "zh", only: Only = ""
    ) -> Response[Recommendations]:
        """What everybody likes now."""
        return ready(recommender.popular(k, language, only))

    @post(
        "/recommendations/show-less",
        operation_id="ShowLess",
        opt={"scope": "recommend:write"},
        sync_to_thread=True,
    )
    def show_less(
        self, request: AnyRequest, recommender: NamedDependency[Recommender], data: JSONBody[ShowLess]
    ) -> Preference:
        """Show a shopper less like a product: it goes, and what shares the chosen chips is lowered."""
        customer_id, visitor_id = meant(request, data.customer_id, data.visitor_id)
        return recommender.show_less(msgspec.structs.replace(data, customer_id=customer_id, visitor_id=visitor_id))

    @patch(
        "/recommendations/show-less/{preference_id:str}",
        operation_id="ChooseChips",
        opt={"scope": "recommend:write"},
        sync_to_thread=True,
    )
    def choose_chips(
        self,
        request: AnyRequest,
        recommender: NamedDependency[Recommender],
        preference_id: FromPath[Ulid],
        data: JSONBody[ChooseChips],
    ) -> Preference:
        """Lower other chips instead."""
        return recommender.choose_chips(preference_id, data.chips, *meant(request))

    @delete(
        "/recommendations/show-less/{preference_id:str}",
        operation_id="UndoShowLess",
        opt={"scope": "recommend:write"},
        status_code=200,
        sync_to_thread=True,
    )
    def undo_show_less(
        self, request: AnyRequest, recommender: NamedDependency[Recommender], preference_id: FromPath[Ulid]
    ) -> Preference:
        """Take a preference back; the next answer is what it would have been without it."""
        return recommender.undo_show_less(preference_id, *meant(request))

    @get("/models", operation_id="ListModels", opt={"scope": "recommend:measure"}, sync_to_thread=True)
    def models(self, recommender: NamedDependency[Recommender]) -> list[ModelCard]:
        """The models with their cards, newest first."""
        return recommender.model_cards()

    @get("/models/{model_id:str}", operation_id="GetModel", opt={"scope": "recommend:measure"}, sync_to_thread=True)
    def model(self, recommender: NamedDependency[Recommender], model_id: FromPath[Ulid]) -> ModelCard:
        """One model's card."""
        return recommender.model_card(model_id)


def ready(answer: Recommendations) -> Response[Recommendations]:
    """An answer in its bytes."""
    # Bytes pass through the framework untouched; the annotation still tells the OpenAPI what they are.
    return Response(_encode(answer), media_type=MediaType.JSON)  # type: ignore[arg-type]


def meant(
    request: AnyRequest, customer_id: str | None = None, visitor_id: str | None = None
) -> tuple[str | None, str | None]:
    """(customer id, visitor id) of whom a request is about; (None, None) for nobody, or for a service key, anybody.

    A customer's token speaks for that customer only, a publishable key for its visitor only; neither need be named.

    Raises:
        NotYourself: somebody else was named.
    """
    state = request.scope["state"]
    customer, visitor = state.get("only_customer"), state.get("only_visitor")
    if customer is not None:
        if customer_id not in {None, customer} or visitor_id is not None:
            raise NotYourself("This token speaks for one customer only.", hint="Ask without visitor_id.")
        return customer, None
    if visitor is not None:
        if visitor_id not in {None, visitor} or customer_id is not None:
            raise NotYourself("This key speaks for one visitor only.", hint="Ask with that visitor_id alone.")
        return None, visitor
    return customer_id, visitor_id
