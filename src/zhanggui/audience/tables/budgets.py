"""The budgets for a month that shoppers set, among the rest that they said of their profiles."""

from __future__ import annotations

import sqlalchemy as sa

from zhanggui.kernel.personal import PersonalText
from zhanggui.kernel.privacy import Reason

_WHO = PersonalText("SELECT DISTINCT person FROM audience_corrections WHERE act = 'budget' AND undone_ms IS NULL")


def persons_with_budgets(db: sa.Connection, *, purpose: Reason) -> frozenset[int]:
    """The numbers of whoever set one and did not take it back."""
    return frozenset(row[0] for row in _WHO.rows(db, purpose))
