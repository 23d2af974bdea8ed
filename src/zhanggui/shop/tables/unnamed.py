"""People's numbers that nothing names any more."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from zhanggui.kernel.changes import announce
from zhanggui.kernel.cipher import subject_keys
from zhanggui.kernel.db import shop_metadata

from .bulk import delete_among, select_among
from .people import persons

NAMING = ("person", "customer", "visitor", "person_number")
"""Columns in which a person's number stands, in every room's tables."""
_SAY_NOTHING = frozenset({persons.name, subject_keys.name, "import_changes"})


def drop_unnamed(db: sa.Connection, numbers: Collection[int]) -> int:
    """Delete the ids and keys of those persons whom no row names; returns how many. No number is given again."""
    left = set(numbers)
    for table in shop_metadata.tables.values():
        for name in NAMING:
            if left and name in table.c and table.name not in _SAY_NOTHING:
                left -= {row[0] for row in select_among(db, table, (name,), name, left)}
    gone = sorted(left)
    delete_among(db, persons, "number", gone)
    delete_among(db, subject_keys, "person", gone)
    announce(db, "person", map(str, gone))
    return len(gone)
