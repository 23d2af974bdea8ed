"""Sales and variety: the slider with its measured cost, what lists showed, and how narrow people's lists are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect

from zhanggui.app.web.forms import Form
from zhanggui.kernel.clock import from_ms
from zhanggui.kernel.errors import InvalidInput, ZhangguiError, quoted
from zhanggui.kernel.jobs import JobState
from zhanggui.kernel.words import N_
from zhanggui.recommend.jobs.aims import measuring_of, request_trade_off
from zhanggui.recommend.types.aims import EventWeights, Objectives
from zhanggui.recommend.types.watching import Measuring

from .aim_words import AIMS, EVENTS
from .import_sentences import told_error, whole_told
from .shell import Console
from .variety_charts import bubble_chart, cost_chart, entropy_chart, share_chart
from .variety_tables import bubble_table, cost_table, day_table

DONE: Mapping[str, str] = {
    "changed": N_("From the next answer on lists follow it; the ledger has it."),
    "undone": N_("The last change was taken back."),
    "asked": N_("Measuring was asked for."),
}
SCOPE = {"scope": "recommend:measure"}
POSTED = {"scope": "recommend:admin", "has_form": True}


class BadAimForm(InvalidInput):
    """A field of the form is no number."""

    code = "console.bad_aim_form"


@get("/console/{shop:str}/variety", include_in_schema=False, sync_to_thread=True, opt=SCOPE)
def variety(console: NamedDependency[Console]) -> Response[str]:
    """The slider, its cost, the aims, and the charts."""
    return _page(console)


@get("/console/{shop:str}/variety/measuring", include_in_schema=False, sync_to_thread=True, opt=SCOPE)
def measuring_part(console: NamedDependency[Console]) -> Response[str]:
    """The part of the page that a measurement changes, for the page to ask for while one waits or runs."""
    last = measuring_of(console.rooms.db)
    is_over = last is not None and last.state is JobState.DONE
    part = _cost_part(console) | {"is_over": is_over}
    return console.view.page("recommend/cost.html", console=console, base=console.base, **part)


@get("/console/{shop:str}/variety/cost.csv", include_in_schema=False, sync_to_thread=True, opt=SCOPE)
def cost_csv(console: NamedDependency[Console]) -> Response[bytes]:
    """What the slider costs, as a file."""
    return cost_table(console, console.rooms.aim_desk.trade_offs.latest()).file("slider")


@get("/console/{shop:str}/variety/days.csv", include_in_schema=False, sync_to_thread=True, opt=SCOPE)
def days_csv(console: NamedDependency[Console]) -> Response[bytes]:
    """What lists showed day by day, as a file."""
    return day_table(console, console.rooms.aim_desk.watch.kept()).file("lists-by-day")


@get("/console/{shop:str}/variety/bubbles.csv", include_in_schema=False, sync_to_thread=True, opt=SCOPE)
def bubbles_csv(console: NamedDependency[Console]) -> Response[bytes]:
    """How narrow people's lists are, as a file; empty below five people."""
    return bubble_table(console, console.rooms.aim_desk.watch.kept()).file("bubbles")


@post("/console/{shop:str}/variety", include_in_schema=False, sync_to_thread=True, opt=POSTED, status_code=200)
def set_variety(console: NamedDependency[Console], form: NamedDependency[Any]) -> Response[str] | Redirect:
    """Move the slider, or aim at something else."""
    aims = console.rooms.aim_desk.aims
    try:
        aims.set(_objectives_in(form, aims.get()), console.actor)
    except ZhangguiError as error:
        return _page(console, problem=whole_told(error, console.view.language, console.view._))
    return console.go("/variety", done="changed")


@post("/console/{shop:str}/variety/undo", include_in_schema=False, sync_to_thread=True, opt=POSTED, status_code=200)
def undo_variety(console: NamedDependency[Console], form: NamedDependency[Any]) -> Response[str] | Redirect:
    """Take the last change back."""
    del form  # its token has been verified
    try:
        console.rooms.aim_desk.aims.undo(console.actor)
    except ZhangguiError as error:
        return _page(console, problem=whole_told(error, console.view.language, console.view._))
    return console.go("/variety", done="undone")


@post("/console/{shop:str}/variety/measure", include_in_schema=False, sync_to_thread=True, opt=POSTED)
def measure_variety(console: NamedDependency[Console], form: NamedDependency[Any]) -> Redirect:
    """Ask for the cost to be measured; it runs in the background."""
    del form  # its token has been verified
    request_trade_off(console.rooms.db)
    return console.go("/variety", done="asked")


def _measuring(console: Console) -> tuple[Measuring | None, str]:
    """(the measurement that waits or runs, why the last one came to nothing); both empty where neither is so."""
    last = measuring_of(console.rooms.db)
    if last is None or last.state in {JobState.DONE, JobState.CANCELLED}:
        return None, ""
    return (None, told_error(last.error, console.view._)) if last.state is JobState.DEAD else (last, "")


def _cost_part(console: Console) -> dict[str, Any]:
    """What `recommend/cost.html` is given."""
    found, (measuring, failure) = console.rooms.aim_desk.trade_offs.latest(), _measuring(console)
    return {
        "found": found,
        "measuring": measuring,
        "failure": failure,
        "is_over": False,
        "cost": None if found is None else cost_chart(console, found),
        "costs": cost_table(console, found),
        "measured_at": None if found is None else from_ms(found.at_ms),
        "may_set": console.may("recommend:admin"),
    }


def _page(console: Console, *, problem: str = "") -> Response[str]:
    desk, done = console.rooms.aim_desk, console.view.query.get("done", "")
    seen = desk.watch.kept()
    return console.page(
        "recommend/variety.html",
        current="variety",
        aims=desk.aims.get(),
        aim_words=AIMS,
        event_words=EVENTS,
        **_cost_part(console),
        entropy=entropy_chart(console, seen),
        shares=share_chart(console, seen),
        days=day_table(console, seen),
        bubbles=bubble_chart(console, seen),
        narrow=bubble_table(console, seen),
        uncounted=seen.uncounted,
        counted_at=from_ms(seen.at_ms),
        problem=problem,
        done=DONE.get(done, ""),
        may_undo=done == "changed",
        status=422 if problem else 200,
    )


def _objectives_in(form: Form, now: Objectives) -> Objectives:
    """What the form asks for; fields that it does not have stay as they are."""
    events = {name: _number(form, f"event_{name}") for name in EventWeights.__struct_fields__}
    given = {name: _number(form, name) for name in ("variety", *AIMS)}
    weights = {name: value for name, value in events.items() if value is not None}
    named: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    return msgspec.structs.replace(now, events=msgspec.structs.replace(now.events, **weights), **named)


def _number(form: Form, name: str) -> float | None:
    text = form.text(name).replace(",", ".")
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        raise BadAimForm(f"{quoted(text)} is no number.", hint="Write a number such as 0.3.") from None


VARIETY_ROUTES = (variety, measuring_part, cost_csv, days_csv, bubbles_csv, set_variety, undo_variety, measure_variety)
