"""What shoppers want less of."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa

from zhanggui.kernel.db import shop_metadata
from zhanggui.kernel.personal import Personal, PersonalText
from zhanggui.kernel.privacy import Duty, Reason

preferences = Personal(
    sa.Table(
        "preferences",
        shop_metadata,
        sa.Column("id", sa.String(26), primary_key=True),
        sa.Column("person", sa.BigInteger, nullable=False, index=True),
        sa.Column("product", sa.BigInteger, nullable=False),
        sa.Column("chips", sa.LargeBinary, nullable=False),  # JSON list of chip keys
        sa.Column("strength", sa.Float, nullable=False),
        sa.Column("at_ms", sa.BigInteger, nullable=False),  # also the moment of its `dismiss` event
        sa.Column("is_undone", sa.SmallInteger, nullable=False),
    )
)


class StoredPreference(msgspec.Struct, frozen=True):
    """One row of `preferences`."""

    id: str
    person: int
    product: int
    chips: tuple[str, ...]
    strength: float
    at_ms: int
    is_undone: bool


_COLUMNS = "id, person, product, chips, strength, at_ms, is_undone"


_keys = msgspec.json.Decoder(tuple[str, ...])


def _preference(row: Sequence[Any]) -> StoredPreference:
    return StoredPreference(row[0], row[1], row[2], _keys.decode(row[3]), row[4], row[5], bool(row[6]))


@functools.lru_cache(maxsize=8)
def _of(count: int) -> PersonalText:
    marks = ", ".join("?" * count)
    return PersonalText(f"SELECT {_COLUMNS} FROM preferences WHERE person IN ({marks}) ORDER BY id")  # noqa: S608


def preferences_of(db: sa.Connection, persons: Sequence[int], *, purpose: Reason) -> list[StoredPreference]:
    """All preferences of a subject's numbers, undone ones too. Hot: every personal answer reads them."""
    return [_preference(row) for row in _of(len(persons)).rows(db, purpose, tuple(persons))]


def preference(db: sa.Connection, id_: str, *, purpose: Reason) -> StoredPreference | None:
    """The preference of that id."""
    table = preferences.for_(purpose)
    row = db.execute(sa.select(table).where(table.c.id == id_)).fetchone()
    return None if row is None else _preference(tuple(row))


def preferences_page(db: sa.Connection, *, after: str, limit: int, purpose: Reason) -> list[StoredPreference]:
    """Preferences of everybody by id, undone ones too."""
    c = preferences.for_(purpose).c
    chosen = sa.select(*(c[name] for name in _COLUMNS.split(", "))).where(c.id > after).order_by(c.id).limit(limit)
    return [_preference(tuple(row)) for row in db.execute(chosen)]


def known_preferences(db: sa.Connection, ids: Sequence[str]) -> set[str]:
    """Those of `ids` that are there."""
    id_ = preferences.for_(Duty.UPKEEP).c.id
    return {row[0] for row in db.execute(sa.select(id_).where(id_.in_(list(ids))))}


def add_preference(db: sa.Connection, added: StoredPreference) -> None:
    """Keep a preference."""
    fields = msgspec.structs.asdict(added)
    row = {**fields, "chips": msgspec.json.encode(added.chips), "is_undone": int(added.is_undone)}
    db.execute(preferences.insert(), [row])


def choose_chips(db: sa.Connection, id_: str, chips: Sequence[str]) -> None:
    """Lower other chips."""
    kept = msgspec.json.encode(list(chips))
    db.execute(preferences.update(lambda c: c.id == id_).values(chips=kept))


def set_undone(db: sa.Connection, id_: str) -> None:
    """Take a preference back; the row stays, so that its event is known to be void."""
    db.execute(preferences.update(lambda c: c.id == id_).values(is_undone=1))
