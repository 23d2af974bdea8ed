"""What is done about floors under exposure on the page of fairness: try one, set one, take it away, take that back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from zhanggui.app.web.forms import Form
from zhanggui.app.web.problems import said_whole
from zhanggui.kernel.errors import InvalidInput, ZhangguiError
from zhanggui.kernel.ids import Ulid
from zhanggui.recommend.types.floors import ExposureFloor

from .exposure_floors import span_table
from .fairness import fairness_page
from .shell import Console

POSTED: Mapping[str, Any] = {"scope": "recommend:admin", "has_form": True}


class BadFloorForm(InvalidInput):
    """A field of the form of a floor does not fit."""

    code = "console.bad_floor_form"


@get(
    "/console/{shop:str}/fairness/floors.csv",
    include_in_schema=False,
    sync_to_thread=True,
    opt={"scope": "trust:measure"},
)
def floors_csv(console: NamedDependency[Console]) -> Response[bytes]:
    """What served lists gave the groups of floors, by day and by week, as a file."""
    return span_table(console, console.rooms.aim_desk.floors.all()).file("exposure-floors")


@post("/console/{shop:str}/fairness/floors", include_in_schema=False, sync_to_thread=True, status_code=200, opt=POSTED)
def try_or_set(console: NamedDependency[Console], form: NamedDependency[Any]) -> Response[str] | Redirect:
    """Replay a floor, or set it where the replay holds it."""
    floors = console.rooms.aim_desk.floors
    try:
        floor = _floor_in(form)
        if form.text("act") != "set":
            return fairness_page(console, form=form, trial=floors.measure(floor))
        _, rule = floors.decide(floor, console.actor)
    except ZhangguiError as error:
        return fairness_page(console, form=form, problem=said_whole(error, console.view.language))
    return console.go("/fairness", done="set", rule=rule.id)


@post(
    "/console/{shop:str}/fairness/floors/{rule_id:str}/remove",
    include_in_schema=False,
    sync_to_thread=True,
    status_code=200,
    opt=POSTED,
)
def remove(
    console: NamedDependency[Console], rule_id: FromPath[Ulid], form: NamedDependency[Any]
) -> Response[str] | Redirect:
    """Take a floor away."""
    del form  # its token has been verified
    try:
        console.rooms.aim_desk.floors.remove(rule_id, console.actor)
    except ZhangguiError as error:
        return fairness_page(console, problem=said_whole(error, console.view.language))
    return console.go("/fairness", done="removed", rule=rule_id)


@post(
    "/console/{shop:str}/fairness/floors/{rule_id:str}/undo",
    include_in_schema=False,
    sync_to_thread=True,
    status_code=200,
    opt=POSTED,
)
def undo(
    console: NamedDependency[Console], rule_id: FromPath[Ulid], form: NamedDependency[Any]
) -> Response[str] | Redirect:
    """Take the last act about a floor back."""
    del form  # its token has been verified
    try:
        console.rooms.aim_desk.floors.undo(rule_id, console.actor)
    except ZhangguiError as error:
        return fairness_page(console, problem=said_whole(error, console.view.language))
    return console.go("/fairness", done="undone")


def _floor_in(form: Form) -> ExposureFloor:
    """The floor that the form asks for.

    Raises:
        MissingField: it has no share.
        BadFloorForm: a field does not fit.
    """
    asked: dict[str, object] = {name: form.text(name) for name in ("by", "name")}
    try:
        asked["share"] = float(form.required("share").removesuffix("%").replace(",", ".")) / 100
        return msgspec.convert(asked | {"places": form.text("places", "20")}, ExposureFloor, strict=False)
    except (ValueError, msgspec.ValidationError) as error:
        raise BadFloorForm(
            f"This is no floor that there can be: {error}.",
            hint="A share is above 0 and up to 100 percent, a list has 1 to 200 places.",
        ) from error


FLOOR_ROUTES = (floors_csv, try_or_set, remove, undo)
