"""Events whole, as other rooms follow them: by person after a number, and page by page for all."""

from __future__ import annotations

from typing import cast

import sqlalchemy as sa

from zhanggui.kernel.personal import PersonalText
from zhanggui.kernel.privacy import Reason

Told = tuple[int, int, int, int, int | None, int | None, bytes | None]
"""(seq, product or 0, event number, at_ms, quantity, value_minor, JSON of the rest)."""
ToldOf = tuple[int, int, int, int, int, int | None, int | None, bytes | None]
"""A `Told` with the person after its seq."""

_OF_ONE = PersonalText(
    "SELECT seq, product, kind, at_ms, quantity, value_minor, extra FROM events "
    "WHERE person = ? AND seq > ? ORDER BY seq LIMIT 0 + ?"
)
_PAGE = PersonalText(
    "SELECT seq, person, product, kind, at_ms, quantity, value_minor, extra FROM events "
    "WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT 0 + ?"
)


def told_of(db: sa.Connection, person: int, after_seq: int, limit: int, *, purpose: Reason) -> list[Told]:
    """A person's hot events of all kinds after a number, by arrival upwards."""
    return cast("list[Told]", _OF_ONE.rows(db, purpose, (person, after_seq, limit)))


def told_page(db: sa.Connection, after_seq: int, until_seq: int, limit: int, *, purpose: Reason) -> list[ToldOf]:
    """Everybody's hot events after a number and up to another, by arrival upwards."""
    return cast("list[ToldOf]", _PAGE.rows(db, purpose, (after_seq, until_seq, limit)))
