"""What the shop needs from outside, as small as it can be said."""

from __future__ import annotations

from typing import Protocol, runtime_checkable


@runtime_checkable  # Litestar asks whether what it injects is one
class CursorCodec(Protocol):
    """Seals the place where a listing goes on, so that nobody depends on what is inside."""

    def seal(self, key: str, *, listing: str) -> str:
        """The cursor that goes on after `key`."""

    def open(self, cursor: str, *, listing: str) -> str:
        """The key in a cursor; raises InvalidInput for one that was not made for this listing."""
