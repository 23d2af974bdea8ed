"""What this room needs from the others, as small as it can be said; app/wiring/audience.py passes it in."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import sqlalchemy as sa

from zhanggui.kernel.privacy import Purpose, Reason
from zhanggui.shop import CatalogueView, Subject, Traces
from zhanggui.trust import Proposal, ProposalDraft, ProposalPage, ProposalState


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

    def history(self, purpose: Purpose, *, among: Collection[int] | None = None) -> Iterator[Any]:
        """All events of whoever allows the purpose, or of these alone, the archive too, as Arrow batches."""

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


class TasteEraser(Protocol):
    """Takes out of a taste what tells groups of people: trust's, where the shop wants it."""

    def erase(self, taste: Sequence[float]) -> tuple[float, ...]:
        """The taste as it may be told; empty where it may not yet."""


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


class PersonNames(Protocol):
    """The merchant's ids of our numbers, and back: the shop room's."""

    def people(self, db: sa.Connection, numbers: Collection[int]) -> dict[int, tuple[str | None, str | None]]:
        """(customer id, visitor id) of these persons; numbers that are nobody's are left out."""

    def people_numbers(self, db: sa.Connection, people: Sequence[tuple[str | None, str | None]]) -> list[int]:
        """The number of each, in their order; who is not known yet gets one."""


class PastActs(Protocol):
    """All behaviour that may be used for a purpose: the shop room's."""

    def history(self, purpose: Purpose, since: datetime | None = None, *, kind: int | None = None) -> Iterator[Any]:
        """Arrow batches of seq, person, product, kind, at_ms, quantity, value_minor; of one kind, or all."""


class Customers(Protocol):
    """Who of the persons is a customer, and not a browser or a guest's order: the shop room's."""

    def customers_among(self, db: sa.Connection, persons: Collection[int]) -> Mapping[int, str]:
        """The merchant's ids of those who are, by number."""


class Tail(Protocol):
    """Arrays of one length, newest first: what one person did with products."""

    @property
    def product(self) -> Any:
        """(n,) product numbers."""

    @property
    def kind(self) -> Any:
        """(n,) numbers of `EVENT_NUMBERS`."""

    @property
    def at_ms(self) -> Any:
        """(n,) epoch milliseconds UTC."""

    @property
    def value_minor(self) -> Any:
        """(n,) 0 where none was sent."""


class Tails(Protocol):
    """What one person did last, the folded history of older days too: the shop room's."""

    def tail(
        self, db: sa.Connection, persons: Sequence[int], after_seq: int = 0, limit: int = 200, *, purpose: Reason
    ) -> Tail:
        """The last acts after a number, newest first."""


class ItemSpace(Protocol):
    """Products as vectors, by the recommender's own factorization of who did what with which."""

    def vectors(self, person: Any, product: Any, size: int) -> Any:
        """(size, rank) of pairs (n,); 0 for products that nobody took."""


class Leaving(Protocol):
    """Whose data may go out of the shop by an outlet: asked when a list leaves (PIPL art. 23 and 39)."""

    def __call__(self, outlet: str, persons: Collection[int]) -> set[int]:
        """Those of `persons` whose separate consent holds, or of whom none is asked there."""


class Contesting(Protocol):
    """Whose contest of a decision waits for an answer: trust's."""

    def contesting(self, db: sa.Connection) -> set[int]:
        """The numbers of those who brought one."""


class ProposalDesk(Protocol):
    """Where this room proposes: trust's."""

    def propose(self, drafts: Sequence[ProposalDraft]) -> list[Proposal]:
        """Make proposals at once: for what a person asked for."""

    def list(
        self,
        *,
        after: str | None = None,
        limit: int = 50,
        state: ProposalState | None = None,
        kind: str | None = None,
        subject: str | None = None,
    ) -> ProposalPage:
        """Proposals, newest first."""


class PlaceBids(Protocol):
    """Lets drafts compete for the few places that the inbox has a day: trust's."""

    def bid(self, drafts: Sequence[ProposalDraft]) -> None:
        """A bid about the same thing of the same kind is replaced."""
