"""Whatever README.md and docs/*.md name is there: links, commands, benchmarks, make targets, routes."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cyclopts import App
from litestar.routes import HTTPRoute

from zhanggui.app.cli.main import build_app
from zhanggui.app.http.front import FrontedApp

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
WRITTEN = [page for page in PAGES if page.name != "cli.md"]  # that one is the help itself
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
SAID = {"N": "1", "ID": "x", "[KIND]": "products"}
"""What stands for a value in a usage line, where not every text would do."""
TEST = r"`(tests/[\w/]+\.py)(?:::(\w+))?`"
OF_THE_COMMAND = re.compile(r"""(?:'[^']*'|"[^"]*"|(?!\s#|\s>|\s{2,}\().)*""")
"""A line up to its comment, redirection or remark; what stands in quotes is none of these."""
BEFORE_ALL = {"--home", "--config"}
"""Options that stand before every command, each with a value."""
OF_THE_MACHINE = ("/data", "/opt/", "/usr/", "/var/")
"""How folders begin that no server answers at."""
BASES = ("", "/v1/SHOP", "/shop/SHOP")
"""From where a path goes on that is named without its beginning."""


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def found(pattern: str, pages: list[Path]) -> list[tuple[str, str]]:
    """(page, what the pattern caught), each once."""
    return sorted(
        {(page.name, caught) for page in pages for caught in re.findall(pattern, text_of(page), re.MULTILINE)}
    )


def lines_of_blocks() -> Iterator[tuple[str, str]]:
    for page in WRITTEN:
        for _, block in BLOCK.findall(text_of(page)):
            for line in block.splitlines():
                if line.startswith("zhanggui "):
                    yield page.name, line


def words_of(line: str) -> list[str]:
    """The arguments of a line; comments, remarks in brackets and redirections are not part of it."""
    command = OF_THE_COMMAND.findall(line)[0]
    words = [SAID.get(word, word) for word in shlex.split(command)[1:]]
    while words and words[0] in BEFORE_ALL:
        words = words[2:]
    return [SAID.get(word, word) for word in (word.strip("[]") for word in words)]


@pytest.fixture(scope="module")
def app() -> App:
    return build_app()


@pytest.mark.parametrize(("page", "target"), found(r"\]\((?!https?://|#|mailto:)([^)\s]+)\)", PAGES))
def test_a_relative_link_leads_somewhere(page: str, target: str) -> None:
    path, _, heading = target.partition("#")
    folder = next(place.parent for place in PAGES if place.name == page)
    linked = folder / path

    assert linked.exists()
    if heading and linked.suffix == ".md":
        titles = re.findall(r"^#+ (.*)$", text_of(linked), re.MULTILINE)
        assert heading in {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize(("page", "line"), sorted(set(lines_of_blocks())))
def test_a_command_line_parses(app: App, page: str, line: str) -> None:
    app.parse_args(words_of(line), exit_on_error=False, print_error=False)


@pytest.mark.parametrize(("page", "line"), found(r"`zhanggui ([a-z][^`…]*)`", WRITTEN))
def test_a_command_named_in_a_sentence_exists(app: App, page: str, line: str) -> None:
    words = words_of(f"zhanggui {line}")
    commands, _, left = app.parse_commands(words)

    assert commands == tuple(words[: len(commands)])
    assert commands
    if left:
        app.parse_args(words, exit_on_error=False, print_error=False)


@pytest.mark.parametrize(("page", "file", "name"), [(page, *test) for page, test in found(TEST, PAGES)])
def test_a_test_that_is_named_as_proof_is_there(page: str, file: str, name: str) -> None:
    assert re.search(rf"^ *(async )?def {name}\(" if name else "def test_", text_of(ROOT / file), re.MULTILINE)


def test_every_benchmark_exists() -> None:
    listed = subprocess.run(
        [sys.executable, "-m", "bench", "--list"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    cases = set(listed.stdout.split())

    named = found(r"python -m bench ([a-z_]+/[a-z0-9_-]+)", PAGES)

    assert named
    assert [case for case in named if case[1] not in cases] == []


@pytest.mark.parametrize(("page", "target"), found(r"`make ([a-z-]+)|^make ([a-z-]+)", PAGES))
def test_a_make_target_exists(page: str, target: tuple[str, str]) -> None:
    assert re.search(rf"^{''.join(target)}:", text_of(ROOT / "Makefile"), re.MULTILINE)


@pytest.fixture(scope="module")
def routes(every_route: FrontedApp) -> set[tuple[str, str]]:
    """(method, template) of all routes: those of the OpenAPI document, and the pages beside them."""
    return {
        (method, route.path) for route in every_route.routes if isinstance(route, HTTPRoute) for method in route.methods
    }


def is_at(path: str, template: str) -> bool:
    """Whether a path is of that template; one that ends in `/` is the beginning of one."""
    named, parts = path.strip("/").split("/"), template.strip("/").split("/")
    if path.endswith("/"):
        parts = parts[: len(named)]
    if parts[-1].endswith(":path}"):
        named = named[: len(parts)]
    return len(named) == len(parts) and all(
        part.startswith("{") or part == word for word, part in zip(named, parts, strict=True)
    )


@pytest.mark.parametrize(
    ("page", "method", "path"),
    [(page, *request) for page, request in found(r"\b(GET|POST|PUT|PATCH|DELETE) (/[^\s`?]*)", WRITTEN)],
)
def test_a_request_has_its_route(routes: set[tuple[str, str]], page: str, method: str, path: str) -> None:
    assert [template for known, template in routes if known == method and is_at(path, template)]


@pytest.mark.parametrize(
    ("page", "path"),
    [named for named in found(r"`(/[a-z][^\s`?.]*)`", WRITTEN) if not named[1].startswith(OF_THE_MACHINE)]
    + found(r"https?://(?:127\.0\.0\.1|HOST)(?::\d+)?(/[^\s`?\"]+)", WRITTEN),
)
def test_a_path_has_its_route(routes: set[tuple[str, str]], page: str, path: str) -> None:
    """A path without its beginning goes on from the one named before it, in the shop."""
    assert [template for _, template in routes if any(is_at(base + path, template) for base in BASES)]
