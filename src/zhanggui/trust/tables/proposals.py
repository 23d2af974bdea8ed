"""Proposals as they stand, and each kind's autonomy level."""

from __future__ import annotations

from collections.abc import Collection

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.clock import ms_or_none
from zhanggui.kernel.db import shop_metadata, upsert
from zhanggui.kernel.ids import hash64
from zhanggui.trust.types.proposals import AutonomyLevel, Proposal, ProposalState

proposals = sa.Table(
    "proposals",
    shop_metadata,
    sa.Column("id", sa.String(26), primary_key=True),  # ULID: sorts by time
    sa.Column("kind", sa.String(64), nullable=False),
    sa.Column("subject_hash", sa.BigInteger, nullable=False, index=True),
    sa.Column("state", sa.String(16), nullable=False, index=True),
    sa.Column("expires_ms", sa.BigInteger),
    sa.Column("proposal", sa.LargeBinary, nullable=False),  # JSON of the struct
)

autonomy_levels = sa.Table(
    "autonomy_levels",
    shop_metadata,
    sa.Column("kind", sa.String(64), primary_key=True),
    sa.Column("level", sa.String(16), nullable=False),
)


def store_proposal(db: sa.Connection, proposal: Proposal) -> None:
    """Keep a proposal as it is now."""
    row = {
        "id": proposal.id,
        "kind": proposal.kind,
        "subject_hash": hash64(proposal.subject),
        "state": proposal.state.value,
        "expires_ms": ms_or_none(proposal.expires_at),
        "proposal": msgspec.json.encode(proposal),
    }
    upsert(db, proposals, [row], keys=["id"])


def proposal_by_id(db: sa.Connection, proposal_id: str, *, lock: bool = False) -> Proposal | None:
    """One proposal; with `lock`, nobody else decides on it until this transaction ends."""
    statement = sa.select(proposals.c.proposal).where(proposals.c.id == proposal_id)
    blob = db.execute(statement.with_for_update() if lock else statement).scalar()
    return None if blob is None else msgspec.json.decode(blob, type=Proposal)


def proposals_page(
    db: sa.Connection,
    *,
    after: str | None,
    limit: int,
    state: ProposalState | None,
    kind: str | None,
    subject: str | None,
) -> list[Proposal]:
    """Proposals, newest first, those older than `after`."""
    c = proposals.c
    statement = sa.select(c.proposal).order_by(c.id.desc()).limit(limit)
    if after is not None:
        statement = statement.where(c.id < after)
    if state is not None:
        statement = statement.where(c.state == state.value)
    if kind is not None:
        statement = statement.where(c.kind == kind)
    if subject is not None:
        statement = statement.where(c.subject_hash == hash64(subject))
    return [msgspec.json.decode(blob, type=Proposal) for blob in db.execute(statement).scalars()]


def proposals_about(db: sa.Connection, subjects: Collection[str], limit: int) -> list[Proposal]:
    """The newest proposals about any of some subjects."""
    c = proposals.c
    chosen = sa.select(c.proposal).where(c.subject_hash.in_([hash64(subject) for subject in subjects]))
    return [
        msgspec.json.decode(blob, type=Proposal)
        for blob in db.execute(chosen.order_by(c.id.desc()).limit(limit)).scalars()
    ]


def latest(db: sa.Connection, states: Collection[ProposalState], kind: str | None, limit: int) -> list[Proposal]:
    """The newest proposals in some states."""
    c = proposals.c
    statement = sa.select(c.proposal).where(c.state.in_([state.value for state in states]))
    statement = statement if kind is None else statement.where(c.kind == kind)
    blobs = db.execute(statement.order_by(c.id.desc()).limit(limit)).scalars()
    return [msgspec.json.decode(blob, type=Proposal) for blob in blobs]


def counts(db: sa.Connection) -> dict[tuple[str, ProposalState], int]:
    """How many proposals there are of each kind in each state."""
    c = proposals.c
    rows = db.execute(sa.select(c.kind, c.state, sa.func.count()).group_by(c.kind, c.state))
    return {(row[0], ProposalState(row[1])): int(row[2]) for row in rows}


def overdue(db: sa.Connection, now_ms: int, limit: int) -> list[str]:
    """Ids of proposals that nobody decided on in time."""
    c = proposals.c
    waiting = sa.select(c.id).where(c.state == ProposalState.PROPOSED.value, c.expires_ms <= now_ms)
    return list(db.execute(waiting.order_by(c.id).limit(limit)).scalars())


def levels(db: sa.Connection) -> dict[str, AutonomyLevel]:
    """The levels that were set, by kind."""
    return {row.kind: AutonomyLevel(row.level) for row in db.execute(sa.select(autonomy_levels))}


def set_level(db: sa.Connection, kind: str, level: AutonomyLevel) -> None:
    """Set a kind's level."""
    upsert(db, autonomy_levels, [{"kind": kind, "level": level.value}], keys=["kind"])
