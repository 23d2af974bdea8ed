"""The ledger on the command line."""

from __future__ import annotations

from pathlib import Path

import msgspec
from cyclopts import App

from zhanggui.kernel.clock import from_ms
from zhanggui.kernel.options import Json
from zhanggui.kernel.terminal import print_json, print_table
from zhanggui.trust.service.guarding import PiiGuard
from zhanggui.trust.service.unnamed import unnamed_entry
from zhanggui.trust.types.ledger import VerifyReport

from .opening import OpenRoom

BROKEN = 1
CANNOT_SEE = {
    "no_anchor": "without an anchor kept elsewhere: a tail cut off together with its checkpoints",
    "tail_after_anchor": "a tail cut off after the anchor",
    "tail_after_last_checkpoint": "entries after the last checkpoint, chained anew by somebody who writes the store",
    "stolen_key": "what somebody signed who has stolen the key from this machine",
    "truth_of_entries": "whether what was entered was true when it was entered",
}


def commands(open_room: OpenRoom) -> App:
    """`ledger list`, `verify` and `anchor`."""
    app = App(name="ledger", help="What was decided, applied, consented to and erased.")
    _list_command(app, open_room)
    _proof_commands(app, open_room)
    return app


def _list_command(app: App, open_room: OpenRoom) -> None:
    @app.command(name="list")
    def list_(
        shop: str,
        *,
        after: int = 0,
        kind: str | None = None,
        limit: int = 50,
        unnamed: bool = False,
        json: Json = False,
    ) -> None:
        """List entries, oldest first.

        Args:
            shop: the shop's name.
            after: start after this entry.
            kind: only entries of this kind.
            limit: at most so many.
            unnamed: as an auditor reads it: without ids of shoppers, and free texts without personal data.
        """
        with open_room(shop) as rooms:
            page = rooms.ledger.entries(after=after, limit=limit, kind=kind)
        if unnamed:
            redacted = PiiGuard().redacted
            page = msgspec.structs.replace(page, items=tuple(unnamed_entry(one, redacted) for one in page.items))
        if json:
            print_json(page)
            return
        rows = (
            (one.seq, from_ms(one.at_ms).isoformat(timespec="seconds"), one.kind, one.actor, one.payload or "erased")
            for one in page.items
        )
        print_table(("entry", "at", "kind", "actor", "payload"), rows)


def _proof_commands(app: App, open_room: OpenRoom) -> None:
    @app.command
    def verify(shop: str, *, anchor: Path | None = None, json: Json = False) -> int:
        """Walk the whole chain and name every entry that was edited, removed or moved.

        Args:
            shop: the shop's name.
            anchor: a checkpoint that was kept elsewhere.
        """
        with open_room(shop) as rooms:
            report = rooms.ledger.verify(anchor)
        if json:
            print_json(report)
        else:
            _print(report)
        return 0 if report.is_intact else BROKEN

    @app.command
    def anchor(shop: str, file: Path) -> None:
        """Sign where the chain stands now, into a file to keep elsewhere."""
        with open_room(shop) as rooms:
            checkpoint = rooms.ledger.export_anchor(file)
        print(f"Entry {checkpoint.seq} is signed in {file}. Keep it where whoever runs this machine cannot change it.")


def _print(report: VerifyReport) -> None:
    print(f"{report.entries} entries, {report.checkpoints} checkpoints, the last at {report.last_checkpoint}.")
    for found in report.breaks:
        until = f" to {found.until}" if found.until is not None and found.until != found.seq else ""
        home = f", belongs at {found.belongs_at}" if found.belongs_at is not None else ""
        print(f"BROKEN  entry {found.seq}{until}: {found.kind.replace('_', ' ')}{home}")
    for gone in report.erased:
        print(f"entry {gone.seq}: erased, receipt {gone.receipt}")
    print("The chain is intact." if report.is_intact else "The chain is NOT as it was written.")
    print("This cannot see:", *(f"- {CANNOT_SEE[code]}" for code in report.cannot_see), sep="\n")
