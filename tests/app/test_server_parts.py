"""The parts of the server that need no process: addresses, the work loop, health, doctor."""

from __future__ import annotations

import stat
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from litestar.testing import create_test_client
from tests.app.builders import an_installation
from tests.conftest import FixedClock

from zhanggui.app.server import WorkLoop, doctor
from zhanggui.app.server.address import (
    TlsUnusable,
    checked_tls,
    is_loopback,
    note_address,
    pages_address,
    require_safe,
)
from zhanggui.app.server.health import Readiness, health_routes
from zhanggui.app.server.left_out import LeftOut
from zhanggui.app.server.loading import resolve
from zhanggui.kernel.db import Database, open_database, shop_metadata
from zhanggui.kernel.errors import NotFound, Unavailable
from zhanggui.kernel.jobs import Effect, JobContext, JobHandler, JobRunner, enqueue
from zhanggui.kernel.settings import Settings

NOW = datetime(2026, 3, 14, tzinfo=UTC)


class Note(msgspec.Struct, frozen=True):
    word: str


@pytest.mark.parametrize(
    ("host", "is_local"),
    [
        *[(host, True) for host in ("127.0.0.1", "127.8.8.8", "::1", "[::1]", "localhost")],
        *[(host, False) for host in ("0.0.0.0", "::", "192.168.1.5")],
    ],
)
def test_only_addresses_of_this_machine_are_local(host: str, is_local: bool) -> None:
    assert is_loopback(host) is is_local


@pytest.mark.parametrize(("has_tls", "is_insecure"), [(True, False), (False, True)])
def test_a_public_address_is_fine_with_tls_or_with_consent(has_tls: bool, is_insecure: bool) -> None:
    require_safe("0.0.0.0", has_tls=has_tls, is_insecure=is_insecure)


