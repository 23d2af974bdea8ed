"""Background work: what waits, runs, failed or is done, and what comes again when."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from zhanggui.app.web.problems import said
from zhanggui.app.web.spreadsheet import csv_answer
from zhanggui.app.web.tables import PER_PAGE, Column, TableAsk, TableRows
from zhanggui.kernel.clock import from_ms
from zhanggui.kernel.jobs import (
    Job,
    JobAsk,
    JobState,
    NotCancellable,
    NotRetryable,
    Turn,
    cancel,
    counts,
    jobs_page,
    retry,
    schedules_in,
)

from .import_sentences import told_error
from .job_words import KINDS, STATES, every, kind_name
from .shell import Console

PATH = "/console/{shop:str}/jobs"
SORTS = {"kind": "kind", "state": "state", "started": "started_ms", "ended": "ended_ms", "tries": "attempts"}
OPEN = (JobState.WAITING, JobState.RUNNING)
_EXPORTED = 10_000


@get(PATH, include_in_schema=False, sync_to_thread=True, opt={"scope": "shop:read"})
def jobs(console: NamedDependency[Console]) -> Response[str]:
    """The page."""
    return _page(console)


@get(PATH + ".csv", include_in_schema=False, sync_to_thread=True, opt={"scope": "shop:read"})
def jobs_csv(console: NamedDependency[Console]) -> Response[bytes]:
    """The same rows as a file."""
    say, ask = console.view._, _ask(console)
    with console.rooms.db.read() as db:
        found, _ = jobs_page(db, _job_ask(console, ask, limit=_EXPORTED))
    rows = (
        (job.id, kind_name(job.kind, say), say(STATES[job.state][0]), _iso(console, job.started_ms),
         _iso(console, job.ended_ms), job.attempts, job.steps_done, job.steps_of, told_error(job.error, say))
        for job in found
    )  # fmt: skip
    head = ("id", "what", "state", "started", "ended", "tries", "done", "of", "error")
    return csv_answer("jobs", head, rows)


@post(
    PATH + "/{job_id:str}/cancel",
    include_in_schema=False,
    sync_to_thread=True,
    opt={"scope": "shop:write", "has_form": True},
)
def call_off(console: NamedDependency[Console], job_id: FromPath[str], form: NamedDependency[Any]) -> Response[Any]:
    """Cancel a job: at once when it waits, at its next look when it runs."""
    try:
        console.rooms.db.write(lambda db: cancel(db, job_id, console.rooms.clock()))
    except NotCancellable as error:
        return _page(console, problem=said(error, console.view.language), status=409)
    return console.go("/jobs", done="cancelled", **_state_of(form))


@post(
    PATH + "/{job_id:str}/retry",
    include_in_schema=False,
    sync_to_thread=True,
    opt={"scope": "shop:write", "has_form": True},
)
def start_anew(console: NamedDependency[Console], job_id: FromPath[str], form: NamedDependency[Any]) -> Response[Any]:
    """Start a job anew that failed or was cancelled."""
    try:
        console.rooms.db.write(lambda db: retry(db, job_id))
    except NotRetryable as error:
        return _page(console, problem=said(error, console.view.language), status=409)
    return console.go("/jobs", done="retried", **_state_of(form))


def _page(console: Console, *, problem: str = "", status: int = 200) -> Response[str]:
    ask, say = _ask(console), console.view._
    with console.rooms.db.read() as db:
        found, total = jobs_page(db, _job_ask(console, ask, limit=PER_PAGE))
        counted, turns = counts(db), schedules_in(db)
    by_state = {state: sum(n for (_, each), n in counted.items() if each is state) for state in JobState}
    chosen = ask.filters.get("state", "")
    return console.page(
        "console/jobs.html",
        current="jobs",
        status=status,
        problem=problem,
        done=console.view.query.get("done", ""),
        page=TableRows([_row(console, job) for job in found], total, ask),
        columns=_columns(console),
        tabs=[("", say("All"), sum(by_state.values()), not chosen)]
        + [(state.value, say(STATES[state][0]), by_state[state], chosen == state) for state in JobState],
        is_live=any(by_state[state] for state in OPEN),
        turns=[_turn(console, turn) for turn in turns],
    )


def _ask(console: Console) -> TableAsk:
    return TableAsk.of(console.view.query, sorts=tuple(SORTS), filters=("state",))


def _job_ask(console: Console, ask: TableAsk, *, limit: int) -> JobAsk:
    state, search = ask.filters.get("state", ""), ask.search.lower()
    kinds = tuple(kind for kind in KINDS if search in kind or search in kind_name(kind, console.view._).lower())
    return JobAsk(
        states=(JobState(state),) if state in tuple(JobState) else tuple(JobState),
        kinds=kinds if search else None,
        sort=SORTS.get(ask.sort, "id"),
        is_descending=ask.is_descending or not ask.sort,
        offset=ask.offset if limit == PER_PAGE else 0,
        limit=limit,
    )


def _columns(console: Console) -> tuple[Column, ...]:
    say = console.view._
    return (
        Column("kind", say("What")),
        Column("state", say("State")),
        Column("started", say("Begun"), is_wide=True),
        Column("ended", say("Ended"), is_wide=True),
        Column("tries", say("Tries"), is_number=True, is_wide=True),
    )


def _row(console: Console, job: Job) -> dict[str, Any]:
    say, formats = console.view._, console.view.formats
    may = console.may("shop:write")
    return {
        "job": job,
        "name": kind_name(job.kind, say),
        "state": say(STATES[job.state][0]),
        "tone": STATES[job.state][1],
        "error": told_error(job.error, say) if job.state is not JobState.DONE else "",
        "started": formats.time_ms(job.started_ms or None),
        "ended": formats.time_ms(job.ended_ms or None),
        "may_cancel": may and job.state in OPEN and not job.is_cancel_wanted,
        "may_retry": may and job.state in {JobState.DEAD, JobState.CANCELLED},
    }


def _turn(console: Console, turn: Turn) -> dict[str, str]:
    say, formats = console.view._, console.view.formats
    what = say(KINDS[turn.kind][1]) if turn.kind in KINDS else ""
    return {
        "name": kind_name(turn.kind, say),
        "what": what,
        "every": every(turn.every_s, say),
        "next": formats.time(from_ms(turn.next_ms)),
    }


def _iso(console: Console, at_ms: int) -> str:
    return console.view.formats.iso(from_ms(at_ms)) if at_ms else ""


def _state_of(form: Any) -> dict[str, str]:
    """The tab that one came from."""
    state = form.text("state")
    return {"state": state} if state in tuple(JobState) else {}


JOB_ROUTES = (jobs, jobs_csv, call_off, start_anew)
