"""What this room needs from the others, as small as it can be said; app/wiring/audience.py passes it in."""

from __future__ import annotations

from typing import Protocol

import sqlalchemy as sa

from zhanggui.shop import CatalogueView, Subject


class Subjects(Protocol):
    """Who is who."""

    def subject(
        self, db: sa.Connection, customer_id: str | None = None, visitor_id: str | None = None
    ) -> Subject | None:
        """Whose history counts; None for a stranger."""


class LiveView(Protocol):
    """The catalogue in memory."""

    def view(self, connection: sa.Connection) -> CatalogueView:
        """The catalogue as the connection sees it, or later."""


class Record(Protocol):
    """Where acts of people are written down for good."""

    def append(
        self,
        db: sa.Connection,
        kind: str,
        payload: object,
        actor: str = "system",
        *,
        person: int | None = None,
        about: str = "",
    ) -> int:
        """Write an act down inside the caller's transaction; returns its number."""
