"""What all commands of this room need."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from zhanggui.trust.service.keys import Keys
from zhanggui.trust.service.ledger import Ledger
from zhanggui.trust.service.proposals import Proposals
from zhanggui.trust.service.users import Users


class TrustRooms(Protocol):
    """What these commands need of an open shop."""

    @property
    def proposals(self) -> Proposals:
        """Proposals."""

    @property
    def ledger(self) -> Ledger:
        """The ledger."""

    @property
    def keys(self) -> Keys:
        """The installation's keys."""


OpenRoom = Callable[[str], AbstractContextManager[TrustRooms]]
OpenUsers = Callable[[], AbstractContextManager[Users]]
