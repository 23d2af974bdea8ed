"""What the shop holds of one person, given to them or taken away, on the command line."""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import msgspec
from cyclopts import App

from zhanggui.kernel.errors import Unavailable
from zhanggui.kernel.options import Json
from zhanggui.kernel.terminal import actor, print_json, print_table
from zhanggui.trust.errors import NotConfirmed
from zhanggui.trust.service.persons.page import page_of
from zhanggui.trust.service.persons.persons import Persons
from zhanggui.trust.types.persons import Ground, Receipt

OpenPersons = Callable[[str], AbstractContextManager[Persons]]


def commands(open_room: OpenPersons) -> App:
    """`person export`, `erase`, `receipts`, `receipt` and `readmit`."""
    app = App(name="person", help="What the shop holds of one person: give it to them, or take it away.")
    _export_command(app, open_room)
    _erase_command(app, open_room)
    _receipt_commands(app, open_room)
    _readmit_command(app, open_room)
    return app


def _export_command(app: App, open_room: OpenPersons) -> None:
    @app.command
    def export(
        shop: str,
        person_id: str,
        *,
        out: Path | None = None,
        visitor: bool = False,
        language: str = "zh",
        json: Json = False,
    ) -> None:
        """Write down all that the shop holds of a person: JSON, and a page that they can read.

        Args:
            shop: the shop's name.
            person_id: the merchant's id of the customer.
            out: a folder for PERSON-ID.json and PERSON-ID.html, readable by its owner only. Without it the JSON
                is printed.
            visitor: the id is a browser's.
            language: of the page: zh or en.
        """
        with open_room(shop) as persons:
            document = persons.export(**_whom(person_id, visitor=visitor), actor=actor())
        if out is None or json:
            print_json(document)
        if out is not None:
            name = (
                "".join(sign if sign.isalnum() or sign in "-_." else "_" for sign in person_id)[:80].lstrip(".")
                or "person"
            )
            files = {
                f"{name}.json": msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n",
                f"{name}.html": page_of(document, language).encode(),
            }
            for path in _written(out, files):
                print(path)


def _erase_command(app: App, open_room: OpenPersons) -> None:
    @app.command
    def erase(
        shop: str,
        person_id: str,
        *,
        yes: bool = False,
        reason: Ground = Ground.ASKED,
        visitor: bool = False,
        json: Json = False,
    ) -> None:
        """Erase a person: their key is destroyed and their rows go at once; files and texts are cleaned by a job.

        Orders stay for the books with nobody in them. This cannot be undone.

        Args:
            shop: the shop's name.
            person_id: the merchant's id of the customer.
            yes: do it; without, nothing is done.
            reason: asked, withdrawn, purpose_over, period_over or unlawful (PIPL art. 47).
            visitor: the id is a browser's.
        """
        if not yes:
            raise NotConfirmed(
                f"Nothing was erased: {person_id!r} would be gone for good.",
                hint=f"To do it: zhanggui person erase {shop} {person_id} --yes",
            )
        with open_room(shop) as persons:
            receipt = persons.erase(**_whom(person_id, visitor=visitor), actor=actor(), ground=reason)
        _show(receipt, json=json)


def _receipt_commands(app: App, open_room: OpenPersons) -> None:
    @app.command
    def receipts(shop: str, *, limit: int = 50, json: Json = False) -> None:
        """List the receipts of erasures, newest first.

        Args:
            shop: the shop's name.
            limit: at most so many.
        """
        with open_room(shop) as persons:
            page = persons.receipts(limit=limit)
        if json:
            print_json(page)
            return
        rows = (
            (one.id, one.at.isoformat(timespec="seconds"), one.ground.value, one.state, sum(one.rows.values()))
            for one in page.items
        )
        print_table(("receipt", "at", "reason", "state", "rows"), rows)

    @app.command
    def receipt(shop: str, receipt_id: str, *, json: Json = False) -> None:
        """Show a receipt as it stands now.

        Args:
            shop: the shop's name.
            receipt_id: of the receipt.
        """
        with open_room(shop) as persons:
            found = persons.receipt(receipt_id)
        _show(found, json=json)


def _readmit_command(app: App, open_room: OpenPersons) -> None:
    @app.command
    def readmit(shop: str, customer_id: str, *, phone: str = "", email: str = "") -> None:
        """Let a customer who was erased come back: imports and programs may bring this id again.

        Args:
            shop: the shop's name.
            customer_id: the customer's id of then.
            phone: of then, where it is still theirs.
            email: of then, where it is still theirs.
        """
        with open_room(shop) as persons:
            found = persons.readmit(customer_id, phone=phone, email=email, actor=actor())
        print(f"{customer_id} may be taken in again. What was erased under receipt {found.id} does not come back.")


def _whom(id_: str, *, visitor: bool) -> dict[str, str | None]:
    return {"customer_id": None if visitor else id_, "visitor_id": id_ if visitor else None}


def _written(folder: Path, files: dict[str, bytes]) -> list[Path]:
    """Write files for their owner's eyes only.

    Raises:
        Unavailable: there is no place for them.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, content in files.items():
            handle = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
    except OSError as error:
        raise Unavailable(f"Nothing can be written to {folder}: {error.strerror}.", hint="Name a folder.") from error
    return [folder / name for name in files]


def _show(receipt: Receipt, *, json: bool) -> None:
    if json:
        print_json(receipt)
        return
    print(f"Receipt {receipt.id}, {receipt.at.isoformat(timespec='seconds')}, {receipt.ground.value}: {receipt.state}.")
    print_table(("table", "rows"), sorted(receipt.rows.items()))
    if receipt.trails:
        print_table(("files and texts", "changed"), sorted(receipt.trails.items()))
    for model in receipt.models:
        by = "when somebody trains it" if model.retrained_by is None else f"by {model.retrained_by:%Y-%m-%d %H:%M} UTC"
        print(f"Model {model.kind} {model.id} counted them among others; it is made anew {by}.")
    print(f"Keys in backups may open old copies until {receipt.backups_until:%Y-%m-%d}.")
    if receipt.state != "done":
        print(f"A job is cleaning files and texts: zhanggui person receipt {receipt.shop} {receipt.id}")
