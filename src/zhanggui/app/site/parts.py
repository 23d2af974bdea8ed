"""What a part of the site brings to the application."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any

from litestar.di import Provide


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part.

    Attributes:
        routes: handlers and routers.
        dependencies: what handlers are given, by name.
        lifespans: what runs beside the answers, from the worker's start to its end.
    """

    routes: tuple[Any, ...]
    dependencies: Mapping[str, Provide]
    lifespans: tuple[Callable[[Any], AbstractAsyncContextManager[None]], ...] = ()


def given(thing: object) -> Provide:
    """The same thing for each request."""
    return Provide(lambda: thing, sync_to_thread=False)
