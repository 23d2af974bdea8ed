"""Vectors that were handed in, as the port `ItemVectors` has them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from zhanggui.recommend.tables import vectors as tables


class KeptVectors:
    """What imports have stored."""

    def spaces(self, db: sa.Connection) -> Sequence[tables.StoredSpace]:
        """The spaces, by name; one of which an import has stored a part is none yet."""
        return [held for held in tables.spaces_in(db) if held.is_finished]

    def rows(self, db: sa.Connection, space: str, products: Collection[int] | None = None) -> tables.StoredVectors:
        """The vectors of these products, or of all."""
        return tables.vectors_in(db, space, products)
