"""What the matrix of laws names stands in the software, and says what is quoted beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient
from tests.app.builders import SHOP, an_installation

from zhanggui.app.build import open_control
from zhanggui.app.cli.main import COMMANDS
from zhanggui.app.http.openapi import routes_of
from zhanggui.app.site import create_app
from zhanggui.kernel.settings import Settings
from zhanggui.trust.engines.ethics import read_matrix
from zhanggui.trust.types.ethics import Holding

ROOT = Path(__file__).parents[2]
MUST_SAY = {"doc", "page", "test"}


@dataclass(frozen=True)
class Software:
    """The application with its owner logged in, as far as the matrix points into it."""

    client: TestClient[Any]

    @cached_property
    def operations(self) -> Mapping[str, str]:
        handlers = routes_of(self.client.app)
        # A handler that runs in a thread is wrapped, and the wrapper has a docstring of its own.
        return {str(one.operation_id): getattr(one.fn, "func", one.fn).__doc__ or "" for one in handlers}

    @cached_property
    def said(self) -> Mapping[str, Callable[[str], str | None]]:
        commands = {name: said for _, name, _, said in COMMANDS}
        return {
            "route": self.operations.get,
            "command": commands.get,
            "doc": text_of,
            "test": text_of,
            "page": self.page,
        }

    def page(self, path: str) -> str | None:
        answer = self.client.get(path.replace("{shop}", SHOP), params={"lang": "en"})
        return unescape(answer.text) if answer.status_code == 200 else None


def text_of(name: str) -> str | None:
    place = ROOT / name
    files = sorted(place.rglob("*.py")) if place.is_dir() else [place] if place.exists() else []
    return "\n".join(file.read_text(encoding="utf-8") for file in files) or None


@pytest.fixture(scope="module")
def software(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Software]:
    settings: Settings = an_installation(tmp_path_factory.mktemp("law"))
    with open_control(settings) as control:
        control.users.add("owner", roles={SHOP: "owner"})
        link = control.users.login_link("owner")
    with TestClient(create_app(settings)) as client:
        client.post(f"/login/link/{link}")
        yield Software(client)


def test_what_the_matrix_names_exists_and_says_what_is_quoted(software: Software) -> None:
    def is_held(held: Holding) -> bool:
        said = software.said[held.kind](held.name)
        return said is not None and held.says in said

    wrong = [f"{one.id}: {held}" for one in read_matrix().articles for held in one.held if not is_held(held)]

    assert not wrong, "\n".join(wrong)


def test_a_document_a_page_or_a_test_is_never_named_without_the_place_in_it() -> None:
    vague = [
        (one.id, held.name)
        for one in read_matrix().articles
        for held in one.held
        if held.kind in MUST_SAY and not held.says
    ]

    assert vague == []


def test_a_quoted_test_is_a_test() -> None:
    named = [held.says for one in read_matrix().articles for held in one.held if held.kind == "test"]

    assert [name for name in named if not re.fullmatch(r"test_\w+", name)] == []


def test_articles_that_are_told_to_have_been_read_name_what_was_read() -> None:
    assert all(one.source.startswith("http") for one in read_matrix().articles if one.read)
