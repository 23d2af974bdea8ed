"""How models do over time, and what people do with them, over HTTP."""

from __future__ import annotations

from typing import Annotated

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter

from zhanggui.kernel.ids import Ulid
from zhanggui.kernel.listing import AnyRequest, actor_of
from zhanggui.recommend.service.models.desk import ModelDesk
from zhanggui.recommend.types.models import ModelCard, PutBack
from zhanggui.recommend.types.quality import Compared, ModelQuality

ModelId = Annotated[Ulid, QueryParameter(description="The id of a model that serves or is kept.")]


class ModelRoutes(Controller):
    """Models over time, and earlier ones back into service."""

    path = "/v1/{shop:str}/models"
    tags = ("recommend",)

    @get("/quality", operation_id="GetModelQuality", opt={"scope": "recommend:measure"}, sync_to_thread=True)
    def quality(self, model_desk: NamedDependency[ModelDesk]) -> ModelQuality:
        """The figures of each model, what served lists of the last 35 days led to, and what departs; 10 minutes old."""
        return model_desk.quality.report()

    @get("/compare", operation_id="CompareModels", opt={"scope": "recommend:measure"}, sync_to_thread=True)
    def compare(self, model_desk: NamedDependency[ModelDesk], first: ModelId, second: ModelId) -> Compared:
        """Two kept models: their cards, and how many of the first ten places differ for the last 30 shoppers."""
        return model_desk.comparing.compare(first, second)

    @post(
        "/put-back", operation_id="PutModelBack", opt={"scope": "recommend:admin"}, status_code=200, sync_to_thread=True
    )
    def put_back(
        self, request: AnyRequest, model_desk: NamedDependency[ModelDesk], data: JSONBody[PutBack]
    ) -> ModelCard:
        """Let a kept model serve again, at once; it stands in the ledger."""
        return model_desk.acts.put_back(data.model_id, actor_of(request))

    @post(
        "/put-back/undo",
        operation_id="UndoPutModelBack",
        opt={"scope": "recommend:admin"},
        status_code=200,
        sync_to_thread=True,
    )
    def undo(self, request: AnyRequest, model_desk: NamedDependency[ModelDesk]) -> ModelCard:
        """Take the last putting back back: what served until then serves again."""
        return model_desk.acts.undo(actor_of(request))
