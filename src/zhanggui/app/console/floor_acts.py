"""What is done about floors under exposure on the page of fairness: try one, set one, take it away, take that back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from zhanggui.app.web.forms import Form
from zhanggui.kernel.errors import InvalidInput, ZhangguiError, quoted
from zhanggui.kernel.ids import Ulid
from zhanggui.recommend.service.aims.floors import MOST_PLACES
from zhanggui.recommend.types.floors import ExposureFloor, FlooredBy

from .exposure_floors import FLOORED_BY, span_table
from .fairness import fairness_page
from .import_sentences import whole_told
from .shell import Console

MOST_NAME = 200
PLACES = 20
"""Of a list, where the form names none."""
_PERCENT: Final = re.compile(r"(\d{1,3}(?:[.,]\d+)?)\s*%?")
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
        return fairness_page(console, form=form, problem=whole_told(error, console.view.language, console.view._))
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
        return fairness_page(console, problem=whole_told(error, console.view.language, console.view._))
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
        return fairness_page(console, problem=whole_told(error, console.view.language, console.view._))
    return console.go("/fairness", done="undone")


def _floor_in(form: Form) -> ExposureFloor:
    """The floor that the form asks for.

    Raises:
        MissingField: it has no share.
        BadFloorForm: a field does not fit; each is said by itself.
    """
    name = form.text("name")
    if len(name) > MOST_NAME:
        raise BadFloorForm(f"The name has {len(name)} characters.", hint=f"A name has at most {MOST_NAME}.")
    return ExposureFloor(
        by=_by(form.text("by")), name=name, share=_share(form.required("share")), places=_places(form.text("places"))
    )


def _by(text: str) -> FlooredBy:
    found = next((by for by in FLOORED_BY if by == text), None)
    if found is None:
        raise BadFloorForm(f"There are no groups by {quoted(text)}.", hint="Choose one of the list.")
    return found


def _share(text: str) -> float:
    """The share that percents are: `12,5 %` is 0.125."""
    seen = _PERCENT.fullmatch(text)
    share = float(seen[1].replace(",", ".")) / 100 if seen else 0.0
    if not 0 < share <= 1:
        raise BadFloorForm(f"The share {quoted(text)} cannot be.", hint="Write a percentage above 0 and up to 100.")
    return share


def _places(text: str) -> int:
    places = int(text or PLACES) if text.isdecimal() or not text else 0
    if not 1 <= places <= MOST_PLACES:
        raise BadFloorForm(
            f"A list of {quoted(text)} places cannot be.", hint=f"Write a whole number from 1 to {MOST_PLACES}."
        )
    return places


FLOOR_ROUTES = (floors_csv, try_or_set, remove, undo)
