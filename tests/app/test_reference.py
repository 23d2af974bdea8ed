"""The pages of the docs that are read from the code are fresh."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhanggui.app.http.explained import error_classes
from zhanggui.app.reference import PAGES, import_everything
from zhanggui.kernel.errors import ZhangguiError

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", sorted(PAGES))
def test_the_page_is_what_the_code_says(name: str) -> None:
    written = (DOCS / name).read_text(encoding="utf-8")

    assert written == PAGES[name](), f"write it anew: python -m zhanggui.app.reference ({name})"


def test_every_error_code_is_explained_and_belongs_to_one_error() -> None:
    import_everything()
    page = (DOCS / "errors.md").read_text(encoding="utf-8")
    codes: dict[str, type[ZhangguiError]] = {}

    for error in set(error_classes()):
        if error.__module__.startswith("zhanggui.") and "code" in vars(error):
            assert f"### {error.code}\n" in page, error
            assert error.__doc__, error
            assert codes.setdefault(error.code, error) is error, (error, codes[error.code])
