"""Which trained models there are and which of them serve: a table of cards, of which a room declares its own."""

from __future__ import annotations

from typing import Generic, Protocol, TypeVar

import msgspec
import sqlalchemy as sa

from .db import shop_metadata


class Card(Protocol):
    """What a room says of a model, as far as its table asks."""

    @property
    def id(self) -> str:
        """A ULID: the newest sorts last."""

    @property
    def kind(self) -> str:
        """What it is a model of."""

    @property
    def state(self) -> str:
        """`current` serves, `kept` may be put back, `refused` has no files."""


C = TypeVar("C", bound=Card)


class CardTable(Generic[C]):
    """A table of cards, which are kept as JSON.

    Args:
        name: of the table.
        card: the room's own struct.
    """

    def __init__(self, name: str, card: type[C]) -> None:
        self._card = card
        self.table = sa.Table(
            name,
            shop_metadata,
            sa.Column("id", sa.String(26), primary_key=True),
            sa.Column("kind", sa.String(32), nullable=False),
            sa.Column("state", sa.String(16), nullable=False),  # current, kept, refused
            sa.Column("card", sa.LargeBinary, nullable=False),
        )

    def all(self, db: sa.Connection, kind: str | None = None) -> list[C]:
        """The cards of a kind, or of every kind, newest first."""
        asked = sa.select(self.table.c.card).order_by(self.table.c.id.desc())
        return self._read(db, asked if kind is None else asked.where(self.table.c.kind == kind))

    def current(self, db: sa.Connection, kind: str | None = None) -> list[C]:
        """The cards of what serves, at most one a kind."""
        asked = sa.select(self.table.c.card).where(self.table.c.state == "current")
        return self._read(db, asked if kind is None else asked.where(self.table.c.kind == kind))

    def put(self, db: sa.Connection, card: C) -> None:
        """Write a card and its state, over an older one of the same id."""
        self.forget(db, card.id)
        row = {"id": card.id, "kind": card.kind, "state": card.state, "card": msgspec.json.encode(card)}
        db.execute(sa.insert(self.table), [row])

    def forget(self, db: sa.Connection, id_: str) -> None:
        """Delete a card."""
        db.execute(sa.delete(self.table).where(self.table.c.id == id_))

    def _read(self, db: sa.Connection, asked: sa.Select[bytes]) -> list[C]:
        return [msgspec.json.decode(packed, type=self._card) for packed in db.execute(asked).scalars()]
