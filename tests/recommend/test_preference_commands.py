"""`recommend less`: what a shopper wants less of, added, listed and taken back from the command line."""

from __future__ import annotations

import json
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import FixedClock
from tests.recommend.builders import TestShop, ids, teas

from zhanggui.kernel.db import Database
from zhanggui.recommend import UnknownPreference
from zhanggui.recommend.commands.preferences import preference_commands


def test_it_is_added_listed_and_taken_back(
    sqlite: Database, tmp_path: Path, clock: FixedClock, capsys: pytest.CaptureFixture[str]
) -> None:
    shop = TestShop(sqlite, tmp_path / "models", clock)
    shop.sells(*teas("绿茶", 4))
    shop.sees("me", "绿茶-0")
    before = ids(shop.recommend.for_shopper(visitor_id="me"))
    app = preference_commands(lambda _: nullcontext(shop))

    def run(*words: str) -> str:
        app(words, result_action="return_value")
        return capsys.readouterr().out

    added = json.loads(run("add", "shop", "绿茶-1", "--visitor", "me"))
    assert "绿茶-1" not in ids(shop.recommend.for_shopper(visitor_id="me"))
    assert "绿茶-1" in run("list", "shop", "--visitor", "me")

    assert json.loads(run("undo", "shop", added["id"]))["is_undone"]
    assert ids(shop.recommend.for_shopper(visitor_id="me")) == before
    assert "taken back" in run("list", "shop", "--visitor", "me")
    with pytest.raises(UnknownPreference):
        run("undo", "shop", "01ARZ3NDEKTSV4RRFFQ69G5FAV")


def test_a_chip_that_the_product_has_is_lowered(
    sqlite: Database, tmp_path: Path, clock: FixedClock, capsys: pytest.CaptureFixture[str]
) -> None:
    shop = TestShop(sqlite, tmp_path / "models", clock)
    shop.sells(*teas("绿茶", 2), *teas("红茶", 2))
    app: Any = preference_commands(lambda _: nullcontext(shop))

    words = ["add", "shop", "绿茶-1", "--visitor", "me", "--chip", "category:茶/绿茶"]
    app(words, result_action="return_value")

    chosen = [chip["key"] for chip in json.loads(capsys.readouterr().out)["chips"] if chip["is_chosen"]]
    assert chosen == ["category:茶/绿茶"]
