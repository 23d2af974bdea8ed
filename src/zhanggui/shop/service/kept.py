"""Values that are dear to make and are right for a while."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

T = TypeVar("T")


class Kept:
    """The last values that were made, one for each name: of the newest view, the present minute."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[object, object]] = {}

    def get(self, name: str, state: object, make: Callable[[], T]) -> T:
        """The value of a name as of a state, made when the one that is held is of another."""
        held = self._held.get(name)
        if held is None or held[0] != state:
            held = self._held[name] = (state, make())
        return cast("T", held[1])
