"""The vectors of a shop in the memory of a process, as of the last change."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import sqlalchemy as sa

from zhanggui.kernel.changes import Change
from zhanggui.recommend.engines.vector_spaces import SPACES, VectorSpace, VectorSpaces
from zhanggui.recommend.ports import ItemVectors
from zhanggui.recommend.types.vectors import SpaceOfVectors, VectorRows
from zhanggui.shop import CatalogueView

VECTOR = "vector"
"""The kind of change that announces that a product has another vector, or none any more."""
WORDED = frozenset({"product", VECTOR})
"""Changes after which a product may be like others than before."""
ANEW_FROM = 8
"""Of a space more than one product in so many changed: all of it is read anew."""


def spaces_of(db: sa.Connection, vectors: ItemVectors) -> VectorSpaces | None:
    """All vectors, read anew; None where there are none."""
    read = [_space(held, vectors.rows(db, held.space)) for held in vectors.spaces(db) if held.space in SPACES]
    spaces = tuple(space for space in read if len(space.vectors))
    return VectorSpaces(spaces) if spaces else None


def caught_up(
    db: sa.Connection,
    vectors: ItemVectors,
    before: VectorSpaces | None,
    changes: Sequence[Change],
    view: CatalogueView,
) -> VectorSpaces | None:
    """The same after these changes; where few products got other vectors, only theirs are read."""
    ids = {change.subject for change in changes if change.kind == VECTOR}
    if not ids:
        return before
    if before is None:
        return spaces_of(db, vectors)
    held = {SPACES[space.column]: space for space in before.spaces}
    cards = [card for card in vectors.spaces(db) if card.space in SPACES]
    if any(_is_other(card, held.get(card.space), len(ids)) for card in cards):
        return spaces_of(db, vectors)
    numbers = [view.numbers[id_] for id_ in ids if id_ in view.numbers]
    spaces = [_with(held[card.space], vectors.rows(db, card.space, numbers)) for card in cards]
    return VectorSpaces(tuple(spaces)) if spaces else None


def _is_other(card: SpaceOfVectors, held: VectorSpace | None, changed: int) -> bool:
    if held is None or held.floor != card.floor or held.vectors.shape[1] != card.dimension:
        return True
    return changed * ANEW_FROM > len(held.vectors)


def _space(card: SpaceOfVectors, rows: VectorRows) -> VectorSpace:
    row_of = np.full(int(rows.products.max(initial=0)) + 1, -1, dtype=np.int32)
    row_of[rows.products] = np.arange(len(rows.products))
    return VectorSpace(
        column=SPACES.index(card.space),
        floor=card.floor,
        row_of=row_of,
        vectors=rows.vectors.astype(np.float16),
        near=rows.near,
    )


def _with(space: VectorSpace, rows: VectorRows) -> VectorSpace:
    """A space to which rows were added; those that they stand for are left unused."""
    if not len(rows.products):
        return space
    row_of = np.full(max(len(space.row_of), int(rows.products.max()) + 1), -1, dtype=np.int32)
    row_of[: len(space.row_of)] = space.row_of
    row_of[rows.products] = np.arange(len(rows.products)) + len(space.vectors)
    return VectorSpace(
        column=space.column,
        floor=space.floor,
        row_of=row_of,
        vectors=np.concatenate([space.vectors, rows.vectors.astype(np.float16)]),
        near=np.concatenate([space.near, rows.near]),
    )
