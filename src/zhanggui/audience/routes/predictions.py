"""Predictions over HTTP: of one customer for those who run the shop; models and groups as aggregates."""

from __future__ import annotations

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from zhanggui.audience.jobs.predictions import request_training
from zhanggui.audience.service.audience import Audience
from zhanggui.audience.types.predictions import Foretold, OfferGroup, PredictionModels, TrainingAsked
from zhanggui.kernel.ids import MerchantId

from .meant import Language

READ, MEASURE, TRAIN = {"scope": "audience:read"}, {"scope": "audience:measure"}, {"scope": "audience:train"}


class PredictionRoutes(Controller):
    """What customers are likely to do next, calibrated, with reasons; refused where they have not allowed it."""

    path = "/v1/{shop:str}/audience/predictions"
    tags = ("audience",)

    @get("/customers/{customer_id:str}", operation_id="GetPredictions", opt=READ, sync_to_thread=True)
    def of(
        self, audience: NamedDependency[Audience], customer_id: FromPath[MerchantId], language: Language = "zh"
    ) -> Foretold:
        """Purchases within 7, 30 and 90 days, churn, orders and value to come, next categories, latent interests."""
        return audience.predictions.of(customer_id, language=language)

    @get("/models", operation_id="ListPredictionModels", opt=MEASURE, sync_to_thread=True)
    def models(self, audience: NamedDependency[Audience], language: Language = "zh") -> PredictionModels:
        """All cards, newest first, with the bins of their reliability plots, and what the last training lacked."""
        return audience.predictions.models(language)

    @get("/offer-groups", operation_id="ListOfferGroups", opt=MEASURE, sync_to_thread=True)
    def offers(self, audience: NamedDependency[Audience], language: Language = "zh") -> list[OfferGroup]:
        """How groups that anybody can see whether they belong to answer to reduced prices; never a person."""
        return list(audience.predictions.offers(language))

    @post("/train", operation_id="TrainPredictions", opt=TRAIN, status_code=202, sync_to_thread=True)
    def train(self, audience: NamedDependency[Audience]) -> TrainingAsked:
        """Ask for a training; it runs in the background, and what passes its checks serves."""
        return TrainingAsked(job=request_training(audience.predictions.db))
