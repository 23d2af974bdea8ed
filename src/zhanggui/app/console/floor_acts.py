"""What is done about floors under exposure on the page of fairness: try one, set one, take it away, take that back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from zhanggui.app.web.forms import Form
from zhanggui.app.web.problems import said_whole
from zhanggui.kernel.errors import ZhangguiError
from zhanggui.kernel.ids import Ulid
from zhanggui.recommend.types.floors import ExposureFloor, FlooredBy

from .exposure_floors import FLOORED_BY, span_table
from .fairness import fairness_page
from .shell import Console
from .variety import BadAimForm

POSTED: Mapping[str, Any] = {"scope": "recommend:admin", "has_form": True}
MOST_NAME = 200


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
        BadAimForm: a figure is no number, the group is none that there is, or the name is too long.
    """
    name, by = form.text("name"), _by(form.text("by"))
    if len(name) > MOST_NAME:
        raise BadAimForm(f"The name has {len(name)} letters.", hint=f"It has {MOST_NAME} at most.")
    share = _number(form.required("share").removesuffix("%").replace(",", ".")) / 100
    return ExposureFloor(by=by, name=name, share=share, places=_places(form.text("places", "20")))


def _by(text: str) -> FlooredBy:
    for by in FLOORED_BY:
        if by == text:
            return by
    raise BadAimForm(f"{text!r} is no kind of group.", hint=f"Kinds are {', '.join(FLOORED_BY)}.")


def _number(text: str) -> float:
    """A number of a form, between 0 and 1000."""
    try:
        found = float(text)
    except ValueError:
        found = -1.0
    if not 0 <= found <= 1000:
        raise BadAimForm(f"{text!r} is no number from 0 to 1000.", hint="Write a number such as 20.")
    return found


def _places(text: str) -> int:
    found = _number(text)
    if not found.is_integer():
        raise BadAimForm(f"{text!r} is no count of places.", hint="Write a whole number such as 20.")
    return int(found)


FLOOR_ROUTES = (floors_csv, try_or_set, remove, undo)
