"""An import of vectors goes into the store: at once where it is small, else in slices that no other one mixes with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

import msgspec
import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from zhanggui.kernel.changes import announce
from zhanggui.kernel.db import Database
from zhanggui.recommend.errors import ImportOvertaken
from zhanggui.recommend.tables import vectors as tables
from zhanggui.recommend.tables.vectors import StoredSpace, StoredVectors
from zhanggui.shop import CatalogueView

from .held import VECTOR

AT_ONCE = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A space as it stood and as it will: its card, all rows by product, and which are to be written and announced."""

    before: StoredSpace | None
    space: StoredSpace
    rows: StoredVectors
    is_written: NDArray[np.bool_]
    is_announced: NDArray[np.bool_]
    dropped: int


def store(db: Database, placed: Placed, view: CatalogueView) -> bool:
    """Write a space; False where another import came after it was read, and nothing is written.

    Many rows go in slices, so that others may write too. Until the last one the space is unfinished, so that no answer
    reads half of it, and only then is anything announced.

    Raises:
        ImportOvertaken: another import began between two slices.
    """
    chosen = np.flatnonzero(placed.is_written)
    first, *others = [chosen[start : start + AT_ONCE] for start in range(0, max(len(chosen), 1), AT_ONCE)]
    card = msgspec.structs.replace(placed.space, is_finished=not others)

    def begin(db: sa.Connection) -> bool:
        if tables.locked_space(db, card.space) != placed.before:
            return False
        if placed.before is not None and placed.before.version != card.version:
            gone = tables.vectors_in(db, card.space).products
            tables.forget_vectors(db, card.space)
            announce(db, VECTOR, named(view, np.setdiff1d(gone, placed.rows.products).tolist()))
        tables.put_space(db, card)
        _store_rows(db, placed, first)
        if card.is_finished:
            _announce(db, placed, view)
        return True

    if not db.write(begin):
        return False
    for some in others:
        db.write(partial(_go_on, placed=placed, card=card, some=some))
    if not card.is_finished:
        db.write(partial(_finish, placed=placed, card=card, view=view))
    return True


def named(view: CatalogueView, numbers: Iterable[int]) -> list[str]:
    """The ids of products that the catalogue has."""
    return [view.ids[number] for number in numbers if number < len(view.ids)]


def _go_on(db: sa.Connection, placed: Placed, card: StoredSpace, some: NDArray[np.int64]) -> None:
    _hold(db, card)
    _store_rows(db, placed, some)


def _finish(db: sa.Connection, placed: Placed, card: StoredSpace, view: CatalogueView) -> None:
    _hold(db, card)
    tables.put_space(db, msgspec.structs.replace(card, is_finished=True))
    _announce(db, placed, view)


def _hold(db: sa.Connection, card: StoredSpace) -> None:
    """Make sure that the space is still this import's."""
    if tables.locked_space(db, card.space) != card:
        raise ImportOvertaken(
            f"Another import or removal of {card.space} vectors began before this one, of version {card.version}, "
            "had ended; not all of it is stored.",
            hint="Send them again when the other one has ended; one after another, imports keep all vectors.",
        )


def _store_rows(db: sa.Connection, placed: Placed, some: NDArray[np.int64]) -> None:
    rows = placed.rows
    chosen = StoredVectors(
        products=rows.products[some], vectors=rows.vectors[some], near=rows.near[some], cosines=rows.cosines[some]
    )
    tables.put_vectors(db, placed.space.space, chosen)


def _announce(db: sa.Connection, placed: Placed, view: CatalogueView) -> None:
    announce(db, VECTOR, named(view, placed.rows.products[placed.is_announced].tolist()))
