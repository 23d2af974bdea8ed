"""All rooms' routes, in one list."""

from __future__ import annotations

from typing import Any

ROUTES: tuple[Any, ...] = ()
