"""What a writer answers."""

from __future__ import annotations

import msgspec


class PutReport(msgspec.Struct, frozen=True):
    """How many facts a write made, changed, and found as they were. A repeat within one batch is `unchanged`."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0

    def __add__(self, other: PutReport) -> PutReport:
        return PutReport(self.created + other.created, self.updated + other.updated, self.unchanged + other.unchanged)
