"""Every error as a problem (RFC 9457): one shape at every door, with a code to branch on and a hint to act on.

Rooms know the kind of an error; the numbers of HTTP stand in `app/statuses.py` and here. What we did not expect is
answered with an id under which the log holds the cause, and says nothing of our insides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import Annotated, Any

import msgspec
import structlog
from litestar import Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.openapi.datastructures import ResponseSpec
from litestar.types import ExceptionHandlersMap

from zhanggui.app.statuses import STATUS as STATUS
from zhanggui.kernel.errors import Kind, ZhangguiError
from zhanggui.kernel.ids import new_id
from zhanggui.kernel.listing import AnyRequest
from zhanggui.kernel.logs import traceback_of

from .reading import body_fault, sent_parameter

PROBLEM_JSON = "application/problem+json"

DOOR_CODES = {
    400: ("http.bad_request", "Check the request against the OpenAPI description at /schema/openapi.json."),
    404: ("http.no_such_path", "All paths stand in the OpenAPI description at /schema/openapi.json."),
    405: ("http.method_not_allowed", "The header Allow names the methods of this path."),
    413: ("input.too_large", "Send less at once; the message names the limit."),
    415: ("http.unsupported_media_type", "Send JSON with the header Content-Type: application/json."),
    422: ("input.invalid", "The message names the place; mend it and send again."),
    500: ("http.unexpected", "This is a fault of the software: report it with the id."),
}
"""Codes of what is refused before any room is asked, or fails in a way that no room foresaw."""


class Place(msgspec.Struct, frozen=True, omit_defaults=True):
    """One place of the input that does not fit."""

    message: str
    place: str = ""
    """Where: `$.lines[0].quantity` in a body, or the name of a parameter."""


class Problem(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What went wrong (RFC 9457)."""

    type: str
    """Where the code is explained."""
    title: str
    status: Annotated[int, msgspec.Meta(ge=400, le=599)]
    detail: str
    code: str
    hint: str = ""
    id: str = ""
    """Of an unexpected failure: the log holds the cause under this id."""
    params: dict[str, str] = {}
    errors: tuple[Place, ...] = ()


def a_problem(status: int, detail: str, code: str, hint: str = "", **more: Any) -> Problem:
    """A problem with its standard fields filled in."""
    return Problem(
        type=f"/docs/errors#{code}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        code=code,
        hint=hint,
        **more,
    )


def problem_of(error: ZhangguiError) -> Problem:
    """The problem that stands for one of our own errors."""
    return a_problem(STATUS[error.kind], str(error), error.code, error.api_hint, params=error.params)


def unexpected(error: BaseException) -> Problem:
    """A problem for what nobody foresaw: its cause goes to the log, under the id that the caller sees."""
    failure = new_id()
    structlog.get_logger("zhanggui.http").error("unexpected", failure=failure, exception=traceback_of(error))
    code, hint = DOOR_CODES[500]
    return a_problem(500, "Something failed that should not have.", code, hint, id=failure)


def answer(problem: Problem, headers: dict[str, str] | None = None) -> Response[Problem]:
    """The response that carries a problem."""
    extra = dict(headers or {})
    if problem.status == HTTPStatus.UNAUTHORIZED:
        extra["WWW-Authenticate"] = "Bearer"
    return Response(problem, status_code=problem.status, media_type=PROBLEM_JSON, headers=extra)


def from_zhanggui(_: AnyRequest, error: ZhangguiError) -> Response[Problem]:
    """Answer one of our own errors."""
    wait = error.params.get("retry_after_s", "") if error.kind is Kind.TOO_MANY else ""
    return answer(problem_of(error), {"Retry-After": wait} if wait else None)


def from_litestar(request: AnyRequest, error: HTTPException) -> Response[Problem]:
    """Answer what the framework refused: an unknown path, a wrong method, input that does not decode."""
    if error.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return answer(unexpected(error))
    is_decoded = isinstance(error, ValidationException)
    places = tuple(_places(request, error.extra)) if is_decoded else ()
    fault = body_fault(request, error) if not places else ""
    status = 422 if is_decoded else error.status_code
    code, hint = DOOR_CODES.get(status, DOOR_CODES[400])
    if fault:
        return answer(a_problem(status, fault, code, "Send the whole JSON that the OpenAPI description asks for."))
    return answer(a_problem(status, _detail(error, places), code, hint, errors=places), error.headers)


def from_anything(_: AnyRequest, error: Exception) -> Response[Problem]:
    """Answer what nobody foresaw."""
    return answer(unexpected(error))


HANDLERS: ExceptionHandlersMap = {
    ZhangguiError: from_zhanggui,
    HTTPException: from_litestar,
    Exception: from_anything,
}

EXPLAINED = {
    400: "The request cannot be read.",
    401: "No key, or one that is unknown, expired or revoked.",
    403: "The key is known and may not do this.",
    404: "Nothing is known by that name.",
    405: "The path does not know this method.",
    409: "The state has moved on, or the idempotency key was used with another body.",
    413: "More than the limit at once.",
    415: "Not a media type that this route reads.",
    422: "The input does not fit; `errors` names the places.",
    429: "Over the rate of this key; `Retry-After` says when to come again.",
    500: "A fault of the software, logged under `id`.",
    503: "Something that this needs is not there now.",
}


def declared(statuses: Sequence[int] = tuple(EXPLAINED)) -> dict[int, ResponseSpec]:
    """The error responses of a route, for its OpenAPI description."""
    return {
        status: ResponseSpec(
            data_container=Problem, description=EXPLAINED[status], media_type=PROBLEM_JSON, generate_examples=False
        )
        for status in statuses
    }


def _places(request: AnyRequest, extra: object) -> list[Place]:
    if not isinstance(extra, list):
        return []
    return [
        _place(request, entry)
        for entry in extra
        # The framework adds each path parameter that the handler does not take, as a KeyError; it is no mistake.
        if isinstance(entry, dict) and entry.get("message") != repr(entry.get("key"))
    ]


def _place(request: AnyRequest, entry: dict[str, Any]) -> Place:
    message, key = str(entry.get("message", "")), str(entry.get("key", ""))
    if entry.get("source") != "query":
        return Place(message=message, place=key)
    name, choices = sent_parameter(request, key)
    return Place(message=f"{message}; one of: {', '.join(choices)}" if choices else message, place=name)


def _detail(error: HTTPException, places: tuple[Place, ...]) -> str:
    if places:
        return "; ".join(f"{place.place}: {place.message}" if place.place else place.message for place in places[:3])
    # The framework words some refusals with the handler's address or an exception's repr; neither is for a reader.
    text = re.sub(r" for (GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS) \S+", "", error.detail)
    return text.splitlines()[0][:500] if text else HTTPStatus(error.status_code).phrase
