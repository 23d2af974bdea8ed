"""The tables of models as files."""

from __future__ import annotations

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from .datasheets import check_table
from .model_tables import guard_table, served_table, tried_table
from .shell import Console

SCOPE = {"scope": "recommend:measure"}


@get("/console/{shop:str}/models/served.csv", include_in_schema=False, sync_to_thread=True, opt=SCOPE)
def served_csv(console: NamedDependency[Console]) -> Response[bytes]:
    """What served lists led to, day by day."""
    return served_table(console, console.rooms.model_desk.quality.report()).file("served-lists")


@get("/console/{shop:str}/models/{model_id:str}/shows.csv", include_in_schema=False, sync_to_thread=True, opt=SCOPE)
def shows_csv(console: NamedDependency[Console], model_id: FromPath[str]) -> Response[bytes]:
    """What the lists of a model are like."""
    return guard_table(console, console.rooms.recommend.model_card(model_id)).file("model-shows")


@get("/console/{shop:str}/models/{model_id:str}/tried.csv", include_in_schema=False, sync_to_thread=True, opt=SCOPE)
def tried_csv(console: NamedDependency[Console], model_id: FromPath[str]) -> Response[bytes]:
    """The methods that were tried for a model."""
    return tried_table(console, console.rooms.recommend.model_card(model_id)).file("model-tried")


@get("/console/{shop:str}/models/{model_id:str}/checks.csv", include_in_schema=False, sync_to_thread=True, opt=SCOPE)
def checks_csv(console: NamedDependency[Console], model_id: FromPath[str]) -> Response[bytes]:
    """The checks of a model's training set."""
    card = console.rooms.recommend.model_card(model_id)
    return check_table(console, f"/models/{card.id}", card.datasheet).file("model-checks")


MODEL_FILE_ROUTES = (served_csv, shows_csv, tried_csv, checks_csv)
