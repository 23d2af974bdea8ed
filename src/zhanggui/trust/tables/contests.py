"""Contests of automatic decisions: who contests what, until when it is to be answered, and the answer."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.clock import to_ms
from zhanggui.kernel.db import shop_metadata
from zhanggui.kernel.personal import Personal
from zhanggui.kernel.privacy import Duty
from zhanggui.trust.types.contests import HeldContest

OPEN, ANSWERED = "open", "answered"

contests = Personal(
    sa.Table(
        "contests",
        shop_metadata,
        sa.Column("id", sa.String(26), primary_key=True),  # a ULID: sorts by time
        sa.Column("person", sa.BigInteger, nullable=False, index=True),
        sa.Column("state", sa.String(12), nullable=False),  # open, answered
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("due_ms", sa.BigInteger, nullable=False),
        sa.Column("fact", sa.LargeBinary, nullable=False),  # JSON of the HeldContest
        sa.Index("ix_contests_state_due", "state", "due_ms"),
    )
)

_contest = msgspec.json.Decoder(HeldContest)


def put_contest(db: sa.Connection, held: HeldContest) -> None:
    """Keep a contest, or what has become of it."""
    row = {
        "id": held.id,
        "person": held.person,
        "state": OPEN if held.answer is None else ANSWERED,
        "at_ms": to_ms(held.at),
        "due_ms": to_ms(held.due_at),
        "fact": msgspec.json.encode(held),
    }
    contests.upsert(db, [row], keys=["id"])


def contest(db: sa.Connection, id_: str) -> HeldContest | None:
    """The contest of that id."""
    c = contests.for_(Duty.RIGHTS).c
    fact = db.execute(sa.select(c.fact).where(c.id == id_)).scalar()
    return None if fact is None else _contest.decode(fact)


def contests_of(db: sa.Connection, persons: Collection[int]) -> list[HeldContest]:
    """What these persons contested, newest first."""
    c = contests.for_(Duty.RIGHTS).c
    rows = db.execute(sa.select(c.fact).where(c.person.in_(list(persons))).order_by(c.id.desc()))
    return [_contest.decode(row[0]) for row in rows]


def contests_page(
    db: sa.Connection, *, state: str | None, late_before_ms: int | None, after: str, limit: int
) -> list[HeldContest]:
    """Contests by id from the one after `after`: all, or of one state, or open ones that were due before a moment."""
    c = contests.for_(Duty.RIGHTS).c
    chosen = sa.select(c.fact).where(c.id > after)
    if late_before_ms is not None:
        chosen = chosen.where(c.state == OPEN, c.due_ms < late_before_ms)
    elif state is not None:
        chosen = chosen.where(c.state == state)
    return [_contest.decode(row[0]) for row in db.execute(chosen.order_by(c.id).limit(limit))]


def counted_open(db: sa.Connection, now_ms: int) -> tuple[int, int]:
    """(open, of these overdue)."""
    c = contests.for_(Duty.RIGHTS).c
    late = sa.func.sum(sa.case((c.due_ms < now_ms, 1), else_=0))
    row = db.execute(sa.select(sa.func.count(), late).where(c.state == OPEN)).one()
    return int(row[0]), int(row[1] or 0)


def persons_contesting(db: sa.Connection) -> set[int]:
    """Whose contests wait for an answer."""
    c = contests.for_(Duty.RIGHTS).c
    return {int(row[0]) for row in db.execute(sa.select(c.person).where(c.state == OPEN).distinct())}


def opened_since(db: sa.Connection, persons: Sequence[int], since_ms: int) -> int:
    """How many these persons have opened since a moment."""
    c = contests.for_(Duty.RIGHTS).c
    counted = sa.select(sa.func.count()).where(c.person.in_(list(persons)), c.at_ms >= since_ms)
    return int(db.execute(counted).scalar_one())
