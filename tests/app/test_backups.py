"""A backup holds what was committed, is checked to the byte, and puts back an installation that works."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from tests.app.builders import SHOP, an_installation

from zhanggui.app.backups import (
    BackupBroken,
    HomeNotEmpty,
    NoBackup,
    NoPassphrase,
    NotInFiles,
    make_backup,
    newest_backup,
    restore,
    verify,
)
from zhanggui.app.backups.checking import opened
from zhanggui.app.backups.sealing import MAGIC, PIECE, SALT_BYTES, open_file, seal_file
from zhanggui.app.build import job_runner, open_control, open_rooms
from zhanggui.app.cli.main import run
from zhanggui.app.key_ring import ring_of
from zhanggui.app.places import create_shop
from zhanggui.app.rotating import MasterKeys
from zhanggui.kernel.cipher import SubjectCipher, load_master_key
from zhanggui.kernel.clock import system_clock
from zhanggui.kernel.db.copying import bare_store
from zhanggui.kernel.privacy import Purpose
from zhanggui.kernel.settings import Settings
from zhanggui.shop import Customer
from zhanggui.shop.types import LegalBasis
from zhanggui.trust import CreateKey
from zhanggui.trust.types.persons import Ground

NOW = datetime(2026, 11, 21, 3, 17, tzinfo=UTC)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = an_installation(tmp_path)
    with open_rooms(SHOP, made) as rooms:
        rooms.media.put(b"not a picture, but named by its content")
        cipher = SubjectCipher(load_master_key(made.home, {}))
        rooms.db.write(lambda db: [cipher.seal(db, person, f"name {person}") for person in (1, 2)])
    return made


def backup_of(settings: Settings, folder: Path, moment: datetime = NOW, keep: int = 7) -> str:
    return make_backup(settings, folder, lambda: moment, keep=keep).name


def test_what_was_committed_comes_back(settings: Settings, tmp_path: Path) -> None:
    with open_rooms(SHOP, settings) as rooms:
        before = rooms.db.peek("SELECT count(*) FROM subject_keys")
    backup_of(settings, tmp_path / "kept")
    settings.home.rename(tmp_path / "lost")

    restore(settings, tmp_path / "kept", "20261121T031700Z")

    with open_rooms(SHOP, settings) as rooms:
        assert rooms.db.peek("SELECT count(*) FROM subject_keys") == before == (2,)
        assert len(list(rooms.media.names())) == 1


@pytest.mark.parametrize("name", ["cache", "run"])
def test_a_shop_may_be_called_as_a_folder_that_passes(settings: Settings, tmp_path: Path, name: str) -> None:
    create_shop(settings, name, system_clock)
    with open_rooms(name, settings) as rooms:
        rooms.media.put(b"not a picture either")
    (settings.home / name).mkdir(exist_ok=True)
    (settings.home / name / "of-a-process").write_text("passes")
    made = backup_of(settings, tmp_path / "kept")
    settings.home.rename(tmp_path / "lost")

    restore(settings, tmp_path / "kept", made)

    with open_rooms(name, settings) as rooms:
        assert len(list(rooms.media.names())) == 1
    assert not (settings.home / name / "of-a-process").exists()


def test_the_keys_of_people_lie_apart_from_the_data(settings: Settings, tmp_path: Path) -> None:
    name = backup_of(settings, tmp_path / "kept")
    data, keys = tmp_path / "kept/data" / name, tmp_path / "kept/keys" / name

    assert not list(data.rglob("*.key"))
    assert (keys / "master.key").read_bytes() == (settings.home / "master.key").read_bytes()
    assert {path.name for path in (keys / "shops" / SHOP).iterdir()} == {"ledger.key", "subjects.db"}
    parts = opened(tmp_path / "kept", name, None)
    with parts[1].clear(f"shops/{SHOP}/shop.db") as store, bare_store(store) as db:
        assert db.execute("SELECT count(*) FROM subject_keys").fetchone() == (0,)


def test_the_data_is_noise_without_the_keys(settings: Settings, tmp_path: Path) -> None:
    name = backup_of(settings, tmp_path / "kept")
    data = tmp_path / "kept/data" / name

    assert not [path for path in data.rglob("*.db") if path.read_bytes().startswith(b"SQLite")]
    assert not [path for path in data.rglob("*") if path.is_file() and b"not a picture" in path.read_bytes()]
    assert not any((settings.home / "cache").iterdir())


def test_a_passphrase_seals_the_keys_and_another_one_is_refused(settings: Settings, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    name = make_backup(settings, kept, lambda: NOW, keep=7, passphrase="horse battery").name
    secret = (settings.home / "master.key").read_bytes().strip()
    settings.home.rename(tmp_path / "lost")

    assert not [path for path in kept.rglob("*") if path.is_file() and secret in path.read_bytes()]
    for wrong in (None, "another"):
        with pytest.raises(NoPassphrase):
            restore(settings, kept, name, passphrase=wrong)
    assert not settings.home.exists()
    restore(settings, kept, name, passphrase="horse battery")
    with open_rooms(SHOP, settings) as rooms:
        assert rooms.db.peek("SELECT count(*) FROM subject_keys") == (2,)


def test_a_manifest_that_was_written_anew_is_found(settings: Settings, tmp_path: Path) -> None:
    name = backup_of(settings, tmp_path / "kept")
    manifest = tmp_path / "kept/data" / name / "manifest.json"
    told = msgspec.json.decode(manifest.read_bytes())
    del told["files"][f"shops/{SHOP}/shop.db"]
    manifest.write_bytes(msgspec.json.encode(told))

    with pytest.raises(BackupBroken, match="manifest"):
        verify(tmp_path / "kept", name)


@pytest.mark.parametrize("length", [0, 1, PIECE - 1, PIECE, PIECE + 1, 2 * PIECE])
def test_a_sealed_file_opens_in_its_own_place_only_and_cannot_be_cut(tmp_path: Path, length: int) -> None:
    clear, sealed, key = tmp_path / "clear", tmp_path / "sealed", bytes(32)
    clear.write_bytes(bytes(range(256)) * (length // 256) + bytes(length % 256))
    seal_file(clear, sealed, key, "a/b")

    open_file(sealed, tmp_path / "again", key, "a/b")

    assert (tmp_path / "again").read_bytes() == clear.read_bytes()
    with pytest.raises(BackupBroken):
        open_file(sealed, tmp_path / "elsewhere", key, "a/c")
    if length > PIECE:
        sealed.write_bytes(sealed.read_bytes()[: len(MAGIC) + SALT_BYTES + PIECE + 16])
        with pytest.raises(BackupBroken):
            open_file(sealed, tmp_path / "cut", key, "a/b")


def test_a_backup_can_be_made_by_another_process_while_the_store_is_written(settings: Settings, tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from zhanggui.app.cli.main import main; main()", "backup", "--to", str(tmp_path)]
    cipher = SubjectCipher(load_master_key(settings.home, {}))
    with open_rooms(SHOP, settings) as rooms:
        process = subprocess.Popen(command, env={**os.environ, "ZHANGGUI_HOME": str(settings.home)})
        written = 2
        while process.poll() is None:
            written += 1
            rooms.db.write(lambda db, person=written: cipher.seal(db, person, "somebody"))  # type: ignore[misc]
        after = rooms.db.peek("SELECT count(*) FROM subject_keys")

    assert process.returncode == 0
    assert after == (written,)
    assert verify(tmp_path, newest_backup(tmp_path)) > 3


def test_only_its_owner_may_read_a_backup(settings: Settings, tmp_path: Path) -> None:
    backup_of(settings, tmp_path / "kept")

    assert stat.S_IMODE((tmp_path / "kept").stat().st_mode) == 0o700


def test_who_was_erased_since_stays_erased_in_older_data(settings: Settings, tmp_path: Path) -> None:
    old = backup_of(settings, tmp_path / "kept")
    cipher = SubjectCipher(load_master_key(settings.home, {}))
    with open_rooms(SHOP, settings) as rooms:
        rooms.db.write(lambda db: cipher.destroy(db, 1))
    backup_of(settings, tmp_path / "kept", NOW + timedelta(days=1))
    settings.home.rename(tmp_path / "lost")

    restore(settings, tmp_path / "kept", old)

    with open_rooms(SHOP, settings) as rooms:
        found = rooms.db.peek("SELECT group_concat(length(wrapped) > 0) FROM subject_keys ORDER BY person")
    assert found == ("0,1",)


def test_so_many_are_kept_and_keys_for_thirty_days_at_most(settings: Settings, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    for days in (0, 1, 2, 40):
        backup_of(settings, kept, NOW + timedelta(days=days), keep=3)

    assert sorted(path.name[:8] for path in (kept / "data").iterdir()) == ["20261122", "20261123", "20261231"]
    assert sorted(path.name[:8] for path in (kept / "keys").iterdir()) == ["20261231"]


def test_a_picture_that_the_backup_before_holds_is_not_written_again(settings: Settings, tmp_path: Path) -> None:
    names = [backup_of(settings, tmp_path / "kept", NOW + timedelta(days=days)) for days in (0, 1)]
    pictures = [
        next(path for path in (tmp_path / "kept/data" / name).rglob("media/**/*") if path.is_file()) for name in names
    ]

    assert pictures[0].samefile(pictures[1])


def test_a_byte_that_changed_is_found(settings: Settings, tmp_path: Path) -> None:
    name = backup_of(settings, tmp_path / "kept")
    store = tmp_path / "kept/data" / name / "shops" / SHOP / "shop.db"
    body = bytearray(store.read_bytes())
    body[-1] ^= 1
    store.write_bytes(bytes(body))

    with pytest.raises(BackupBroken, match=r"shop\.db"):
        verify(tmp_path / "kept", name)


def test_a_whole_backup_verifies_more_than_once(settings: Settings, tmp_path: Path) -> None:
    name = backup_of(settings, tmp_path / "kept")

    assert verify(tmp_path / "kept", name) == verify(tmp_path / "kept", name) > 3


def test_a_home_that_holds_something_is_left_alone(settings: Settings, tmp_path: Path) -> None:
    name = backup_of(settings, tmp_path / "kept")

    with pytest.raises(HomeNotEmpty):
        restore(settings, tmp_path / "kept", name)


def test_a_backup_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoBackup):
        restore(Settings(home=tmp_path / "home"), tmp_path / "kept", "20261121T031700Z")


def test_postgresql_is_sent_to_its_own_tool(tmp_path: Path) -> None:
    elsewhere = Settings(home=tmp_path, database="postgresql://user:secret@host/name")

    with pytest.raises(NotInFiles) as refused:
        make_backup(elsewhere, tmp_path / "kept", lambda: NOW, keep=1)
    assert "pg_dump" in refused.value.hint
    assert "secret" not in refused.value.hint


def test_the_command_makes_and_verifies_one(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ZHANGGUI_HOME", str(settings.home))

    made = run(["backup", "--to", str(tmp_path / "kept")])
    name = capsys.readouterr().out.strip()
    checked = run(["backup", "verify", name, "--to", str(tmp_path / "kept")])

    assert (made, checked, len(name)) == (0, 0, 16)


def test_old_data_open_with_the_keys_from_after_a_rotation(settings: Settings, tmp_path: Path) -> None:
    with open_control(settings) as control:
        issued = control.keys.create(SHOP, CreateKey(name="till", scopes=("shop:read",)))
    old = backup_of(settings, tmp_path / "kept")
    keys = MasterKeys(settings=settings, clock=system_clock)
    keys.rotate()
    runner = job_runner(SHOP, settings, "test")
    runner.drain()
    runner.db.close()
    keys.retire()
    backup_of(settings, tmp_path / "kept", NOW + timedelta(days=1))
    settings.home.rename(tmp_path / "lost")

    restore(settings, tmp_path / "kept", old)

    with open_rooms(SHOP, settings) as rooms:
        cipher = SubjectCipher.over(rooms.db, ring_of(settings))
        sealed = rooms.db.write(lambda db: cipher.seal(db, 1, "again"))
        with rooms.db.read() as db:
            assert cipher.open(db, 1, sealed) == "again"
    with open_control(settings) as control:
        assert control.access.authenticate({"authorization": f"Bearer {issued.secret}"}, {}).id == issued.key.id


def test_who_was_erased_since_is_erased_again_with_rows_and_receipt(settings: Settings, tmp_path: Path) -> None:
    with open_rooms(SHOP, settings) as rooms:
        people = [Customer(id=id_, province="浙江", language="zh") for id_ in ("u1", "u2")]
        rooms.people.put_customers(people, LegalBasis(kind="contract"))
    old = backup_of(settings, tmp_path / "kept")
    with open_rooms(SHOP, settings) as rooms:
        rooms.persons.erase(customer_id="u1", actor="user:li", ground=Ground.ASKED)
    backup_of(settings, tmp_path / "kept", NOW + timedelta(days=1))
    settings.home.rename(tmp_path / "lost")
    restore(settings, tmp_path / "kept", old)

    with open_rooms(SHOP, settings) as rooms:
        again = [rooms.persons.erase_again(), rooms.persons.erase_again()]
        left = rooms.people.customers(purpose=Purpose.SERVICE)

    assert again == [1, 0]
    assert [one.id for one in left] == ["u2"]
