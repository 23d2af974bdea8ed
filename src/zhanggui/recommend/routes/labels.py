"""Earned labels over HTTP. Anyone who may read recommendations sees the shelves; the evidence is the merchant's."""

from __future__ import annotations

from typing import Annotated

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, PathParameter

from zhanggui.kernel.ids import MerchantId
from zhanggui.kernel.listing import AnyRequest, actor_of
from zhanggui.recommend.service.labels.desk import LabelDesk
from zhanggui.recommend.service.recommender import Recommender
from zhanggui.recommend.types.labels import EarnedLabel, LabelShelf
from zhanggui.recommend.types.lists import Recommendations

from .lists import K, Language, Who, meant, ready

READ = {"scope": "recommend:read"}
ADMIN = {"scope": "recommend:admin"}
LabelOf = Annotated[str, PathParameter(description="Code of a label, as the list of labels names it.")]


class LabelRoutes(Controller):
    """What goods have earned by how they are ordered."""

    path = "/v1/{shop:str}/earned-labels"
    tags = ("recommend",)

    @get(operation_id="ListEarnedLabels", opt=READ, sync_to_thread=True)
    def labels(self, label_desk: NamedDependency[LabelDesk], language: Language = "zh") -> list[LabelShelf]:
        """The labels that some product shows, the fullest first."""
        return label_desk.shelves(language)

    @get("/evidence", operation_id="ListLabelEvidence", opt=ADMIN, sync_to_thread=True)
    def evidence(self, label_desk: NamedDependency[LabelDesk], language: Language = "zh") -> list[EarnedLabel]:
        """Every label of every product with what it rests on; hidden ones too."""
        return label_desk.evidence(language)

    @get("/{label:str}/products", operation_id="GetLabelShelf", opt=READ, sync_to_thread=True)
    def products(
        self,
        request: AnyRequest,
        recommender: NamedDependency[Recommender],
        label: LabelOf,
        customer_id: Who = None,
        visitor_id: Who = None,
        k: K = 10,
        language: Language = "zh",
    ) -> Response[Recommendations]:
        """The products with a label, with its share and count; the taste of a shopper who is named has a say."""
        customer, visitor = meant(request, customer_id, visitor_id)
        return ready(recommender.labelled.products(label, k, language, customer_id=customer, visitor_id=visitor))

    @post(
        "/{label:str}/products/{product_id:str}/hide",
        operation_id="HideLabel",
        opt=ADMIN,
        status_code=200,
        sync_to_thread=True,
    )
    def hide(
        self,
        request: AnyRequest,
        label_desk: NamedDependency[LabelDesk],
        label: LabelOf,
        product_id: FromPath[MerchantId],
    ) -> EarnedLabel:
        """Keep a label off a product until it is shown again; the ledger has it."""
        return label_desk.hide(label, product_id, actor_of(request))

    @post(
        "/{label:str}/products/{product_id:str}/show",
        operation_id="ShowLabel",
        opt=ADMIN,
        status_code=200,
        sync_to_thread=True,
    )
    def show(
        self,
        request: AnyRequest,
        label_desk: NamedDependency[LabelDesk],
        label: LabelOf,
        product_id: FromPath[MerchantId],
    ) -> EarnedLabel:
        """Take a hiding back."""
        return label_desk.show(label, product_id, actor_of(request))
