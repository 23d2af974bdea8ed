"""What the tests of the export share."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.shop.builders import (
    MASTER_KEY,
    at_noon,
)

from zhanggui.kernel.cipher import SubjectCipher
from zhanggui.kernel.db import Database
from zhanggui.shop import (
    Exporter,
    Restorer,
)

CIPHER = SubjectCipher(MASTER_KEY)


def an_exporter(db: Database, **more: Any) -> Exporter:
    return Exporter(db=db, cipher=CIPHER, **more)


def a_restorer(db: Database, **more: Any) -> Restorer:
    return Restorer(db=db, clock=at_noon, cipher=CIPHER, **more)


def the_lines(folder: Path) -> dict[str, list[bytes]]:
    """The lines of each file in a fixed order: offers of products that never came stand elsewhere in a new shop."""
    return {path.name: sorted(path.read_bytes().splitlines()) for path in folder.iterdir()}
