"""A new master key while readers and writers go on, a kill in the middle, and giving the old one up."""

from __future__ import annotations

import itertools
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.app.builders import SHOP, an_installation

from zhanggui.app.build import job_runner, open_control, open_rooms
from zhanggui.app.cli.main import run
from zhanggui.app.key_ring import ring_of
from zhanggui.app.rewrapping import rewrap_all
from zhanggui.app.rotating import MasterKeys, StillWrapped
from zhanggui.kernel.cipher import KEY_FILE, KEY_VARIABLE, SubjectCipher, load_master_keys, wrapped_elsewhere
from zhanggui.kernel.clock import system_clock
from zhanggui.kernel.errors import InvalidInput
from zhanggui.kernel.jobs import JobContext
from zhanggui.kernel.settings import Settings
from zhanggui.trust import CreateKey

PEOPLE = range(1, 26)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    held = an_installation(tmp_path)
    with open_rooms(SHOP, held) as rooms:
        cipher = SubjectCipher.over(rooms.db, ring_of(held))
        rooms.db.write(lambda db: cipher.seal_many(db, [(person, f"name {person}") for person in PEOPLE]))
    return held


def keys_of(settings: Settings) -> MasterKeys:
    return MasterKeys(settings=settings, clock=system_clock)


def work(settings: Settings) -> None:
    runner = job_runner(SHOP, settings, "test")
    runner.drain()
    runner.db.close()


def a_context() -> JobContext:
    return JobContext(idempotency_key="k", now=datetime(2026, 1, 1, tzinfo=UTC), attempt=1)


def read_and_write(settings: Settings, stop: threading.Event, opened: list[bool]) -> None:
    """Two stores, as two processes have them: one seals for new people, the other reads; until told to stop."""
    with open_rooms(SHOP, settings) as reading, open_rooms(SHOP, settings) as writing:
        reader, writer = (SubjectCipher.over(rooms.db, ring_of(settings)) for rooms in (reading, writing))
        for person in itertools.count(1001):
            sealed = writing.db.write(lambda db, who=person: writer.seal_many(db, [(1, "old"), (who, "new")]))  # type: ignore[misc]
            with reading.db.read() as db:
                opened.append(reader.open_many(db, [(1, sealed[0]), (person, sealed[1])]) == ["old", "new"])
            if stop.is_set():
                return


def test_readers_and_writers_of_two_open_stores_go_on_throughout(settings: Settings) -> None:
    stop, opened = threading.Event(), list[bool]()
    with ThreadPoolExecutor(1) as beside:
        going = beside.submit(read_and_write, settings, stop, opened)
        keys_of(settings).rotate()
        work(settings)
        state = keys_of(settings).retire()
        stop.set()
        going.result()

    assert all(opened)
    assert state.left == {"control": 0, SHOP: 0}
    assert len(state.known) == 1


def test_a_rotation_that_was_killed_goes_on(settings: Settings) -> None:
    before = load_master_keys(settings.home, {})
    state = keys_of(settings).rotate()
    with open_rooms(SHOP, settings) as rooms:
        stopped = a_context()
        stopped.on_step = lambda _done, _of: stopped.cancel()  # type: ignore[method-assign]
        assert rewrap_all(rooms.db, rooms.ledger, ring_of(settings), state.current, stopped, at_once=10) is None
        with rooms.db.read() as db:
            assert wrapped_elsewhere(db, ring_of(settings).newest) == 15

    again = keys_of(settings).rotate()
    work(settings)

    assert again.current == state.current
    assert keys_of(settings).state().left == {"control": 0, SHOP: 0}
    assert len(load_master_keys(settings.home, {})) == len(before) + 1


def test_an_old_key_is_not_given_up_while_it_wraps_anything(settings: Settings) -> None:
    keys_of(settings).rotate()

    with pytest.raises(StillWrapped, match="teahouse 25"):
        keys_of(settings).retire()

    assert len(load_master_keys(settings.home, {})) == 2


def test_names_api_keys_and_the_ledger_outlive_the_old_key(settings: Settings) -> None:
    old = (settings.home / KEY_FILE).read_text()
    with open_control(settings) as control:
        issued = control.keys.create(SHOP, CreateKey(name="till", scopes=("shop:read",)))

    assert run(["--home", str(settings.home), "master-key", "rotate"]) == 0
    work(settings)
    assert run(["--home", str(settings.home), "master-key", "retire"]) == 0

    assert old.strip() not in (settings.home / KEY_FILE).read_text()
    with open_control(settings) as control:
        assert control.access.authenticate({"authorization": f"Bearer {issued.secret}"}, {}).id == issued.key.id
    with open_rooms(SHOP, settings) as rooms:
        kinds = [entry.kind for entry in rooms.ledger.entries().items]
        assert rooms.ledger.verify().is_intact
    assert kinds == ["keys.rotation_begun", "keys.rotated", "keys.retired"]


def test_a_key_from_a_variable_is_followed_by_the_one_behind_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = (settings.home / KEY_FILE).read_text().strip()
    monkeypatch.setenv(KEY_VARIABLE, old)
    with pytest.raises(InvalidInput, match="no new one behind"):
        keys_of(settings).rotate()

    monkeypatch.setenv(KEY_VARIABLE, f"{old},{'ab' * 32}")
    keys_of(settings).rotate()
    work(settings)
    monkeypatch.setenv(KEY_VARIABLE, "ab" * 32)

    assert keys_of(settings).state().left == {"control": 0, SHOP: 0}
