"""Segments and their sizes by day. No person stands in either: who is in one is worked out when it is asked."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.db import shop_metadata, upsert

segments = sa.Table(
    "audience_segments",
    shop_metadata,
    sa.Column("id", sa.String(26), primary_key=True),
    sa.Column("name", sa.String(100), nullable=False),
    sa.Column("rule", sa.String(1000), nullable=False),
    sa.Column("origin", sa.String(16), nullable=False),
    sa.Column("author", sa.String(300), nullable=False),
    sa.Column("created_ms", sa.BigInteger, nullable=False),
)

sizes = sa.Table(
    "audience_segment_sizes",
    shop_metadata,
    sa.Column("segment", sa.String(26), primary_key=True),
    sa.Column("day", sa.String(10), primary_key=True),
    sa.Column("people", sa.BigInteger, nullable=True),  # NULL below the floor
)


overlaps = sa.Table(
    "audience_segment_overlaps",
    shop_metadata,
    sa.Column("first", sa.String(26), primary_key=True),
    sa.Column("second", sa.String(26), primary_key=True),
    sa.Column("day", sa.String(10), nullable=False),
    sa.Column("people", sa.BigInteger, nullable=True),  # NULL below the floor
)


class StoredSegment(msgspec.Struct, frozen=True):
    """One row of `audience_segments`."""

    id: str
    name: str
    rule: str
    origin: str
    author: str
    created_ms: int


def all_segments(db: sa.Connection) -> list[StoredSegment]:
    """All of them, oldest first."""
    return [_stored(row) for row in db.execute(sa.select(segments).order_by(segments.c.id))]


def segment(db: sa.Connection, id_: str) -> StoredSegment | None:
    """The one of that id."""
    row = db.execute(sa.select(segments).where(segments.c.id == id_)).fetchone()
    return None if row is None else _stored(row)


def _stored(row: sa.Row[tuple[object, ...]]) -> StoredSegment:
    return msgspec.convert(row, StoredSegment, from_attributes=True)


def put_segment(db: sa.Connection, added: StoredSegment) -> None:
    """Keep a segment."""
    db.execute(sa.insert(segments), [msgspec.structs.asdict(added)])


def drop_segment(db: sa.Connection, id_: str) -> None:
    """Delete a segment, its sizes and what it had in common with others."""
    db.execute(sa.delete(overlaps).where((overlaps.c.first == id_) | (overlaps.c.second == id_)))
    db.execute(sa.delete(sizes).where(sizes.c.segment == id_))
    db.execute(sa.delete(segments).where(segments.c.id == id_))


def put_sizes(db: sa.Connection, day: str, people: Mapping[str, int | None]) -> None:
    """Write the sizes of a day, over older ones."""
    rows = [{"segment": id_, "day": day, "people": count} for id_, count in people.items()]
    if rows:
        upsert(db, sizes, rows, keys=["segment", "day"])


def sizes_of(db: sa.Connection, id_: str, limit: int) -> Sequence[tuple[str, int | None]]:
    """(day, people) of a segment, the newest first."""
    asked = sa.select(sizes.c.day, sizes.c.people).where(sizes.c.segment == id_).order_by(sizes.c.day.desc())
    return [(row[0], row[1]) for row in db.execute(asked.limit(limit))]


def counted(
    db: sa.Connection, among: Collection[str] | None = None
) -> Iterator[tuple[str, list[tuple[str, int | None]]]]:
    """(segment, its (day, people) upwards) of every segment that was ever counted, or of these, by id."""
    asked = sa.select(sizes.c.segment).distinct().order_by(sizes.c.segment)
    for (id_,) in db.execute(asked).all() if among is None else [(one,) for one in sorted(among)]:
        own = sa.select(sizes.c.day, sizes.c.people).where(sizes.c.segment == id_).order_by(sizes.c.day)
        yield id_, [(row.day, row.people) for row in db.execute(own)]


def put_overlaps(db: sa.Connection, day: str, people: Mapping[tuple[str, str], int | None]) -> None:
    """Write what any two segments have in common on a day; older ones are forgotten."""
    db.execute(sa.delete(overlaps))
    rows = [{"first": one, "second": other, "day": day, "people": n} for (one, other), n in people.items()]
    if rows:
        db.execute(sa.insert(overlaps), rows)


def last_overlaps(db: sa.Connection) -> tuple[str | None, dict[tuple[str, str], int | None]]:
    """(the day of the last count, people by pair); None before the first."""
    rows = db.execute(sa.select(overlaps.c.first, overlaps.c.second, overlaps.c.day, overlaps.c.people)).all()
    return (rows[0].day if rows else None), {(row.first, row.second): row.people for row in rows}


def sizes_on(db: sa.Connection, day: str) -> dict[str, int | None]:
    """How many were in each segment on a day."""
    rows = db.execute(sa.select(sizes.c.segment, sizes.c.people).where(sizes.c.day == day))
    return {row.segment: row.people for row in rows}
