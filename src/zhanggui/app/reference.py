"""Write the pages of the docs that are read from the code: `python -m zhanggui.app.reference`."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import zhanggui
from zhanggui.shop.importers.fields import FIELDS
from zhanggui.shop.importers.naming import column_key
from zhanggui.trust.types.scopes import CUSTOMER, PUBLISHABLE, ROLES, SCOPES, holds

from .cli.main import build_app
from .http.explained import explained_errors

SKIPPED = frozenset({"zhanggui.app.migrations.env", "zhanggui.app.migrations.versions"})

ERRORS_LEAD = """# Errors

Every error has a code to branch on, a message with what was seen, and a hint for what to do. Over HTTP it is a problem
(RFC 9457, `application/problem+json`); on the command line it is one block on stderr and an exit code; in Python it is
a `zhanggui.kernel.errors.ZhangguiError` with `code`, `kind`, `hint` and `params`.

Exit codes: 0 done · 1 a fault of the software · 2 wrong input · 3 done, and a check failed · 4 not found · 5 conflict ·
6 not allowed · 7 too many requests · 8 something is not there now · 130 stopped with Ctrl-C.

This page is written by `python -m zhanggui.app.reference` from the code; a test holds it fresh.
"""


def import_everything() -> None:
    """Import every module of the package, so that nothing that registers itself is missed."""
    for found in pkgutil.walk_packages(zhanggui.__path__, "zhanggui."):
        if not any(found.name.startswith(skipped) for skipped in SKIPPED) and not found.name.endswith("__main__"):
            importlib.import_module(found.name)


def errors_page() -> str:
    """docs/errors.md: every code, its status over HTTP, and what it says."""
    import_everything()
    lines = [ERRORS_LEAD]
    for one in explained_errors():
        lines += [f"### {one.code}", "", f"HTTP {one.status}. {one.summary}", ""]
    return "\n".join(lines)


def cli_page() -> str:
    """docs/cli.md: the help of every command."""
    lead = "This page is written by `python -m zhanggui.app.reference` from the help; a test holds it fresh.\n\n"
    held, sys.argv = sys.argv, ["zhanggui"]  # usage lines name the program as it was started
    try:
        text = build_app().generate_docs(max_heading_level=4)
    finally:
        sys.argv = held
    return lead + "\n".join(line.rstrip() for line in text.strip().splitlines()) + "\n"


SCOPES_LEAD = """# Scopes

What a key or a role may do, as `room:verb`. `room:*` is a whole room, `*` everything; an unknown scope is refused when
a key is made. Nobody grants what they do not hold.

| scope | lets its holder | roles that hold it |
|---|---|---|
"""
SCOPES_END = """
A publishable key holds {publishable}, for its visitor alone; a customer's token at most {customer}, for its customer.

This page is written by `python -m zhanggui.app.reference` from the code; a test holds it fresh.
"""


def scopes_page() -> str:
    """docs/scopes.md: every scope, what it allows, and the roles that hold it."""
    rows = (
        f"| `{scope}` | {what} | {', '.join(role for role, held in ROLES.items() if holds(held, scope))} |\n"
        for scope, what in SCOPES.items()
    )
    return SCOPES_LEAD + "".join(rows) + SCOPES_END.format(publishable=_listed(PUBLISHABLE), customer=_listed(CUSTOMER))


def _listed(scopes: Iterable[str]) -> str:
    return ", ".join(f"`{scope}`" for scope in sorted(scopes))


FIELDS_LEAD = """# Fields of an import

What the columns of a file may be mapped to, by kind; `!` marks what each row needs. A column of one of the names is
found without a map's help, whatever its case and with `_`, `-` or a blank between its words; so is one with words
beside a name that change nothing of it (`buyer-email`, `Item Price`, `客户手机号`). Where nothing is called the number
of a product, that of an article (`sku`, `规格编码`) is taken for it. A product needs a title too. How maps work:
[import.md](import.md).
"""
FIELDS_END = "\nThis page is written by `python -m zhanggui.app.reference` from the code; a test holds it fresh.\n"


def fields_page() -> str:
    """docs/import-fields.md: the fields of each kind, and the names that their columns go by."""
    lines = [FIELDS_LEAD]
    for kind, fields in FIELDS.items():
        lines += [f"## {kind}\n", "| field | is | found in columns called |", "|---|---|---|"]
        for name, field in fields.items():
            names = dict.fromkeys(map(column_key, (name, *field.names)))
            lines.append(f"| `{name}`{'!' * field.is_required} | {field.type} | {', '.join(names)} |")
        lines.append("")
    return "\n".join(lines) + FIELDS_END


PAGES: dict[str, Callable[[], str]] = {
    "errors.md": errors_page,
    "cli.md": cli_page,
    "scopes.md": scopes_page,
    "import-fields.md": fields_page,
}


if __name__ == "__main__":
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "docs")
    for name, write in PAGES.items():
        (folder / name).write_text(write(), encoding="utf-8")
        print(folder / name)
