"""`zhanggui import-undo`."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol

from cyclopts import App

from zhanggui.kernel.clock import from_ms
from zhanggui.kernel.terminal import Bars, actor, print_json, print_table, say
from zhanggui.shop.service.drafts import Drafts
from zhanggui.shop.service.import_undo import ImportUndoing
from zhanggui.shop.types.undoing import ImportUndo, KeptBecause

LISTED = 20
WHY = {
    KeptBecause.CHANGED: "somebody has changed it since",
    KeptBecause.USED: "something that came later rests on it",
}


class Imports(Protocol):
    """What the command works on."""

    @property
    def undoing(self) -> ImportUndoing:
        """Takes imports back."""

    @property
    def drafts(self) -> Drafts:
        """Remembers them."""


def add_import_undo(app: App, open_imports: Callable[[str], AbstractContextManager[Imports]]) -> None:
    """Put `import-undo` into the application."""

    @app.command(name="import-undo")
    def import_undo(
        shop: str,
        id: str = "",  # noqa: A002
        /,
        *,
        dry_run: bool = False,
        json: bool = False,
        quiet: bool = False,
    ) -> None:
        """Take a whole import back: what it brought goes, what it changed gets back what stood before.

        What was changed since, or is used by what came later, stays and is counted. It may be stopped and begun again.

        Args:
            shop: the shop's name.
            id: the import, as its report names it; without one the last imports are listed.
            dry_run: say what would go and what would stay, change nothing.
            json: print what came of it as JSON.
            quiet: no progress bar.
        """
        with open_imports(shop) as imports, Bars(quiet=quiet) as bars:
            if not id:
                _list(imports, as_json=json)
                return
            if dry_run:
                undo = imports.undoing.look(id)
            else:
                undo = imports.undoing.take_back(id, actor(), lambda done, of: bars.step("taking back", done, of))
        print_json(undo) if json else print(told(undo))


def _list(imports: Imports, *, as_json: bool) -> None:
    records = imports.drafts.history()[:LISTED]
    if as_json:
        print_json(records)
        return
    back = imports.undoing.undone([record.id for record in records])
    rows = [
        (
            record.id,
            from_ms(record.at_ms).isoformat(timespec="seconds"),
            record.kind.value,
            ", ".join(record.files),
            "taken back" if record.id in back else "",
        )
        for record in records
    ]
    print_table(("import", "at", "kind", "files", ""), rows)
    say("Take one back with: zhanggui import-undo SHOP IMPORT (--dry-run says first what would go)")


def told(undo: ImportUndo) -> str:
    """What comes of it in a few lines."""
    heading = f"Import {undo.import_id} is taken back." if undo.is_done else "Nothing was changed yet; this would be:"
    lines = [heading if undo.is_done or not undo.is_begun else f"Import {undo.import_id} is being taken back."]
    lines += [f"  {what:16} {count:>12,} go" for what, count in undo.removed.items()]
    lines += [f"  {what:16} {count:>12,} get back what stood before" for what, count in undo.restored.items()]
    lines += [f"  {one.what:16} {one.count:>12,} stay: {WHY[one.because]}" for one in undo.kept]
    if undo.events_removed:
        lines.append(f"  {'history':16} {undo.events_removed:>12,} events go")
    return "\n".join(lines) if len(lines) > 1 else f"{lines[0]} There is nothing to take back."
