"""Your file: dropped, taken in, and what its rows say; one finding to approve and to undo."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect

from zhanggui.app.console.import_sentences import told, told_error
from zhanggui.app.console.import_words import field_words, shown_cell
from zhanggui.app.web.problems import said
from zhanggui.kernel.errors import Kind, NotFound, ZhangguiError
from zhanggui.trust.words.ledger import KINDS

from .found_file import LABEL, LARGEST, Facts, FoundFile
from .shell import Tour
from .trials import NothingThere

HERE = "/tour/file"
SAMPLE = Path(__file__).parent / "samples" / "yunling-orders.csv"
ROOM_FOR_A_FORM = 64 * 1024
_UNREADABLE = frozenset({Kind.INVALID, Kind.TOO_LARGE, Kind.UNAVAILABLE})


@get(HERE, include_in_schema=False, sync_to_thread=True)
def file_page(tour: NamedDependency[Tour]) -> Response[str]:
    """What was found in the visitor's file; without one, where to drop it."""
    try:
        look = FoundFile(tour.trials).look(tour.token, tour.view.language)
    except NothingThere:
        return _drop(tour)
    return tour.page(
        "findings.html",
        current=HERE,
        look=look,
        facts=look.facts,
        found=look.found,
        refused=_refused(tour, look.facts),
        fields=[(name, field_words(look.facts.kind, field, tour.view._)) for name, field in look.facts.columns],
        kinds=KINDS,
        label=LABEL,
        done=tour.view.query.get("done", ""),
    )


@post(
    HERE,
    include_in_schema=False,
    sync_to_thread=True,
    opt={"is_heavy": True},
    request_max_body_size=LARGEST + ROOM_FOR_A_FORM,
)
def drop(tour: NamedDependency[Tour], form: NamedDependency[Any]) -> Response[Any]:
    """Take a file in; one that cannot be read is said so above the form."""
    upload = form.files.get("file")
    if upload is None or not upload.filename:
        return _drop(tour, problem=tour.view._("Choose a file first."), status=422)
    return _taken(tour, upload.filename, upload.file)


@post(f"{HERE}/sample", include_in_schema=False, sync_to_thread=True, opt={"is_heavy": True})
def sample(tour: NamedDependency[Tour], form: NamedDependency[Any]) -> Response[Any]:
    """Take the sample that lies ready."""
    del form  # its token has been verified
    with SAMPLE.open("rb") as stream:
        return _taken(tour, SAMPLE.name, stream)


@get(f"{HERE}/sample.csv", include_in_schema=False, sync_to_thread=True)
def sample_csv() -> Response[bytes]:
    """The sample itself, to look at."""
    headers = {"content-disposition": f'attachment; filename="{SAMPLE.name}"'}
    return Response(SAMPLE.read_bytes(), media_type="text/csv", encoding="gb18030", headers=headers)


@post(f"{HERE}/decide", include_in_schema=False, sync_to_thread=True)
def decide(tour: NamedDependency[Tour], form: NamedDependency[Any]) -> Redirect:
    """Propose the label for what runs out, approve it, or take it back."""
    found, act = FoundFile(tour.trials), form.required("act")
    if act == "propose":
        found.propose(tour.token, form.required("product"))
    elif act == "approve":
        found.approve(tour.token, form.required("proposal"))
    elif act == "undo":
        found.undo(tour.token, form.required("proposal"))
    else:
        raise NotFound(f"Nothing is called {act[:40]!r} here.")
    answer = tour.go(HERE, done=act)
    answer.url = f"{answer.url}#decide"
    return answer


@post(f"{HERE}/forget", include_in_schema=False, sync_to_thread=True)
def forget(tour: NamedDependency[Tour], form: NamedDependency[Any]) -> Redirect:
    """Delete the file and all that came of it, now."""
    del form  # its token has been verified
    tour.trials.forget(tour.token, "file")
    return tour.go(HERE, done="forgotten")


def _taken(tour: Tour, name: str, stream: Any) -> Response[Any]:
    try:
        FoundFile(tour.trials).take(tour.token, name, stream)
    except ZhangguiError as error:
        if error.kind not in _UNREADABLE:
            raise
        known = said(error, tour.view.language)
        return _drop(tour, problem=told_error(known, tour.view._), status=422)
    answer = tour.go(HERE)
    if tour.is_new:
        answer.cookies.append(tour.cookie(tour.token))
    return answer


def _drop(tour: Tour, *, problem: str = "", status: int = 200) -> Response[str]:
    return tour.page("drop.html", current=HERE, status=status, problem=problem, done=tour.view.query.get("done", ""))


def _refused(tour: Tour, facts: Facts) -> dict[str, Any]:
    """Why rows were refused, in the reader's words, and the first of them."""
    say = tour.view._
    fields = dict(facts.columns)
    rows = [
        {
            "line": row.line,
            "column": row.column,
            "value": shown_cell(row.value, facts.kind, fields.get(row.column, "")),
            "reason": told(row.reason, say),
            "cure": told(row.cure, say) if row.cure else "",
        }
        for row in facts.first
    ]
    return {"reasons": [(told(reason, say), count) for reason, count in facts.reasons], "rows": rows}


FILE_ROUTES = (file_page, drop, sample, sample_csv, decide, forget)
