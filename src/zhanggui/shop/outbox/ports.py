"""What an outlet must do."""

from __future__ import annotations

from typing import Protocol

import msgspec

from .types import OutboxEntry


class Confirmed(msgspec.Struct, frozen=True):
    """The outlet says that it has applied the change."""

    note: str = ""


class Sent(msgspec.Struct, frozen=True):
    """The outlet has it; somebody will confirm later."""

    note: str = ""


class Refused(msgspec.Struct, frozen=True):
    """The outlet will never take it."""

    note: str


class TryAgain(msgspec.Struct, frozen=True):
    """The outlet could not be reached, or asks to come back."""

    note: str


Outcome = Confirmed | Sent | Refused | TryAgain


class Outlet(Protocol):
    """A way out of the shop. Sending one entry twice must not do it twice: its idempotency key is the same."""

    def send(self, entry: OutboxEntry) -> Outcome:
        """Send, and say what came of it; expected failures are outcomes, not exceptions."""
