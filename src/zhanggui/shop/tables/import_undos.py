"""Imports that were taken back: who did it, what came of it, and which events may still lie in the archive."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import msgspec
import numpy as np
import sqlalchemy as sa

from zhanggui.kernel.db import insert_ignoring, shop_metadata
from zhanggui.shop.types.undoing import ImportUndo

from .bulk import encode
from .events.hot import Longs

import_undos = sa.Table(
    "import_undos",
    shop_metadata,
    sa.Column("import_id", sa.String(26), primary_key=True),
    sa.Column("at_ms", sa.BigInteger, nullable=False),
    sa.Column("actor", sa.String(128), nullable=False),
    sa.Column("is_done", sa.Boolean, nullable=False),
    sa.Column("told", sa.LargeBinary, nullable=False),  # JSON of the ImportUndo
)

import_spans = sa.Table(
    "import_spans",
    shop_metadata,
    sa.Column("import_id", sa.String(26), primary_key=True),
    sa.Column("first_seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("last_seq", sa.BigInteger, nullable=False),
)


def undo_of(db: sa.Connection, import_id: str) -> ImportUndo | None:
    """How far taking an import back is; None where nobody asked for it."""
    told = db.execute(sa.select(import_undos.c.told).where(import_undos.c.import_id == import_id)).scalar()
    return None if told is None else msgspec.json.decode(told, type=ImportUndo)


def undone_among(db: sa.Connection, import_ids: Collection[str]) -> set[str]:
    """Those of some imports that were taken back, whole or to a part."""
    c = import_undos.c
    return set(db.execute(sa.select(c.import_id).where(c.import_id.in_(list(import_ids)))).scalars())


def begin_undo(db: sa.Connection, undo: ImportUndo) -> None:
    """Note that an import is being taken back, unless somebody has just noted it."""
    row = {"import_id": undo.import_id, "at_ms": undo.at_ms, "actor": undo.by, "is_done": False, "told": encode(undo)}
    insert_ignoring(db, import_undos, [row], keys=["import_id"])


def hold_undo(db: sa.Connection, import_id: str) -> ImportUndo | None:
    """As `undo_of`; nobody else goes on with it until the transaction ends."""
    chosen = sa.select(import_undos.c.told).where(import_undos.c.import_id == import_id).with_for_update()
    told = db.execute(chosen).scalar()
    return None if told is None else msgspec.json.decode(told, type=ImportUndo)


def set_undo(db: sa.Connection, undo: ImportUndo) -> None:
    """Note how far it is now."""
    change = sa.update(import_undos).where(import_undos.c.import_id == undo.import_id)
    db.execute(change.values(told=encode(undo), is_done=undo.is_done))


def add_spans(db: sa.Connection, import_id: str, spans: Iterable[tuple[int, int]]) -> None:
    """Note events that were taken back in the store, and may lie in the archive too."""
    rows = [{"import_id": import_id, "first_seq": first, "last_seq": last} for first, last in spans]
    insert_ignoring(db, import_spans, rows, keys=["import_id", "first_seq"])


def spans_of(db: sa.Connection, import_id: str) -> Longs:
    """(n, 2) first and last arrival numbers of these events, upwards."""
    c = import_spans.c
    rows = db.execute(sa.select(c.first_seq, c.last_seq).where(c.import_id == import_id).order_by(c.first_seq))
    return np.array([tuple(row) for row in rows], dtype=np.int64).reshape(-1, 2)


def drop_spans(db: sa.Connection, import_id: str) -> None:
    """Forget them: they are gone from the archive."""
    db.execute(sa.delete(import_spans).where(import_spans.c.import_id == import_id))
