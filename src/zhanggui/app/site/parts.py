"""What a part of the site brings to the application."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any

from litestar.types import ExceptionHandlersMap

from zhanggui.app.http.given import Given


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part.

    Attributes:
        routes: handlers and routers.
        dependencies: what handlers are given, by name.
        lifespans: what runs beside the answers, from the worker's start to its end.
        exception_handlers: answer what no route of its own can, before those of the API.
    """

    routes: tuple[Any, ...]
    dependencies: Mapping[str, Given]
    lifespans: tuple[Callable[[Any], AbstractAsyncContextManager[None]], ...] = ()
    exception_handlers: ExceptionHandlersMap = field(default_factory=dict)


def given(thing: object) -> Given:
    """The same thing for each request."""
    return Given(lambda: thing, sync_to_thread=False)
