"""From an upload to its import: columns and fields, what would be refused, acceptance, progress, the result."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import File

from zhanggui.kernel.errors import ZhangguiError
from zhanggui.kernel.jobs import JobState, cancel, retry
from zhanggui.shop.importers.drafts import Draft
from zhanggui.shop.importers.errors import BadMap, BasisMissing, UnknownImport

from .import_sentences import failure_told
from .import_views import check_view, map_view, run_view
from .shell import Console

PATH = "/console/{shop:str}/import/{import_id:str}"
SEES = {"scope": "shop:write"}
WRITES = {"scope": "shop:write", "has_form": True}


@get(PATH, include_in_schema=False, sync_to_thread=True, opt=SEES)
def one(console: NamedDependency[Console], import_id: FromPath[str]) -> Response[str]:
    """An upload wherever it stands: its columns, its import while it runs, or what came of it."""
    drafts = console.rooms.drafts
    record, job = drafts.record(import_id), drafts.job(import_id)
    if record is None and job is None:
        return _map_page(console, drafts.find(import_id))
    return console.page("shop/import_run.html", current="imports", **run_view(console, import_id, record, job))


@post(PATH + "/map", include_in_schema=False, sync_to_thread=True, opt=WRITES)
def remap(console: NamedDependency[Console], import_id: FromPath[str], form: NamedDependency[Any]) -> Response[Any]:
    """Take over what was chosen, and show its first rows."""
    try:
        _chosen(console, import_id, form)
    except BadMap as error:
        return _map_page(console, console.rooms.drafts.find(import_id), error)
    return console.go(f"/import/{import_id}")


@post(PATH + "/check", include_in_schema=False, sync_to_thread=True, opt=WRITES)
def check(console: NamedDependency[Console], import_id: FromPath[str], form: NamedDependency[Any]) -> Response[Any]:
    """Take over what was chosen, and read the whole file for what would be refused."""
    try:
        _chosen(console, import_id, form)
        console.rooms.drafts.check(import_id)
    except (BadMap, BasisMissing) as error:
        return _map_page(console, console.rooms.drafts.find(import_id), error)
    return console.go(f"/import/{import_id}/check")


@get(PATH + "/check", include_in_schema=False, sync_to_thread=True, opt=SEES)
def checked(console: NamedDependency[Console], import_id: FromPath[str]) -> Response[Any]:
    """What would be refused, and why."""
    drafts = console.rooms.drafts
    if drafts.job(import_id) is not None:
        return console.go(f"/import/{import_id}")
    draft = drafts.find(import_id)
    if draft.checked is None and not draft.check_job:
        return console.go(f"/import/{import_id}")
    return console.page("shop/import_check.html", current="imports", **check_view(console, draft))


@post(PATH + "/accept", include_in_schema=False, sync_to_thread=True, opt=WRITES)
def accept(console: NamedDependency[Console], import_id: FromPath[str], form: NamedDependency[Any]) -> Response[Any]:
    """Import it, in the background; pressing twice imports once."""
    del form  # its token has been verified
    drafts = console.rooms.drafts
    if drafts.job(import_id) is None and drafts.record(import_id) is None and drafts.find(import_id).checked is None:
        return console.go(f"/import/{import_id}")  # nothing is accepted that nobody has seen the refusals of
    drafts.accept(import_id)
    return console.go(f"/import/{import_id}")


@post(PATH + "/cancel", include_in_schema=False, sync_to_thread=True, opt=WRITES)
def stop(console: NamedDependency[Console], import_id: FromPath[str], form: NamedDependency[Any]) -> Response[Any]:
    """Stop an import; what was stored stays."""
    del form
    job = console.rooms.drafts.job(import_id)
    if job is not None and job.state in {JobState.WAITING, JobState.RUNNING}:
        console.rooms.db.write(lambda db: cancel(db, import_id, console.rooms.clock()))
    return console.go(f"/import/{import_id}")


@post(PATH + "/retry", include_in_schema=False, sync_to_thread=True, opt=WRITES)
def go_on(console: NamedDependency[Console], import_id: FromPath[str], form: NamedDependency[Any]) -> Response[Any]:
    """Take an import up again that was cancelled or failed."""
    del form
    job = console.rooms.drafts.job(import_id)
    if job is not None and job.state in {JobState.DEAD, JobState.CANCELLED}:
        console.rooms.db.write(lambda db: retry(db, import_id))
    return console.go(f"/import/{import_id}")


@post(PATH + "/again", include_in_schema=False, sync_to_thread=True, opt=WRITES)
def again(console: NamedDependency[Console], import_id: FromPath[str], form: NamedDependency[Any]) -> Response[Any]:
    """Go back to the columns of an upload whose import did not come to its end."""
    del form
    return console.go(f"/import/{console.rooms.drafts.again(import_id).id}")


@post(PATH + "/discard", include_in_schema=False, sync_to_thread=True, opt=WRITES)
def discard(console: NamedDependency[Console], import_id: FromPath[str], form: NamedDependency[Any]) -> Response[Any]:
    """Forget an upload that was not accepted."""
    del form
    console.rooms.drafts.discard(import_id)
    return console.go("/import", done="discarded")


# Refused cells may hold what identifies people, so reading them takes the scope of the export.
@get(PATH + "/rejects.csv", include_in_schema=False, sync_to_thread=True, opt={"scope": "shop:export"})
def rejects(console: NamedDependency[Console], import_id: FromPath[str]) -> File:
    """The refused rows as a file: of the import, or of the check before it."""
    rooms = console.rooms
    try:
        path = rooms.importer.rejects(import_id)
    except UnknownImport:
        path = rooms.drafts.rejects(import_id)
    return File(path=path, filename="rejects.csv", media_type="text/csv")


def _chosen(console: Console, import_id: str, form: Any) -> Draft:
    """What a form chose, stored with the draft."""
    drafts = console.rooms.drafts
    draft = drafts.find(import_id)
    basis, notice = form.text("basis"), form.text("notice")
    columns = {column.name: form.text(f"column-{n}") for n, column in enumerate(draft.columns)}
    held = f"{basis}:{notice}" if basis == "consent" else basis
    currency = form.text("currency")
    return drafts.remap(
        import_id,
        kind=form.text("kind"),
        basis=held,
        columns=columns,
        currency=currency,
        licence=form.text("licence"),
    )


def _map_page(console: Console, draft: Draft, error: ZhangguiError | None = None) -> Response[str]:
    problem = failure_told(error, console.view.language, console.view._) if error else ""
    context = map_view(console, draft, problem, is_basis_wrong=isinstance(error, BasisMissing))
    return console.page("shop/import_map.html", current="imports", status=422 if error else 200, **context)


IMPORT_STEP_ROUTES = (one, remap, check, checked, accept, stop, go_on, again, discard, rejects)
