"""What shoppers said of their profiles: muted, removed, corrected, paused, forgotten."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.db import shop_metadata
from zhanggui.kernel.personal import Personal, PersonalText
from zhanggui.kernel.privacy import Reason

corrections = Personal(
    sa.Table(
        "audience_corrections",
        shop_metadata,
        sa.Column("id", sa.String(26), primary_key=True),
        sa.Column("person", sa.BigInteger, nullable=False, index=True),
        sa.Column("act", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(300), nullable=False),  # `tag:CODE`, the key of an interest, or empty
        sa.Column("value", sa.String(300), nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
        sa.Column("until_ms", sa.BigInteger),  # of a pause
        sa.Column(
            "wish", sa.String(26), nullable=False
        ),  # the recommender's preference that carries it; empty for none
        sa.Column("undone_ms", sa.BigInteger),
    )
)

FORETOLD, PLANS, SEGMENT = "foretold", "plans", "segment:"
"""Subjects of a mute that are no trait: all that is foretold, all plans, and, before its id, one segment."""
HIDING = frozenset({"mute", "remove"})
_COLUMNS = "id, person, act, subject, value, at_ms, until_ms, wish, undone_ms"
_OF_ONE = PersonalText(f"SELECT {_COLUMNS} FROM audience_corrections WHERE person = ? ORDER BY id")  # noqa: S608


class StoredCorrection(msgspec.Struct, frozen=True, kw_only=True):
    """One row of `audience_corrections`."""

    id: str
    person: int
    act: str
    subject: str = ""
    value: str = ""
    at_ms: int
    until_ms: int | None = None
    wish: str = ""
    undone_ms: int | None = None


def corrections_of(db: sa.Connection, persons: Sequence[int], *, purpose: Reason) -> list[StoredCorrection]:
    """All that was said of a subject's numbers, undone ones too, oldest first. Hot: every profile reads them."""
    return [_stored(row) for person in persons for row in _OF_ONE.rows(db, purpose, (person,))]


_PAUSED = PersonalText(
    "SELECT person FROM audience_corrections WHERE act = 'pause' AND undone_ms IS NULL AND until_ms > ?"
)


def paused(db: sa.Connection, now_ms: int, *, purpose: Reason) -> set[int]:
    """Whose profile is paused at a moment."""
    return {int(row[0]) for row in _PAUSED.rows(db, purpose, (now_ms,))}


_MUTED = PersonalText(
    "SELECT person FROM audience_corrections WHERE act IN ('mute', 'remove') AND undone_ms IS NULL AND subject = ?"
)


def muted(db: sa.Connection, subject: str, *, purpose: Reason) -> set[int]:
    """Who asked that something be used no more."""
    return {int(row[0]) for row in _MUTED.rows(db, purpose, (subject,))}


def correction(db: sa.Connection, id_: str, *, purpose: Reason) -> StoredCorrection | None:
    """The one of that id."""
    table = corrections.for_(purpose)
    row = db.execute(sa.select(*(table.c[name] for name in _COLUMNS.split(", "))).where(table.c.id == id_)).fetchone()
    return None if row is None else _stored(tuple(row))


def corrections_page(db: sa.Connection, *, after: str, limit: int, purpose: Reason) -> list[StoredCorrection]:
    """What anybody said, oldest first, from the one after `after` on."""
    table = corrections.for_(purpose)
    columns = [table.c[name] for name in _COLUMNS.split(", ")]
    chosen = sa.select(*columns).where(table.c.id > after).order_by(table.c.id).limit(limit)
    return [_stored(tuple(row)) for row in db.execute(chosen)]


def _stored(row: Sequence[object]) -> StoredCorrection:
    return msgspec.convert(dict(zip(_COLUMNS.split(", "), row, strict=True)), StoredCorrection)


def add_correction(db: sa.Connection, added: StoredCorrection) -> None:
    """Keep what was said."""
    db.execute(corrections.insert(), [msgspec.structs.asdict(added)])


def set_undone(db: sa.Connection, id_: str, undone_ms: int) -> bool:
    """Take it back; the row stays, so that undoing twice is undoing once: False where it was taken back before."""
    standing = corrections.update(lambda c: (c.id == id_) & c.undone_ms.is_(None))
    return db.execute(standing.values(undone_ms=undone_ms)).rowcount > 0
