"""What all commands of this room need."""

from __future__ import annotations

import getpass
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

import msgspec
from rich.console import Console
from rich.table import Table

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


def actor() -> str:
    """Who sits at the machine: whoever may open the store may do everything."""
    return f"local:{getpass.getuser()}"


def print_json(thing: object) -> None:
    """JSON on stdout."""
    print(msgspec.json.format(msgspec.json.encode(thing), indent=2).decode())


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table on stdout; it keeps whole words where nobody is looking, so that pipes work."""
    table = Table(*columns, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*("" if cell is None else str(cell) for cell in row))
    console = Console(highlight=False)
    console.print(table, soft_wrap=not console.is_terminal)
