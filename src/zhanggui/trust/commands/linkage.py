"""The linkage attack on the command line."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from cyclopts import App

from zhanggui.kernel.options import Json
from zhanggui.kernel.terminal import print_json, print_table
from zhanggui.trust.service.linking import Linkage

MATCHED = 3


class LinkageRooms(Protocol):
    """What these commands need of an open shop."""

    @property
    def linkage(self) -> Linkage:
        """The attack."""


def linkage_commands(open_room: Callable[[str], AbstractContextManager[LinkageRooms]]) -> App:
    """`linkage check`."""
    app = App(name="linkage", help="Whether what leaves the shop for others can be matched to one person.")

    @app.command
    def check(shop: str, *, json: Json = False) -> int:
        """Attack every export and report for others by date, amount and city; exit code 3 when a row names one person.

        Args:
            shop: the shop's name.
        """
        with open_room(shop) as rooms:
            report = rooms.linkage.check()
        if json:
            print_json(report)
        else:
            print_table(
                ("leaves as", "rows", "unique matches"), ((one.name, one.rows, one.unique) for one in report.tables)
            )
            print(f"The attacker knows {report.orders} orders.", "No row names one person." if report.is_safe else "")
        return 0 if report.is_safe else MATCHED

    return app
