"""Letting the log be folded from its beginning."""

from __future__ import annotations

import sqlalchemy as sa

from .profiles import foldings


def drop_folding(db: sa.Connection) -> None:
    """Forget how far the log was folded."""
    db.execute(sa.delete(foldings))
