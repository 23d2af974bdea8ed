"""The examples of the docs run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from zhanggui.app.mcp.recipes import RecipeTools
from zhanggui.app.mcp.server import Tools
from zhanggui.audience.engines.propensity.columns import COLUMNS
from zhanggui.recommend.engines.blend import FEATURES

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
COUNTED = {
    ("docs/audience-predictions.md", r"is described by (\d+) columns"): len(COLUMNS),
    ("src/zhanggui/recommend/README.md", r"they are (\d+) features"): len(FEATURES),
}
"""(page, where a count stands in it) and how many there are in the code. Where nobody counts, pages say no number."""


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (DOCS / page).read_text(encoding="utf-8"), re.DOTALL)


def test_the_python_page_runs_from_top_to_bottom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}

    for block in blocks("python.md", "python"):
        exec(compile(block, "docs/python.md", "exec"), names)

    assert names["answer"].items[0].product_id in {"longjing", "yuqian"}  # type: ignore[attr-defined]


def test_the_mcp_page_names_every_tool() -> None:
    page = (DOCS / "mcp.md").read_text(encoding="utf-8")
    tools, recipes = Tools.__new__(Tools), RecipeTools.__new__(RecipeTools)

    for tool in (*tools.reading(), *tools.proposing(), *recipes.reading()):
        assert f"`{tool.__name__}`" in page


@pytest.mark.parametrize(("page", "pattern"), COUNTED)
def test_a_count_of_the_docs_is_that_of_the_code(page: str, pattern: str) -> None:
    said = re.findall(pattern, (ROOT / page).read_text(encoding="utf-8"))

    assert said == [str(COUNTED[page, pattern])]
