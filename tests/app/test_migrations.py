from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

import zhanggui
from zhanggui.app.migrations import WrongRevision, downgrade, head, require_head, revision_of, upgrade
from zhanggui.app.migrations import draft as drafting
from zhanggui.app.migrations.every_table import STORES, Store, metadata_of, rooms_in_order, rooms_of
from zhanggui.kernel.changes import announce, last_seq
from zhanggui.kernel.db import Database, open_database, shop_metadata
from zhanggui.kernel.ids import hash64

EITHER_STORE = pytest.mark.parametrize("store", STORES)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    if request.param == "sqlite":
        database = open_database(f"sqlite:///{tmp_path}/empty.db")
    else:
        address, schema = (request.getfixturevalue(name) for name in ("postgresql_address", "postgresql_schema"))
        database = open_database(address, schema=schema)
    yield database
    database.close()


def differences(database: Database, store: Store) -> list[Any]:
    with database.read() as db:
        return compare_metadata(MigrationContext.configure(db), metadata_of(store))


@EITHER_STORE
def test_the_chain_makes_exactly_the_tables_of_the_rooms(empty: Database, store: Store) -> None:
    upgrade(empty, store)

    assert revision_of(empty) == head()
    assert differences(empty, store) == []


@EITHER_STORE
def test_the_chain_goes_down_to_nothing_and_up_again(empty: Database, store: Store) -> None:
    upgrade(empty, store)
    downgrade(empty, store)
    with empty.read() as db:
        assert set(sa.inspect(db).get_table_names()) <= {"alembic_version", "sqlite_sequence"}

    upgrade(empty, store)

    assert differences(empty, store) == []


def test_stores_that_are_brought_up_at_once_do_not_meet(tmp_path: Path) -> None:
    """Alembic keeps the run under way in names of its modules: two who opened the tour together both failed."""
    stores = [open_database(f"sqlite:///{tmp_path}/{n}.db") for n in range(3)]
    together = Barrier(len(stores))

    def bring_up(database: Database) -> None:
        together.wait(30)
        upgrade(database, "shop")

    with ThreadPoolExecutor(len(stores)) as threads:
        for done in [threads.submit(bring_up, database) for database in stores]:
            done.result()

    assert {revision_of(database) for database in stores} == {head()}
    for database in stores:
        assert differences(database, "shop") == []
        database.close()


def test_a_store_that_is_up_to_date_keeps_its_rows(empty: Database) -> None:
    upgrade(empty, "shop")
    empty.write(lambda db: announce(db, "product", ["longjing"]))

    upgrade(empty, "shop")

    with empty.read() as db:
        assert last_seq(db) == 1


def test_a_store_at_another_revision_is_refused_with_the_command_that_helps(empty: Database) -> None:
    with pytest.raises(WrongRevision, match="'none'") as refused:
        require_head(empty, "teahouse")
    assert "zhanggui migrate" in refused.value.hint

    upgrade(empty, "shop")

    require_head(empty, "teahouse")


def test_entries_of_a_former_version_are_found_by_what_they_are_about(empty: Database) -> None:
    upgrade(empty, "shop", "0010_shop")
    offer = json.dumps(["p7", None, "default", "default", None])
    payloads = [
        {"actor": "shop", "payload": {"kind": "shop.reprice_offer", "subject": offer}},
        {"actor": "shop", "payload": {"kind": "shop.label_product", "subject": "p7"}},
        {"actor": "shop", "payload": "edited by hand"},
    ]
    rows = [{"seq": n, "payload": json.dumps(held).encode()} for n, held in enumerate(payloads, 1)]
    entry = {"kind": "proposal.proposed", "at_ms": 0, "payload_hash": b"", "hash": b""}
    insert = (
        "INSERT INTO ledger (seq, kind, at_ms, payload_hash, hash) VALUES (:seq, :kind, :at_ms, :payload_hash, :hash)"
    )
    empty.write(lambda db: db.execute(sa.text(insert), [entry | {"seq": row["seq"]} for row in rows]))
    keep = sa.text("INSERT INTO ledger_payloads (seq, payload) VALUES (:seq, :payload)")
    empty.write(lambda db: db.execute(keep, rows))

    upgrade(empty, "shop")

    with empty.read() as db:
        about = db.execute(sa.text("SELECT about FROM ledger_payloads ORDER BY seq")).scalars().all()
    assert about == [hash64("product:p7"), hash64("product:p7"), None]


@EITHER_STORE
def test_every_table_belongs_to_a_room(store: Store) -> None:
    assert set(rooms_of(store)) == set(metadata_of(store).tables)


def test_a_room_comes_after_those_that_it_points_into() -> None:
    rooms = rooms_in_order()

    assert set(rooms) == {room for store in STORES for room in rooms_of(store).values()}
    for store in STORES:
        room_of = rooms_of(store)
        for table in metadata_of(store).tables.values():
            for key in table.foreign_keys:
                assert rooms.index(room_of[key.column.table.name]) <= rooms.index(room_of[table.name])


class Drafted(NamedTuple):
    page: Path
    room_of_products: str


@pytest.fixture(scope="module")
def drafted(tmp_path_factory: pytest.TempPathFactory) -> Drafted:
    """What is drafted when a room named tasting has come, which looks at the table of products."""
    folder = tmp_path_factory.mktemp("drafts")
    room = folder / "src" / "tasting"
    room.mkdir(parents=True)
    (room / "__init__.py").write_text("")
    (room / "tables.py").write_text(
        "import sqlalchemy as sa\n"
        "from zhanggui.kernel.db import shop_metadata\n"
        "from zhanggui.shop.tables.products import products\n"
        "tastings = sa.Table('tastings', shop_metadata, sa.Column('id', sa.String(40), primary_key=True))\n"
    )
    try:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(zhanggui, "__path__", [*zhanggui.__path__, str(folder / "src")])
            patch.setattr(drafting, "FOLDER", folder)
            [written] = drafting.draft("Keep tastings")
            return Drafted(written, rooms_of("shop")["products"])
    finally:
        shop_metadata.remove(shop_metadata.tables["tastings"])
        for name in ("zhanggui.tasting", "zhanggui.tasting.tables"):
            sys.modules.pop(name, None)


def test_a_new_room_gets_a_revision_of_its_own(drafted: Drafted) -> None:
    assert drafted.page.name.endswith("_tasting.py")
    assert '"tastings"' in drafted.page.read_text()
    assert "products" not in drafted.page.read_text()
    assert drafted.room_of_products == "shop"


def test_a_draft_is_written_as_ruff_wants_it(drafted: Drafted) -> None:
    for ask in (["check", "--select", "F,I"], ["format", "--check"]):
        subprocess.run(
            [sys.executable, "-m", "ruff", *ask, "--no-cache", drafted.page], check=True, capture_output=True
        )


def test_a_table_outside_every_room_is_an_error_and_not_the_kernels() -> None:
    stray = sa.Table("strays", shop_metadata, sa.Column("id", sa.Integer, primary_key=True))
    try:
        with pytest.raises(LookupError, match="strays"):
            rooms_of("shop")
    finally:
        shop_metadata.remove(stray)
