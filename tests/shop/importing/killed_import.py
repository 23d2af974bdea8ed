"""Imports a file in a process of its own, that a test kills: `python killed_import.py STORE FOLDER FILE`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

from zhanggui.kernel.cipher import SubjectCipher
from zhanggui.kernel.db import open_database
from zhanggui.shop.service.importing import Importer

if __name__ == "__main__":
    store, folder, file = map(Path, sys.argv[1:])
    database = open_database(f"sqlite:///{store}")
    importer = Importer(
        db=database,
        cipher=SubjectCipher(bytes(range(32))),
        clock=lambda: datetime(2026, 3, 14, tzinfo=UTC),
        folder=folder,
    )
    importer.run("orders", [file], "contract", None, lambda done, _: print(done, flush=True))
    database.close()
