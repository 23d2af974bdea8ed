"""What this room needs from the others, as small as it can be said; app/wiring/audience.py passes it in."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from zhanggui.kernel.privacy import Purpose
from zhanggui.shop import CatalogueView, Subject, Traces


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


class Followed(Protocol):
    """What people do, whole, for a purpose that is named: the shop room's."""

    def watermark(self) -> int:
        """The newest event, such that every older one can be read from now on."""

    def after(
        self, db: sa.Connection, person: int, after_seq: int, limit: int, *, purpose: Purpose
    ) -> Sequence[tuple[int, int, int, int, int | None, int | None, bytes | None]]:
        """A person's events after a number, by arrival upwards; see `engines.profile.folding.Act`."""

    def page(
        self, db: sa.Connection, after_seq: int, until_seq: int, limit: int, *, purpose: Purpose
    ) -> Sequence[tuple[int, int, int, int, int, int | None, int | None, bytes | None]]:
        """Everybody's events between two numbers, each with its person after the seq."""

    def history(self, purpose: Purpose) -> Iterator[Any]:
        """All events of whoever allows the purpose, the archive too, as Arrow batches."""

    def traces(self, db: sa.Connection, person: int, *, purpose: Purpose) -> Traces:
        """Orders by moment, how much was written, the language."""


class SocialConsent(Protocol):
    """Whether somebody agreed in so many words that what they share, follow and invite is counted."""

    def agreed(self, person: int) -> bool:
        """Whether they did, and did not take it back."""


class ItemVectors(Protocol):
    """What products are like, as vectors."""

    def vector(self, view: CatalogueView, number: int) -> npt.NDArray[np.float32] | None:
        """(d,) of length 1, of one product; None where there is none."""


class Wishes(Protocol):
    """What shoppers want less of: the recommender's own door, which acts in its very next answer."""

    def lower(self, db: sa.Connection, person: int, product: int, keys: Sequence[str], at_ms: int) -> str:
        """Keep a product away (0 for none) and lower all with one of these chips, in the caller's transaction.

        Returns the id of the wish.
        """

    def undo(self, db: sa.Connection, wish: str) -> None:
        """Take it back in the caller's transaction."""


class Switch(Protocol):
    """Turns personalization on and off, everywhere at once: trust's."""

    def set_personalization(self, person: int, *, on: bool, actor: str) -> None:
        """Note what the person wants; it stands in the ledger."""


class ProductNames(Protocol):
    """The merchant's ids of products: the shop room's."""

    def products(self, db: sa.Connection, numbers: Collection[int]) -> dict[int, str]:
        """Ids by number."""
