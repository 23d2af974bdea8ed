"""What a page says when something fails: a page of its own, in the reader's words; who must log in is led there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import structlog
from litestar import Response
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap

from zhanggui.app.statuses import STATUS
from zhanggui.kernel.errors import Kind, ZhangguiError
from zhanggui.kernel.ids import new_id
from zhanggui.kernel.listing import AnyRequest
from zhanggui.kernel.logs import traceback_of
from zhanggui.kernel.words import words

from .requests import Views

LOGIN = "/login"
PLACES = frozenset({"shop", "console", "tour", "widgets"})
"""First parts of the paths of pages."""

Answering = Callable[[AnyRequest, HTTPException], Response[Any]]


def page_problems(views: Views) -> ExceptionHandlersMap:
    """Handlers for the routes of pages."""

    def ours(request: AnyRequest, error: ZhangguiError) -> Response[Any]:
        view = views.of(request)
        if error.kind is Kind.UNAUTHENTICATED and request.method == "GET":
            target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            return view.go(LOGIN, next=target)
        told = said(error, view.language)
        # A sentence of the catalogue says what to do itself; of what was sent wrongly only the error knows the place.
        hint = error.hint if told == str(error) else str(error) if error.kind is Kind.INVALID else ""
        return _page(views, request, STATUS[error.kind], told, hint, error.code)

    def theirs(request: AnyRequest, error: HTTPException) -> Response[Any]:
        if error.status_code >= 500:
            return unforeseen(request, error)
        # Of an unknown path the framework knows no more than the heading says.
        detail = "" if error.status_code == 404 else error.detail
        return _page(views, request, error.status_code, detail, "", "")

    def unforeseen(request: AnyRequest, error: Exception) -> Response[Any]:
        failure = new_id()
        structlog.get_logger("zhanggui.web").error("unexpected", failure=failure, exception=traceback_of(error))
        return _page(views, request, 500, "", "", failure)

    return {ZhangguiError: ours, HTTPException: theirs, Exception: unforeseen}


def page_of_unknown_path(views: Views, otherwise: Answering) -> Answering:
    """A handler for a path that no route knows: a page to a browser where pages stand, else what `otherwise` says."""
    page = page_problems(views)[HTTPException]

    def answer(request: AnyRequest, error: HTTPException) -> Response[Any]:
        is_page = request.url.path.split("/")[1] in PLACES and "text/html" in request.headers.get("accept", "")
        return (page if is_page and error.status_code == 404 else otherwise)(request, error)

    return answer


def said(error: ZhangguiError, language: str) -> str:
    """An error in the reader's words, where the catalogue has any for its code; else its own."""
    catalogue = words(language)
    told = catalogue.pgettext("error", error.code)
    if told == error.code:
        return str(error)
    try:
        return told.format_map(error.params)
    except KeyError:  # this one was raised without the parameters that the sentence needs
        return str(error)


def said_whole(error: ZhangguiError, language: str) -> str:
    """An error as `said` says it, and what only the error itself knows: which place is wrong, and what to do."""
    told, own = said(error, language), str(error)
    return " ".join(part for part in (told, "" if own == told else own, error.hint) if part)


def _page(views: Views, request: AnyRequest, status: int, detail: str, hint: str, code: str) -> Response[Any]:
    parts = request.url.path.split("/")
    home = "/" + "/".join(parts[1:2] if parts[1] == "tour" else parts[1:3])
    # Where a form failed the address alone leads elsewhere, or nowhere.
    said_of = {"home": quote(home), "can_switch": request.method in ("GET", "HEAD")}
    context = {"status": status, "detail": detail, "hint": hint, "code": code, **said_of}
    view = views.of(request)
    return view.answer(view.html("web/problem.html", **context), status=status)
