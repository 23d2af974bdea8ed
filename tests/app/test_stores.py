from __future__ import annotations

from zhanggui.kernel.changes import announce, last_seq
from zhanggui.kernel.db import Database


def test_a_store_of_either_kind_keeps_what_was_written(any_database: Database) -> None:
    any_database.write(lambda db: announce(db, "product", ["longjing", "biluochun"]))

    with any_database.read() as db:
        assert last_seq(db) == 2
