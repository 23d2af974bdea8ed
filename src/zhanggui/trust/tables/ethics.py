"""The last result of each clause's check."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.clock import from_ms, to_ms
from zhanggui.kernel.db import shop_metadata, upsert
from zhanggui.trust.types.ethics import ClauseResult, Outcome

ethics_results = sa.Table(
    "ethics_results",
    shop_metadata,
    sa.Column("clause", sa.String(64), primary_key=True),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
    sa.Column("outcome", sa.LargeBinary, nullable=False),  # JSON
)


def results(db: sa.Connection) -> dict[str, ClauseResult]:
    """The last result of each clause, by its id."""
    return {
        row.clause: ClauseResult(
            clause=row.clause,
            version=row.version,
            at=from_ms(row.at_ms),
            outcome=msgspec.json.decode(row.outcome, type=Outcome),
        )
        for row in db.execute(sa.select(ethics_results))
    }


def store_result(db: sa.Connection, result: ClauseResult) -> None:
    """Keep a result in place of the one before."""
    row = {
        "clause": result.clause,
        "version": result.version,
        "at_ms": to_ms(result.at),
        "outcome": msgspec.json.encode(result.outcome),
    }
    upsert(db, ethics_results, [row], keys=["clause"])
