"""`jobs`: what waits, what runs, what failed; to try again or to call off."""

from __future__ import annotations

from datetime import UTC

from cyclopts import App

from zhanggui.app.build import open_rooms
from zhanggui.kernel.clock import from_ms, system_clock
from zhanggui.kernel.jobs import Job, JobState, cancel, jobs_in, retry
from zhanggui.kernel.options import Json, Limit
from zhanggui.kernel.terminal import print_json, print_table, say

from .session import settings_now

jobs = App(name="jobs", help="Background work: what waits, runs, failed.")


@jobs.command(name="list")
def list_(shop: str, *, state: JobState | None = None, limit: Limit = 50, json: Json = False) -> None:
    """List jobs, the newest last.

    Args:
        shop: name of the shop.
        state: only those in this state.
        limit: at most so many.
    """
    states = tuple(JobState) if state is None else (state,)
    with open_rooms(shop, settings_now()) as rooms, rooms.db.read() as db:
        found = jobs_in(db, states, limit=limit)
    if json:
        print_json(found)
        return
    if not found:
        say("No jobs." if state is None else f"No jobs are {state}.")
        return
    print_table(("id", "kind", "state", "due", "tries", "done", "last error"), map(_row, found))


@jobs.command(name="retry")
def retry_(shop: str, job_id: str) -> None:
    """Start a dead or cancelled job anew."""
    with open_rooms(shop, settings_now()) as rooms:
        job = rooms.db.write(lambda db: retry(db, job_id))
    say(f"{job.kind} {job.id} is {job.state}.")


@jobs.command(name="cancel")
def cancel_(shop: str, job_id: str) -> None:
    """Call a job off; one that runs is asked to stop at its next step."""
    with open_rooms(shop, settings_now()) as rooms:
        job = rooms.db.write(lambda db: cancel(db, job_id, system_clock()))
    say(f"{job.kind} {job.id} is {'asked to stop' if job.is_cancel_wanted else job.state}.")


def _row(job: Job) -> tuple[str, ...]:
    due = from_ms(job.due_ms).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S")
    progress = f"{job.steps_done}/{job.steps_of}" if job.steps_of else ""
    return job.id, job.kind, job.state.value, due, str(job.attempts), progress, job.error
