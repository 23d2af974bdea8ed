"""What rooms would like to have decided, and which briefs went out."""

from __future__ import annotations

from collections.abc import Collection

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.db import insert_ignoring, shop_metadata
from zhanggui.kernel.ids import hash64
from zhanggui.trust.types.proposals import ProposalDraft

inbox_bids = sa.Table(
    "inbox_bids",
    shop_metadata,
    sa.Column("id", sa.String(26), primary_key=True),  # ULID: sorts by time
    sa.Column("room", sa.String(64), nullable=False),
    sa.Column("subject_hash", sa.BigInteger, nullable=False),  # of kind and subject: a newer bid takes its place
    sa.Column("until_ms", sa.BigInteger, nullable=False),
    sa.Column("draft", sa.LargeBinary, nullable=False),  # JSON of the struct
    sa.UniqueConstraint("subject_hash"),
)

inbox_days = sa.Table(
    "inbox_days",
    shop_metadata,
    sa.Column("day", sa.Integer, primary_key=True, autoincrement=False),  # days since 1970 of the shop's own zone
    sa.Column("taken", sa.LargeBinary, nullable=False),  # JSON: room → places it got
)

brief_sendings = sa.Table(
    "brief_sendings",
    shop_metadata,
    sa.Column("day", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("channel", sa.String(32), primary_key=True),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
)


class Bid(msgspec.Struct, frozen=True):
    """A draft that waits for a place in the inbox."""

    id: str
    room: str
    draft: ProposalDraft


def store_bids(db: sa.Connection, bids: Collection[Bid], until_ms: int) -> None:
    """Keep bids; one about the same thing of the same kind is replaced."""
    latest = {_about(bid.draft): bid for bid in bids}
    db.execute(sa.delete(inbox_bids).where(inbox_bids.c.subject_hash.in_(latest)))
    rows = [
        {
            "id": bid.id,
            "room": bid.room,
            "subject_hash": about,
            "until_ms": until_ms,
            "draft": msgspec.json.encode(bid.draft),
        }
        for about, bid in latest.items()
    ]
    if rows:
        db.execute(sa.insert(inbox_bids), rows)


def waiting_bids(db: sa.Connection, now_ms: int, limit: int) -> list[Bid]:
    """Bids that still hold, the newest first."""
    c = inbox_bids.c
    rows = db.execute(sa.select(c.id, c.room, c.draft).where(c.until_ms > now_ms).order_by(c.id.desc()).limit(limit))
    return [Bid(row.id, row.room, msgspec.json.decode(row.draft, type=ProposalDraft)) for row in rows]


def drop_bids(db: sa.Connection, ids: Collection[str], now_ms: int) -> None:
    """Forget bids, and those whose time is over."""
    db.execute(sa.delete(inbox_bids).where(inbox_bids.c.id.in_(ids) | (inbox_bids.c.until_ms <= now_ms)))


def places_taken(db: sa.Connection, day: int) -> dict[str, int]:
    """The places of a day that are taken, by room; locked until the transaction ends."""
    insert_ignoring(db, inbox_days, [{"day": day, "taken": b"{}"}], keys=["day"])
    held = sa.select(inbox_days.c.taken).where(inbox_days.c.day == day).with_for_update()
    return msgspec.json.decode(db.execute(held).scalar_one(), type=dict[str, int])


def set_places(db: sa.Connection, day: int, taken: dict[str, int]) -> None:
    """Note who has which places of a day; days that are over are forgotten."""
    db.execute(
        sa.update(inbox_days).where(inbox_days.c.day == day).values(taken=msgspec.json.encode(taken, order="sorted"))
    )
    db.execute(sa.delete(inbox_days).where(inbox_days.c.day < day))


def channels_sent(db: sa.Connection, day: int) -> set[str]:
    """The channels by which the brief of a day went out."""
    c = brief_sendings.c
    return set(db.execute(sa.select(c.channel).where(c.day == day)).scalars())


def note_sent(db: sa.Connection, day: int, channel: str, at_ms: int) -> None:
    """Note that the brief of a day went out by a channel."""
    insert_ignoring(db, brief_sendings, [{"day": day, "channel": channel, "at_ms": at_ms}], keys=["day", "channel"])


def _about(draft: ProposalDraft) -> int:
    return hash64(f"{draft.kind}\n{draft.subject}")
