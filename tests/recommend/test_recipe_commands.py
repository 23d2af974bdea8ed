"""Recipes on the command line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from cyclopts import App
from tests.conftest import FixedClock
from tests.recommend.builders import TestShop, teas
from tests.shop.builders import a_product

from zhanggui.kernel.db import Database
from zhanggui.recommend.commands.reaching import add_reaching_commands
from zhanggui.recommend.commands.recipes import add_recipe_commands
from zhanggui.shop import EventName

Call = Callable[..., str]


@pytest.fixture
def shop(sqlite: Database, tmp_path: Path, clock: FixedClock) -> TestShop:
    shop = TestShop(sqlite, tmp_path / "models", clock)
    shop.sells(*teas("绿茶", 6), *teas("花果茶", 6))
    shop.buys("v", "绿茶-1", days_ago=3)
    shop.sees("v", "绿茶-0")
    return shop


@pytest.fixture
def call(shop: TestShop, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Call:
    monkeypatch.setenv("COLUMNS", "200")

    @contextmanager
    def open_room(name: str) -> Iterator[TestShop]:
        assert name == "teahouse"
        yield shop

    app = App(name="recommend", result_action="return_value")
    add_recipe_commands(app, open_room)
    add_reaching_commands(app, open_room)

    def called(command: str, *arguments: str) -> str:
        app([command, "teahouse", *arguments], exit_on_error=False)
        return capfd.readouterr().out

    return called


@pytest.mark.parametrize(
    "arguments",
    [
        ("together", "绿茶-0"),
        ("basket", "绿茶-0", "绿茶-2"),
        ("look", "绿茶-0"),
        ("rerank", "绿茶-0", "花果茶-3", "--visitor", "v"),
        ("again", "--visitor", "v"),
        ("trending", "--hours", "168", "--category", "茶"),
        ("new", "--days", "7"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_each_recipe_prints_its_list(call: Call, arguments: tuple[str, ...]) -> None:
    assert json.loads(call(*arguments, "--json"))["items"]
    assert "-" in call(*arguments)


def test_a_pipe_cuts_no_title(call: Call, shop: TestShop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    title = "[new] " + "云南勐海古树 2019 年春茶头采普洱熟茶饼 357 g " * 5 + "end"
    shop.sells(a_product("new-cake", title=title, category=("茶",)))

    lines = call("new", "--days", "7").splitlines()

    assert lines[0].endswith("score")
    assert sum(f"new-cake  {title}  " in line for line in lines) == 1


def test_what_a_list_leaves_out_is_told_aside(call: Call, capfd: pytest.CaptureFixture[str], shop: TestShop) -> None:
    shop.sees("v", "绿茶-5", name=EventName.DISMISS)

    app_out = json.loads(call("rerank", "绿茶-5", "ghost", "绿茶-3", "--visitor", "v", "--json"))

    assert app_out["unknown"] == ["ghost"]
    assert [one["why"] for one in app_out["left_out"]] == ["dismissed"]


def test_the_next_action_is_a_sentence(call: Call) -> None:
    assert call("next", "--visitor", "nobody", "--language", "en").startswith("nothing: Nothing may be known")


def test_an_audience_is_counted_or_named(call: Call) -> None:
    assert json.loads(call("audience", "绿茶-3"))["is_small"]
    assert "v" in call("audience", "绿茶-3", "--people")


def test_lists_are_written_to_a_file(call: Call, tmp_path: Path) -> None:
    told = call("export", str(tmp_path / "lists.parquet"), "--surface", "home", "--k", "2", "--quiet")

    assert told.startswith("2 rows for 1 shoppers")
    assert pq.read_table(tmp_path / "lists.parquet").num_rows == 2
