"""Lists for everybody go only where consent and restraint are known, and follow a refusal at once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from tests.conftest import FixedClock
from tests.recommend.builders import TestShop, teas

from zhanggui.kernel.db import Database
from zhanggui.recommend import UnknownSurface
from zhanggui.recommend.service.recipes import batches
from zhanggui.recommend.service.recipes.batches import Stopped
from zhanggui.recommend.types.recipes import ExportLists
from zhanggui.shop import EventName
from zhanggui.shop.service.naming import Naming
from zhanggui.shop.tables.bases import person_of


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


@pytest.mark.parametrize("kind", ["marketing", "personalization", "erased"])
def test_whoever_refuses_after_their_part_was_written_is_not_in_the_file(
    shop: TestShop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(batches, "PART", 3)
    ask, steps = ExportLists(k=4, surface="email"), list[int]()
    with pytest.raises(Stopped):
        shop.recommend.batches.export(
            tmp_path / "lists.parquet", ask, on_step=lambda done, _: steps.append(done), should_stop=lambda: bool(steps)
        )
    assert steps == [3]
    written = pq.read_table(tmp_path / "lists.parquet.parts" / "000000.parquet")["visitor_id"].to_pylist()
    assert "fan1" in written

    people = Naming.people
    with shop.db.read() as db:
        number = person_of(db, visitor_id="fan1")
    if kind == "marketing":
        monkeypatch.setattr(shop.gate, "allowed_through", lambda persons, purpose, channel: set(persons) - {number})
    elif kind == "erased":
        monkeypatch.setattr(Naming, "people", lambda self, db, asked: people(self, db, set(asked) - {number}))
    else:
        monkeypatch.setattr(shop.gate, "allowed_among", lambda persons, purpose: set(persons) - {number})
    report = shop.recommender().batches.export(tmp_path / "lists.parquet", ask)

    named = pq.read_table(tmp_path / "lists.parquet")["visitor_id"].to_pylist()
    assert set(named) == {f"fan{other}" for other in range(6) if other != 1}
    assert (report.shoppers, report.rows) == (5, len(named))


def test_old_files_go_though_an_export_clears_up_its_parts_at_the_same_moment(
    shop: TestShop, monkeypatch: pytest.MonkeyPatch, clock: FixedClock
) -> None:
    exports = shop.recommend.list_exports
    exports.folder.mkdir(parents=True)
    for name in ("a.parquet.parts", "b.parquet", "c.parquet"):
        path = exports.folder / name
        path.touch()
        os.utime(path, (0, 0))
    listed = Path.iterdir

    def clearing(folder: Path) -> Iterator[Path]:
        found = sorted(listed(folder))
        found[0].unlink()
        return iter(found)

    monkeypatch.setattr(Path, "iterdir", clearing)
    exports.forget_old()

    assert not list(listed(exports.folder))
