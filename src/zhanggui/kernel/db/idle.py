"""Connections that were used before and wait to be used again: making one, or asking a pool for it, costs more."""

from __future__ import annotations

from collections import deque
from typing import Generic, Protocol, TypeVar


class Closable(Protocol):
    """A connection."""

    def close(self) -> None:
        """End it."""


C = TypeVar("C", bound=Closable)


class Idle(Generic[C]):
    """Keeps connections for whichever thread comes next; who takes one either gives it back or closes it."""

    def __init__(self) -> None:
        self._kept: deque[C] = deque()  # its ends are safe among threads
        self.is_closed = False

    def take(self) -> C | None:
        """The one that was used last; None where none waits."""
        try:
            return self._kept.pop()
        except IndexError:
            return None

    def give_back(self, connection: C) -> None:
        """Keep it for the next one; after `close` it is closed."""
        self._kept.append(connection)
        if self.is_closed:
            self.close()

    def close(self) -> None:
        """Close what waits, and from now on what is given back."""
        self.is_closed = True
        while (connection := self.take()) is not None:
            connection.close()
