"""Making, opening and using a shop from Python, on both kinds of store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.app.builders import an_installation

from zhanggui import Shop
from zhanggui.app.places import BadShopName, UnknownShop, create_shop, known_shops, migrate_all, open_checked_control
from zhanggui.kernel.clock import system_clock
from zhanggui.kernel.db import open_database
from zhanggui.kernel.errors import Unavailable
from zhanggui.kernel.privacy import Purpose
from zhanggui.kernel.settings import RecommendSettings, Settings
from zhanggui.shop import Event, EventName, Product, ProductText, UnknownFormat


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def installation(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    if request.param == "sqlite":
        yield an_installation(tmp_path, "teahouse", "bookshop")
        return
    address = request.getfixturevalue("postgresql_address")
    yield an_installation(tmp_path, "teahouse", "bookshop", database=address)
    server = open_database(address)
    for schema in ("zhanggui_control", "shop_teahouse", "shop_bookshop"):
        server.write(lambda db, schema=schema: db.execute(sa.schema.DropSchema(schema, cascade=True)))  # type: ignore[misc]
    server.close()


def tea(id_: str) -> Product:
    return Product(id=id_, texts={"zh": ProductText(title="龙井茶")}, keywords=("龙井",), category=("茶",))


def test_a_shop_recommends_what_fits_what_was_just_looked_at(installation: Settings) -> None:
    with Shop.open("teahouse", settings=installation) as shop:
        shop.catalogue.put_products([tea("longjing"), tea("yuqian")])
        shop.events.accept([Event(id="e1", name=EventName.VIEW_ITEM, visitor_id="v1", product_id="longjing")])

        ranked = shop.recommend.for_shopper(visitor_id="v1", k=2).items
        told = [batch.num_rows for batch in shop.history(Purpose.SERVICE, system_clock() - timedelta(days=1))]

    assert "yuqian" in [product.product_id for product in ranked]
    assert told == [1]


def test_what_other_rooms_add_to_an_export_can_be_asked_for_one_by_one(tmp_path: Path) -> None:
    parts = ("allocations", "entries", "event-ids", "served-lists", "notices", "consents", "preferences", "links")
    with Shop.open("teahouse", settings=an_installation(tmp_path)) as shop:
        for name in parts:
            assert b"".join(shop.exporter.stream(name)) == b"".join(
                file.path.read_bytes() for file in shop.exporter.export(name, tmp_path / "out")
            )
        for name in ("ledger", "proposals"):
            assert b"".join(shop.exporter.stream_record(name)) == b""
            with pytest.raises(UnknownFormat):
                shop.exporter.stream(name)


def test_shops_know_nothing_of_each_other(installation: Settings) -> None:
    with Shop.open("teahouse", settings=installation) as shop:
        shop.catalogue.put_products([tea("longjing")])

    with Shop.open("bookshop", settings=installation) as other:
        assert other.catalogue.products() == []


def test_making_a_shop_twice_keeps_its_facts(installation: Settings) -> None:
    with Shop.open("teahouse", settings=installation) as shop:
        shop.catalogue.put_products([tea("longjing")])

    with Shop.create("teahouse", settings=installation) as again:
        assert [product.id for product in again.catalogue.products()] == ["longjing"]
    assert migrate_all(installation) == ["bookshop", "teahouse"]


def test_all_shops_are_known_to_the_control_store(installation: Settings) -> None:
    control = open_checked_control(installation)

    assert known_shops(control) == ["bookshop", "teahouse"]
    control.close()


@pytest.mark.parametrize("name", ["", "Tea", "-tea", "a" * 64, "tea/../x", "tea.db", "龙井", "tea\n"])
def test_a_name_that_could_be_a_path_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(BadShopName):
        create_shop(Settings(home=tmp_path), name, system_clock)

    assert list(tmp_path.iterdir()) == []


def test_an_unknown_shop_is_named_with_its_neighbour(tmp_path: Path) -> None:
    settings = an_installation(tmp_path, "teahouse")

    with pytest.raises(UnknownShop, match="teehouse") as refused:
        Shop.open("teehouse", settings=settings)

    assert refused.value.hint == "Did you mean 'teahouse'?"


def test_nothing_is_made_by_looking(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="no installation"):
        Shop.open("teahouse", home=tmp_path / "nowhere", environ={})

    assert not (tmp_path / "nowhere").exists()


def test_the_memory_of_a_training_is_a_setting(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, recommend=RecommendSettings(memory_mb=64))

    with Shop.create("teahouse", settings=settings, environ={}) as shop:
        assert shop.recommend.trainer.budget_bytes == 64 * 2**20
