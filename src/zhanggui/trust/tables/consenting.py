"""Versions of notices, and what people said about single channels."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.db import hot_rows, insert_ignoring, shop_metadata
from zhanggui.kernel.personal import Personal
from zhanggui.kernel.privacy import Duty
from zhanggui.kernel.slices import sliced
from zhanggui.trust.engines.notices import book_of
from zhanggui.trust.types.notices import NoticeBook, NoticeVersion

from .consents import FEW, notices

AT_ONCE = 1_000
_version = msgspec.json.Decoder(NoticeVersion)

notice_versions = sa.Table(
    "notice_versions",
    shop_metadata,
    sa.Column("notice", sa.String(512), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
    sa.Column("fact", sa.LargeBinary, nullable=False),  # JSON of the NoticeVersion: it is never changed
)

channel_consents = Personal(
    sa.Table(
        "channel_consents",
        shop_metadata,
        sa.Column("person", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("purpose", sa.String(16), primary_key=True),
        sa.Column("channel", sa.String(16), primary_key=True),
        sa.Column("granted", sa.Boolean, nullable=False),
        sa.Column("notice", sa.String(512), nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),
    )
)


class HeldChannel(msgspec.Struct, frozen=True):
    """What one person said about one channel."""

    person: int
    purpose: str
    channel: str
    granted: bool
    notice: str
    at_ms: int


def store_channels(db: sa.Connection, held: Sequence[HeldChannel]) -> None:
    """Put what people said in the place of what they said before."""
    channel_consents.upsert(db, [msgspec.structs.asdict(one) for one in held], keys=["person", "purpose", "channel"])


def channels_of(db: sa.Connection, persons: Collection[int]) -> list[HeldChannel]:
    """All that these persons said about channels."""
    table, found = channel_consents.for_(Duty.RIGHTS), list[HeldChannel]()
    for some in sliced(sorted(persons), FEW):
        rows = db.execute(sa.select(table).where(table.c.person.in_(some)))
        found += [msgspec.convert(row, HeldChannel, from_attributes=True) for row in rows]
    return found


def channels_in_time(db: sa.Connection) -> Iterator[HeldChannel]:
    """All that anybody said about channels, by moment."""
    c = channel_consents.for_(Duty.UPKEEP).c
    ordered = sa.select(*c).order_by(c.at_ms, c.person, c.purpose, c.channel)
    for row in db.execute(ordered, execution_options={"yield_per": AT_ONCE}):
        yield msgspec.convert(row, HeldChannel, from_attributes=True)


def add_versions(db: sa.Connection, published: Sequence[NoticeVersion], moments_ms: Sequence[int]) -> None:
    """Keep versions; one that is there already stays as it is."""
    rows = [
        {"notice": one.notice, "version": one.version, "at_ms": at_ms, "fact": msgspec.json.encode(one)}
        for one, at_ms in zip(published, moments_ms, strict=True)
    ]
    insert_ignoring(db, notice_versions, rows, keys=["notice", "version"])


def versions(db: sa.Connection, notice: str | None = None) -> list[NoticeVersion]:
    """All versions by name and number, or only those of one notice."""
    rows = hot_rows(db, "SELECT notice, fact FROM notice_versions ORDER BY notice, version")
    return [_version.decode(row[1]) for row in rows if notice is None or row[0] == notice]


def notice_book(db: sa.Connection) -> NoticeBook:
    """What agreeing to each notice and version is worth now."""
    return book_of(notices(db), versions(db))
