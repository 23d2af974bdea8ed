"""JSON bodies, read as strictly as they are described, and what of a request is refused, in words of its sender."""

from __future__ import annotations

import enum
from typing import Any

import msgspec
from litestar import Request
from litestar.exceptions import HTTPException, ValidationException
from litestar.params import ParameterKwarg

from zhanggui.kernel.listing import AnyRequest

_WITH_BODY = frozenset({"POST", "PUT", "PATCH"})


class StrictRequest(Request[Any, Any, Any]):
    """A request whose JSON body is what its route asks for, or refused.

    The framework's own reading takes "12" for 12, and 0 for the first second of 1970, without a word.
    """

    async def json(self) -> Any:
        """The body as the type of the route's `data`; as plain values where it names none.

        Raises:
            ValidationException: it is JSON of another shape; names the place.
            SerializationException: it is no JSON.
        """
        field = self.route_handler.parsed_data_field
        body = await self.body()
        if field is None or not body:
            return await super().json()
        try:
            return msgspec.json.decode(body, type=field.annotation)
        except msgspec.ValidationError as error:
            message, _, place = str(error).partition(" - at `")
            raise ValidationException(
                extra=[{"message": message, "key": place.rstrip("`"), "source": "body"}]
            ) from error
        except msgspec.DecodeError:
            return await super().json()  # which words that in the framework's way


def body_fault(request: AnyRequest, error: HTTPException) -> str:
    """Why a JSON body cannot be read at all; empty where that is not what is wrong."""
    if request.method not in _WITH_BODY or b"json" not in dict(request.scope["headers"]).get(b"content-type", b""):
        return ""
    cause = error.__cause__
    while cause is not None and not isinstance(cause, msgspec.DecodeError):
        cause = cause.__cause__
    if (isinstance(error, ValidationException) or cause is not None) and _is_empty(request):
        return "The body is empty."
    if cause is None or isinstance(cause, msgspec.ValidationError):
        return ""
    return f"The body is no whole JSON: {cause}."


def _is_empty(request: AnyRequest) -> bool:
    return request.headers.get("content-length", "0") == "0" and "transfer-encoding" not in request.headers


def sent_parameter(request: AnyRequest, name: str) -> tuple[str, list[str]]:
    """A handler's argument as the sender knows it: the name of its parameter, and what it may be where that is listed.

    Args:
        request: what was sent.
        name: of the handler's argument.
    """
    field = request.route_handler.parsed_fn_signature.parameters.get(name)
    if field is None:
        return name, []
    called = field.kwarg_definition.name if isinstance(field.kwarg_definition, ParameterKwarg) else None
    types = [each.annotation for each in field.inner_types] or [field.annotation]
    choices = [choice for each in types if isinstance(each, type) and issubclass(each, enum.Enum) for choice in each]
    return called or name, [str(choice.value) for choice in choices]
