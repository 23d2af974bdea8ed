"""Which models of predictions there are, what the last training lacked, and what the bulk job foretold."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import msgspec
import sqlalchemy as sa

from zhanggui.audience.types.predictions import DataCheck, Kind, PredictionCard
from zhanggui.kernel.db import shop_metadata
from zhanggui.kernel.personal import Personal, PersonalText
from zhanggui.kernel.privacy import Reason
from zhanggui.kernel.slices import sliced

models = sa.Table(
    "audience_models",
    shop_metadata,
    sa.Column("id", sa.String(26), primary_key=True),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("state", sa.String(16), nullable=False),  # current, kept, refused
    sa.Column("card", sa.LargeBinary, nullable=False),
)

checks = sa.Table(
    "audience_model_checks",
    shop_metadata,
    sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=False),  # 1: those of the last training
    sa.Column("checks", sa.LargeBinary, nullable=False),
)

foretold = Personal(
    sa.Table(
        "audience_foretold",
        shop_metadata,
        sa.Column("person", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("buy_7", sa.Float, nullable=True),
        sa.Column("buy_30", sa.Float, nullable=True),
        sa.Column("churn", sa.Float, nullable=True),
        sa.Column("alive", sa.Float, nullable=True),
        sa.Column("orders_90", sa.Float, nullable=True),
        sa.Column("value_90_minor", sa.BigInteger, nullable=True),
    )
)

AT_ONCE = 500


class StoredForetold(msgspec.Struct, frozen=True, gc=False):
    """One row of `audience_foretold`; None for what no model foretells."""

    person: int
    at_ms: int
    buy_7: float | None
    buy_30: float | None
    churn: float | None
    alive: float | None
    orders_90: float | None
    value_90_minor: int | None


def cards(db: sa.Connection, kind: Kind | None = None) -> list[PredictionCard]:
    """All cards, newest first."""
    asked = sa.select(models.c.card).order_by(models.c.id.desc())
    rows = db.execute(asked if kind is None else asked.where(models.c.kind == kind))
    return [msgspec.json.decode(row.card, type=PredictionCard) for row in rows]


def current_cards(db: sa.Connection) -> dict[Kind, PredictionCard]:
    """The models that serve."""
    rows = db.execute(sa.select(models.c.card).where(models.c.state == "current"))
    found = (msgspec.json.decode(row.card, type=PredictionCard) for row in rows)
    return {card.kind: card for card in found}


def put_card(db: sa.Connection, card: PredictionCard) -> None:
    """Write a card and its state, over an older one of the same id."""
    row = {"id": card.id, "kind": card.kind, "state": card.state, "card": msgspec.json.encode(card)}
    db.execute(sa.delete(models).where(models.c.id == card.id))
    db.execute(sa.insert(models), [row])


def forget_card(db: sa.Connection, id_: str) -> None:
    """Delete a card."""
    db.execute(sa.delete(models).where(models.c.id == id_))


def put_checks(db: sa.Connection, found: Sequence[DataCheck]) -> None:
    """Write what the last training found."""
    db.execute(sa.delete(checks))
    db.execute(sa.insert(checks), [{"id": 1, "checks": msgspec.json.encode(found)}])


def last_checks(db: sa.Connection) -> tuple[DataCheck, ...]:
    """What the last training found; empty before the first."""
    held = db.execute(sa.select(checks.c.checks)).scalar()
    return () if held is None else msgspec.json.decode(held, type=tuple[DataCheck, ...])


def put_foretold(db: sa.Connection, rows: Sequence[StoredForetold]) -> None:
    """Write rows, over older ones of the same persons."""
    for some in sliced(rows, AT_ONCE):
        foretold.upsert(db, [msgspec.to_builtins(row) for row in some], keys=["person"])


def drop_others(db: sa.Connection, persons: Collection[int], *, purpose: Reason) -> int:
    """Delete the rows of everybody else: of people who are foretold no more."""
    held = db.execute(sa.select(foretold.for_(purpose).c.person)).scalars()
    return drop_foretold(db, sorted(set(held) - set(persons)))


def drop_foretold(db: sa.Connection, persons: Sequence[int]) -> int:
    """Delete the rows of persons."""
    gone = 0
    for some in sliced(persons, AT_ONCE):
        gone += db.execute(foretold.delete(lambda c, some=some: c.person.in_(some))).rowcount  # type: ignore[misc]
    return gone


def foretold_of(db: sa.Connection, persons: Collection[int], *, purpose: Reason) -> Mapping[int, StoredForetold]:
    """The rows of those who have one."""
    table = foretold.for_(purpose)
    found: dict[int, StoredForetold] = {}
    for some in sliced(sorted(persons), AT_ONCE):
        rows = db.execute(sa.select(table).where(table.c.person.in_(some)))
        found |= {row.person: msgspec.convert(row, StoredForetold, from_attributes=True) for row in rows}
    return found


class StoredOutlook(msgspec.Struct, frozen=True, gc=False):
    """What a row of `audience_foretold` says of coming back and spending."""

    at_ms: int
    alive: float | None
    orders_90: float | None
    value_90_minor: int | None


_OUTLOOK = PersonalText("SELECT at_ms, alive, orders_90, value_90_minor FROM audience_foretold WHERE person = ?")


def outlook_of(db: sa.Connection, person: int, *, purpose: Reason) -> StoredOutlook | None:
    """Of one person: the hot way."""
    rows = _OUTLOOK.rows(db, purpose, (person,))
    return StoredOutlook(*rows[0]) if rows else None
