"""docs/architecture.md, CONTRIBUTING.md and the rooms' notes name what is there: files, folders, names in them."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HOUSE = ROOT / "src" / "zhanggui"
MAPS = [ROOT / "docs" / "architecture.md", ROOT / "CONTRIBUTING.md", *sorted(HOUSE.rglob("README.md"))]
PATH = re.compile(r"`([a-z_][\w./-]*/[\w./-]*|[\w-]+\.(?:py|toml|po))`")
OF_THE_MERCHANT = {"zhanggui.toml"}
"""A file that stands on the merchant's machine alone."""
A_COMMAND = {"evaluate"}
FIRST, LAST = "## Where a thing goes", "## Where the first design was changed"


@cache
def everything() -> tuple[str, ...]:
    """Files and folders of the repository, from its root, in a form that ends in `/name/`."""
    tops = [ROOT / "docs", ROOT / "bench", ROOT / "tests", ROOT / "src", ROOT / "clients", ROOT / "scripts"]
    below = [path for top in tops for path in top.rglob("*") if "__pycache__" not in path.parts]
    return tuple(f"/{path.relative_to(ROOT)}/" for path in [*tops, *below, *ROOT.glob("*.*")])


def named(token: str) -> list[Path]:
    """What a token may mean: a path whose end it is, or a module without its ending."""
    ends = (f"/{token.rstrip('/')}/", f"/{token}.py/")
    return [ROOT / path.strip("/") for path in everything() if path.endswith(ends)]


def rows() -> list[str]:
    page = MAPS[0].read_text(encoding="utf-8")
    table = page[page.index(FIRST) : page.index(LAST)]
    return [line.split("|")[2] for line in table.splitlines() if line.startswith("|")][2:]


@pytest.mark.parametrize("page", MAPS, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_file_and_folder_of_a_map_is_there(page: Path) -> None:
    tokens = set(PATH.findall(page.read_text(encoding="utf-8"))) - OF_THE_MERCHANT

    assert [token for token in sorted(tokens) if not named(token)] == []


def test_every_name_of_where_a_thing_goes_stands_in_a_file_that_its_row_names() -> None:
    lost = []
    for row in rows():
        tokens = re.findall(r"`([^`\s]+)`", row)
        files = [file for token in tokens if PATH.fullmatch(f"`{token}`") for file in named(token)]
        modules = [one for file in files for one in ([file] if file.is_file() else file.rglob("*.py"))]
        text = "\n".join(one.read_text(encoding="utf-8") for one in modules if one.suffix == ".py")
        names = {token for token in tokens if re.fullmatch(r"\w+", token)} - A_COMMAND
        lost += [name for name in names if not re.search(rf"\b{name}\b", text)]

    assert lost == []
