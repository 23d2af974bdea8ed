"""What `recommend` asks of the reviews that `shop` keeps: the two rooms do not know each other."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import sqlalchemy as sa

from zhanggui.kernel.privacy import Purpose
from zhanggui.shop.tables.words import reviewed_by


class Reviewed:
    """Looks up who has reviewed what."""

    def reviewed(self, db: sa.Connection, persons: Sequence[int]) -> Collection[int]:
        """The products that these persons have reviewed."""
        return reviewed_by(db, persons, purpose=Purpose.PERSONALIZATION)
