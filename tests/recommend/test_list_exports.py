"""Lists for everybody go only where consent and restraint are known, and follow a refusal at once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from tests.conftest import FixedClock
from tests.recommend.builders import TestShop, teas

from zhanggui.kernel.db import Database
from zhanggui.recommend import UnknownSurface
from zhanggui.recommend.service.recipes.batches import Stopped
from zhanggui.recommend.types.recipes import ExportLists
from zhanggui.shop import EventName


@pytest.fixture
def shop(sqlite: Database, tmp_path: Path, clock: FixedClock) -> TestShop:
    shop = TestShop(sqlite, tmp_path / "models", clock)
    shop.sells(*teas("绿茶", 6), *teas("花果茶", 6))
    for number in range(6):
        shop.sees(f"fan{number}", f"绿茶-{number}", "花果茶-1", name=EventName.ADD_TO_CART)
    return shop


@pytest.mark.parametrize("surface", ["sms", "wechat", "push", "popup"])
def test_lists_for_messages_of_any_kind_need_consent_to_that_channel_and_hold_back(
    shop: TestShop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: FixedClock, surface: str
) -> None:
    clock.now += timedelta(days=8)
    monkeypatch.setattr(shop.gate, "allowed_through", lambda persons, purpose, channel: persons)

    report = shop.recommend.batches.export(tmp_path / "lists.parquet", ExportLists(k=4, surface=surface))

    assert report.rows == 0  # eight days later nobody seems to want anything
    assert shop.recommend.for_shopper(visitor_id="fan1", k=4, surface=surface).notice == "low_intent"


@pytest.mark.parametrize("surface", ["emial", "e-mail", "trending", ""])
def test_lists_for_a_place_that_nobody_knows_are_refused_before_anybody_is_read(
    shop: TestShop, tmp_path: Path, surface: str
) -> None:
    ask = ExportLists(k=3, surface=surface)

    with pytest.raises(UnknownSurface) as refused:
        shop.recommend.batches.export(tmp_path / "lists.parquet", ask)
    with pytest.raises(UnknownSurface):
        shop.recommend.list_exports.start(ask)

    assert "email" in refused.value.hint
    assert not list(tmp_path.glob("lists*"))


def test_whoever_refuses_marketing_after_an_export_for_messages_began_is_not_in_it(
    shop: TestShop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = ExportLists(k=4, surface="email")
    with pytest.raises(Stopped):
        shop.recommend.batches.export(tmp_path / "lists.parquet", ask, should_stop=lambda: True)

    monkeypatch.setattr(shop.gate, "allowed_through", lambda persons, purpose, channel: set())

    assert shop.recommender().batches.export(tmp_path / "lists.parquet", ask).rows == 0
