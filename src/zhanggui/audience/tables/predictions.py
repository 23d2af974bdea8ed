"""Which models of predictions there are, what the last training lacked, and what the bulk job foretold."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import msgspec
import sqlalchemy as sa

from zhanggui.audience.types.predictions import DataCheck, Kind, PredictionCard
from zhanggui.kernel.db import shop_metadata
from zhanggui.kernel.model_cards import CardTable
from zhanggui.kernel.personal import Personal, PersonalText
from zhanggui.kernel.privacy import Reason
from zhanggui.kernel.slices import sliced

models = CardTable("audience_models", PredictionCard)

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


def current_cards(db: sa.Connection) -> dict[Kind, PredictionCard]:
    """The models that serve."""
    return {card.kind: card for card in models.current(db)}


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
    return foretold.delete_people(db, sorted(set(held) - set(persons)))


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