def test_links_lead_to_where_the_last_server_of_the_home_listened(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    served = msgspec.structs.replace(settings, server=msgspec.structs.replace(settings.server, port=8123))

    assert pages_address(settings) == "http://127.0.0.1:8000"
    note_address(served)
    assert pages_address(settings) == "http://127.0.0.1:8123"


def test_the_public_address_of_the_settings_stands_above_where_a_server_listened(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    note_address(settings)
    public = msgspec.structs.replace(settings.server, public_address="https://tea.example")

    assert pages_address(msgspec.structs.replace(settings, server=public)) == "https://tea.example"


def test_a_certificate_needs_its_key_and_both_must_serve(tmp_path: Path) -> None:
    broken = tmp_path / "broken.pem"
    broken.write_text("-----BEGIN CERTIFICATE-----")

    assert checked_tls("", "") is None
    with pytest.raises(TlsUnusable, match="--tls-key is missing"):
        checked_tls(str(broken), "")
    with pytest.raises(TlsUnusable, match="There is no file"):
        checked_tls(str(broken), str(tmp_path / "none.pem"))
    with pytest.raises(TlsUnusable, match="cannot be used"):
        checked_tls(str(broken), str(broken))


def test_a_target_that_is_not_there_is_named() -> None:
    with pytest.raises(Unavailable, match=r"zhanggui\.kernel\.ids:no_such"):
        resolve("zhanggui.kernel.ids:no_such")


def a_store(folder: Path, name: str) -> Database:
    store = open_database(f"sqlite:///{folder / name}.db")
    store.write(shop_metadata.create_all)
    return store


def a_loop(folder: Path, names: list[str], done: list[str], clock: FixedClock) -> WorkLoop:
    def open_runner(name: str) -> JobRunner:
        if name == "broken":
            raise NotFound("there is no such shop")

        def run(payload: Note, context: JobContext) -> Effect | None:
            done.append(f"{name}:{payload.word}")
            return None

        return JobRunner(a_store(folder, name), [JobHandler(kind="note", payload=Note, run=run)], clock, "w")

    return WorkLoop(names=lambda: names, open_runner=open_runner, poll_s=0.01)


def test_every_shop_has_its_turn_and_a_broken_one_stops_nobody(tmp_path: Path, clock: FixedClock) -> None:
    done: list[str] = []
    loop = a_loop(tmp_path, ["tea", "broken", "silk"], done, clock)
    for name in ("tea", "silk"):
        store = a_store(tmp_path, name)
        store.write(lambda db: [enqueue(db, "note", Note(word)) for word in ("a", "b")])
        store.close()

    assert loop.turn() == 4
    assert loop.turn() == 0
    assert sorted(done) == ["silk:a", "silk:b", "tea:a", "tea:b"]
    loop.stopping.set()
    loop.run()


def test_a_shop_whose_store_fails_is_opened_anew(tmp_path: Path, clock: FixedClock) -> None:
    done: list[str] = []
    loop = a_loop(tmp_path, ["tea"], done, clock)
    loop.turn()
    loop._runners["tea"].db.close()
    store = a_store(tmp_path, "tea")
    store.write(lambda db: enqueue(db, "note", Note("a")))
    store.close()

    first = loop.turn()
    loop._next_look = 0.0
    second = loop.turn()

    assert (first, second, done) == (0, 1, ["tea:a"])
    loop.stopping.set()
    loop.run()


def test_the_loop_ends_when_it_is_told_and_closes_its_shops(tmp_path: Path, clock: FixedClock) -> None:
    loop = a_loop(tmp_path, ["tea"], [], clock)
    loop.turn()
    store = loop._runners["tea"].db
    running = threading.Thread(target=loop.run)
    running.start()
    loop.stopping.set()
    running.join(10)

    assert not running.is_alive()
    with pytest.raises(Unavailable, match="closed"):
        store.write(lambda db: None)


def test_a_worker_is_ready_when_the_last_step_is_warm() -> None:
    readiness = Readiness("stores", "kernels")
    with create_test_client(health_routes(readiness, metrics_key=None)) as client:
        readiness.done("stores")
        before = client.get("/health/ready")
        readiness.done("kernels")
        after = client.get("/health/ready")

    assert (before.status_code, before.json()) == (503, {"status": "starting", "waiting_for": ["kernels"]})
    assert (after.status_code, after.json()) == (200, {"status": "ready", "waiting_for": []})


def levels(settings: Settings, now: datetime = NOW) -> dict[str, str]:
    return {finding.subject: finding.level for finding in doctor(settings, {}, now)}


def test_doctor_names_what_is_missing_with_its_cure(tmp_path: Path) -> None:
    findings = {finding.subject: finding for finding in doctor(Settings(home=tmp_path / "none"), {}, NOW)}

    assert findings["home"].level == "failure"
    assert findings["home"].cure.startswith("zhanggui init")
    assert findings["stores"].level == "warning"
    assert findings["sqlite"].seen.startswith("SQLite 3.")
    assert all(finding.cure for finding in findings.values() if finding.level != "ok")


def test_doctor_sees_a_key_that_others_may_read_and_a_clock_that_went_back(tmp_path: Path) -> None:
    (tmp_path / "master.key").write_text("k")
    (tmp_path / "master.key").chmod(0o644)
    tmp_path.chmod(0o755)
    (tmp_path / "control.db").write_bytes(b"")

    found = levels(Settings(home=tmp_path), datetime.now(UTC) - timedelta(days=1))

    assert (found["master key"], found["clock"], found["home"]) == ("failure", "failure", "warning")
    assert found["control store"] == "failure"  # it stands at no revision


def test_doctor_is_content_with_a_sound_home(tmp_path: Path) -> None:
    (tmp_path / "master.key").write_text("k")
    (tmp_path / "master.key").chmod(0o600)
    tmp_path.chmod(0o700)

    found = levels(Settings(home=tmp_path), datetime.now(UTC))

    assert {found[subject] for subject in ("home", "master key", "clock", "sqlite", "filesystem")} == {"ok"}


def test_a_fresh_home_is_for_its_owner_only(tmp_path: Path) -> None:
    settings = an_installation(tmp_path)

    assert stat.S_IMODE(settings.home.stat().st_mode) == 0o700
    assert levels(settings, datetime.now(UTC))["home"] == "ok"


def test_a_library_that_is_left_out_counts_as_not_installed_and_others_as_they_are() -> None:
    finder = LeftOut(frozenset({"frames"}))

    for name in ("frames", "frames.core"):
        with pytest.raises(ModuleNotFoundError, match="left out"):
            finder.find_spec(name, None)
    assert finder.find_spec("frameset", None) is None
