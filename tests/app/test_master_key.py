"""An installation is written with one master key, and says so when that is gone or another one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.app.builders import SHOP, an_installation

from zhanggui.app.build import open_control, open_rooms
from zhanggui.app.migrations import downgrade
from zhanggui.app.places import control_store, create_shop, migrate_all
from zhanggui.app.server.doctor import doctor
from zhanggui.kernel.cipher import KEY_FILE, KEY_VARIABLE, BadMasterKey
from zhanggui.kernel.clock import system_clock
from zhanggui.kernel.settings import Settings

WAYS_IN = pytest.mark.parametrize(
    "enter",
    [
        open_control,
        lambda settings: open_rooms(SHOP, settings),
        migrate_all,
        lambda settings: create_shop(settings, SHOP, system_clock),
        lambda settings: create_shop(settings, "another", system_clock),
    ],
    ids=["control", "shop", "migrate", "the same shop", "another shop"],
)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    return an_installation(tmp_path)


@WAYS_IN
def test_a_key_that_is_gone_is_refused_and_never_replaced(
    settings: Settings, enter: Callable[[Settings], object]
) -> None:
    (settings.home / KEY_FILE).unlink()

    with pytest.raises(BadMasterKey, match="gone") as refused:
        enter(settings)

    assert "backup" in refused.value.hint
    assert not (settings.home / KEY_FILE).exists()


@WAYS_IN
def test_another_key_is_refused(
    settings: Settings, enter: Callable[[Settings], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY_VARIABLE, "00" * 32)

    with pytest.raises(BadMasterKey, match="not the master key of this installation"):
        enter(settings)


def test_the_key_may_move_into_the_environment(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    path = settings.home / KEY_FILE
    monkeypatch.setenv(KEY_VARIABLE, path.read_text())
    path.unlink()

    with open_rooms(SHOP, settings) as rooms:
        assert rooms.name == SHOP


def test_an_installation_from_before_marks_is_marked_when_it_is_migrated(settings: Settings) -> None:
    control = control_store(settings)
    downgrade(control, "control", "0005_app")
    control.close()

    migrate_all(settings)

    (settings.home / KEY_FILE).unlink()
    with pytest.raises(BadMasterKey):
        open_control(settings)


def test_doctor_tells_a_lost_key(settings: Settings) -> None:
    (settings.home / KEY_FILE).unlink()

    seen = {finding.subject: finding for finding in doctor(settings, {}, datetime(2040, 1, 1, tzinfo=UTC))}

    assert seen["control store"].level == "failure"
    assert "gone" in seen["control store"].seen
