"""Trainings over HTTP: asked for, followed, called off."""

from __future__ import annotations

from litestar import Controller, Response, get, post
from litestar.datastructures import ResponseHeader
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from zhanggui.kernel.ids import Ulid
from zhanggui.recommend.jobs.training import request_training, stop_training, training_of
from zhanggui.recommend.service.recommender import Recommender
from zhanggui.recommend.types.models import StartTraining, Training


class TrainingRoutes(Controller):
    """Trainings of the recommender; they run in the background."""

    path = "/v1/{shop:str}/models/trainings"
    tags = ("recommend",)
    opt = {"scope": "recommend:admin"}

    @post(operation_id="StartTraining", status_code=202, sync_to_thread=True)
    def start(
        self, recommender: NamedDependency[Recommender], shop: FromPath[str], data: JSONBody[StartTraining]
    ) -> Response[Training]:
        """Ask for a training; while one waits or runs that does as much, it is that one, which `is_joined` says.

        `Location` follows it.
        """
        begun = request_training(recommender.db, incremental=data.incremental)
        where = f"/v1/{shop}/models/trainings/{begun.id}"
        return Response(begun, status_code=202, headers=[ResponseHeader(name="Location", value=where)])

    @get("/{training_id:str}", operation_id="GetTraining", sync_to_thread=True)
    def progress(self, recommender: NamedDependency[Recommender], training_id: FromPath[Ulid]) -> Training:
        """How far a training is."""
        return training_of(recommender.db, training_id)

    @post("/{training_id:str}/cancel", operation_id="CancelTraining", status_code=200, sync_to_thread=True)
    def cancel(self, recommender: NamedDependency[Recommender], training_id: FromPath[Ulid]) -> Training:
        """Call a training off: at once where it waits, at its next step where it runs; what serves goes on."""
        return stop_training(recommender.db, training_id, recommender.clock())
