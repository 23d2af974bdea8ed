"""A card for a person: nothing leaves by itself, and the person confirms."""

from __future__ import annotations

from zhanggui.shop.outbox.ports import Outcome, Sent
from zhanggui.shop.outbox.types import OutboxEntry


class ByHandOutlet:
    """Lays the entry's card open; see `Outlet`."""

    def send(self, entry: OutboxEntry) -> Outcome:
        """Nothing to do but wait for the person."""
        return Sent(f"card:{entry.card.code}")
