"""What each audience was granted of privacy budget, and what it spent: rows are added and never changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from zhanggui.kernel.db import shop_metadata

privacy_budget = sa.Table(
    "privacy_budget",
    shop_metadata,
    sa.Column("id", sa.String(26), primary_key=True),  # ULID: sorts by time
    sa.Column("audience", sa.String(128), nullable=False, index=True),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
    sa.Column("is_grant", sa.Boolean, nullable=False),
    sa.Column("micro_epsilon", sa.BigInteger, nullable=False),
    sa.Column("asked", sa.LargeBinary, nullable=False),  # JSON of the question, empty of a grant
)


class Standing(NamedTuple):
    """Sums since the last grant, in millionths of epsilon; `granted` is None where nothing was ever granted."""

    granted: int | None
    spent: int
    releases: int
    since_ms: int | None


def standing(db: sa.Connection, audience: str) -> Standing:
    """How an audience's budget stands."""
    c = privacy_budget.c
    grant = db.execute(
        sa.select(c.id, c.micro_epsilon, c.at_ms)
        .where(c.audience == audience, c.is_grant)
        .order_by(c.id.desc())
        .limit(1)
    ).first()
    spends = sa.select(sa.func.coalesce(sa.func.sum(c.micro_epsilon), 0), sa.func.count()).where(
        c.audience == audience, ~c.is_grant
    )
    if grant is not None:
        spends = spends.where(c.id > grant.id)
    spent, releases = db.execute(spends).one()
    return Standing(
        None if grant is None else grant.micro_epsilon, int(spent), releases, None if grant is None else grant.at_ms
    )


def note(db: sa.Connection, row: dict[str, Any]) -> None:
    """Add a grant or a spend."""
    db.execute(sa.insert(privacy_budget).values(**row))


def audiences(db: sa.Connection) -> Sequence[str]:
    """All that ever asked or were granted, by name."""
    return list(db.scalars(sa.select(privacy_budget.c.audience).distinct().order_by(privacy_budget.c.audience)))
