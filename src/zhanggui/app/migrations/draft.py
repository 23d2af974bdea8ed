"""Write revisions for what the tables have and the chain has not: `python -m zhanggui.app.migrations.draft TITLE`.

One revision a room, so that each stays readable. Read what it wrote before you commit it: Alembic sees tables,
columns and indexes, and knows nothing of rows that must be carried over.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path
from typing import Any

from zhanggui.kernel.db import Database, open_database

from .every_table import STORES, Store, metadata_of, rooms_in_order, rooms_of
from .running import head, upgrade

FOLDER = Path(__file__).parent / "versions"
PAGE = '''"""{title}: the tables of {room}."""

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = {down}
branch_labels = None
depends_on = None


def upgrade(store: str) -> None:
    {{"shop": _upgrade_shop, "control": _upgrade_control}}[store]()


def downgrade(store: str) -> None:
    {{"shop": _downgrade_shop, "control": _downgrade_control}}[store]()
{bodies}'''


def _code(database: Database, store: Store, room: str) -> tuple[str, str]:
    """What brings the tables of a room up and down, as Python."""
    from alembic.autogenerate import api, render_python_code
    from alembic.migration import MigrationContext

    rooms = rooms_of(store)

    def is_of_room(thing: Any, name: str | None, kind: str, reflected: bool, _other: Any) -> bool:  # noqa: FBT001
        table = name if kind == "table" else thing.table.name
        return rooms.get(str(table), room if reflected else "") == room

    with database.read() as db:
        context = MigrationContext.configure(db, opts={"include_object": is_of_room, "render_as_batch": True})
        script = api.produce_migrations(context, metadata_of(store))
    assert script.upgrade_ops is not None
    assert script.downgrade_ops is not None
    return tuple(  # type: ignore[return-value]
        _without_comments(render_python_code(ops, render_as_batch=True, migration_context=context))
        for ops in (script.upgrade_ops, script.downgrade_ops)
    )


def _without_comments(code: str) -> str:
    return re.sub(r"(?m)^\s*# .*$", "", code).strip()


def _body(name: str, code: str) -> str:
    return f"\n\ndef {name}() -> None:\n" + textwrap.indent(textwrap.dedent("    " + code), "    ") + "\n"


def draft(title: str) -> list[Path]:
    """Write the missing revisions, formatted as the rest, and say which files they are."""
    written: list[Path] = []
    with tempfile.TemporaryDirectory() as folder:
        stores = {store: open_database(f"sqlite:///{folder}/{store}.db") for store in STORES}
        if head():
            for store in STORES:
                upgrade(stores[store], store)
        for room in rooms_in_order():
            codes = {store: _code(stores[store], store, room) for store in STORES}
            if any(up != "pass" for up, _ in codes.values()):
                last = written[-1].stem if written else head()
                written.append(_write(title, room, codes, last))
        for database in stores.values():
            database.close()
    if written:
        _formatted(written)
    return written


def _formatted(pages: list[Path]) -> None:
    for tidy in (["check", "--fix-only"], ["format"]):
        subprocess.run([sys.executable, "-m", "ruff", *tidy, "--quiet", *pages], check=True)  # noqa: S603  (our own files)


def _write(title: str, room: str, codes: dict[Store, tuple[str, str]], last: str) -> Path:
    revision = f"{int(last.split('_')[0] or 0) + 1:04d}_{room}" if last else f"0001_{room}"
    bodies = "".join(
        _body(f"_{way}_{store}", codes[store][way == "downgrade"])
        for store in STORES
        for way in ("upgrade", "downgrade")
    )
    page = PAGE.format(title=title, room=room, revision=revision, down=repr(last) if last else "None", bodies=bodies)
    path = FOLDER / f"{revision}.py"
    path.write_text(page, encoding="utf-8")
    return path


if __name__ == "__main__":
    for file in draft(" ".join(sys.argv[1:]) or "Bring the stores up to the tables"):
        print(file.name)
