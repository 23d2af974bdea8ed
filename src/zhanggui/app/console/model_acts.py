"""What the models page lets people do: put an earlier model back into service, take that back, call a training off."""

from __future__ import annotations

import contextlib
from typing import Any

from litestar import post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from zhanggui.kernel.jobs import NotCancellable
from zhanggui.recommend.jobs.training import stop_training

from .shell import Console


@post(
    "/console/{shop:str}/models/{model_id:str}/put-back",
    include_in_schema=False,
    sync_to_thread=True,
    opt={"scope": "recommend:admin", "has_form": True},
)
def put_back(console: NamedDependency[Console], form: NamedDependency[Any], model_id: FromPath[str]) -> Redirect:
    """Let a kept model serve again."""
    del form  # its token has been verified
    console.rooms.model_desk.acts.put_back(model_id, console.actor)
    return console.go("/models", done="put-back")


@post(
    "/console/{shop:str}/models/put-back/undo",
    include_in_schema=False,
    sync_to_thread=True,
    opt={"scope": "recommend:admin", "has_form": True},
)
def undo_put_back(console: NamedDependency[Console], form: NamedDependency[Any]) -> Redirect:
    """What served before the model that was put back serves again."""
    del form
    console.rooms.model_desk.acts.undo(console.actor)
    return console.go("/models", done="undone")


@post(
    "/console/{shop:str}/models/trainings/{training_id:str}/cancel",
    include_in_schema=False,
    sync_to_thread=True,
    opt={"scope": "recommend:admin", "has_form": True},
)
def call_off(console: NamedDependency[Console], form: NamedDependency[Any], training_id: FromPath[str]) -> Redirect:
    """Call a training off; one that ended meanwhile needs it no more."""
    del form
    with contextlib.suppress(NotCancellable):
        stop_training(console.rooms.db, training_id, console.rooms.clock())
        return console.go("/models", done="called-off")
    return console.go("/models")


MODEL_ACT_ROUTES = (put_back, undo_put_back, call_off)
