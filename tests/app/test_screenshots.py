"""The pictures of the docs are those that the script takes, all of them, and light enough to be cloned by everybody."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "docs/screenshots"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("take_screenshots", ROOT / "scripts/take_screenshots.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # its dataclass looks its own module up
    spec.loader.exec_module(module)
    return module


def test_the_folder_holds_each_page_wide_and_narrow_in_both_languages_and_nothing_else(script: ModuleType) -> None:
    assert {file.name for file in FOLDER.iterdir()} == script.names()


def test_the_pictures_weigh_at_most_five_megabytes(script: ModuleType) -> None:
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) <= script.MOST_BYTES == 5_000_000


def test_every_picture_that_a_page_shows_is_there() -> None:
    pages = (ROOT / "README.md", *(ROOT / "docs").glob("*.md"))
    shown = {name for page in pages for name in re.findall(r"screenshots/([\w.-]+)", page.read_text(encoding="utf-8"))}

    assert shown
    assert shown <= {file.name for file in FOLDER.iterdir()}
