"""The watch on the command line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Annotated

from cyclopts import App, Parameter

from zhanggui.kernel.clock import from_ms
from zhanggui.kernel.options import Json
from zhanggui.kernel.terminal import actor, print_json, print_table
from zhanggui.trust.service.watch import Watch
from zhanggui.trust.types.watch import Alert

OpenWatch = Callable[[str], AbstractContextManager[Watch]]
FOUND = 3


def watch_commands(open_watch: OpenWatch) -> App:
    """`watch list`, `look` and `acknowledge`."""
    app = App(name="watch", help="What is unlike what it was: reading, exports, logins, the ledger, data, models.")

    @app.command(name="list")
    def list_(
        shop: str, *, open_: Annotated[bool, Parameter("--open", negative="")] = False, json: Json = False
    ) -> None:
        """List the last 200 alerts, the newest first.

        Args:
            shop: the shop's name.
            open_: only those that nobody has acknowledged.
        """
        with open_watch(shop) as watch:
            _print(watch.alerts(open_only=open_), as_json=json)

    @app.command
    def look(shop: str, *, json: Json = False) -> int:
        """Look now, as a job does each hour; ends with 3 where something new is told."""
        with open_watch(shop) as watch:
            found = watch.look()
        _print(found, as_json=json)
        return FOUND if found else 0

    @app.command
    def acknowledge(shop: str, alert: str, *, note: str = "") -> None:
        """Say that you have seen to an alert.

        Args:
            shop: the shop's name.
            alert: its id.
            note: what you found.
        """
        with open_watch(shop) as watch:
            _print([watch.acknowledge(alert, note, actor())], as_json=False)

    return app


def _print(alerts: Sequence[Alert], *, as_json: bool) -> None:
    if as_json:
        print_json(alerts)
        return
    rows = (
        (
            one.id,
            from_ms(one.at_ms).isoformat(timespec="minutes"),
            one.kind.value,
            one.subject,
            f"{one.seen:g}",
            "-" if one.usual is None else f"{one.usual:g}",
            f"{one.most:g}",
            one.acknowledged_by,
        )
        for one in alerts
    )
    print_table(("alert", "at", "kind", "about", "seen", "usual", "told beyond", "acknowledged by"), rows)
