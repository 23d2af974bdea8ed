from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from litestar.testing import TestClient
from tests.app.builders import SHOP, an_installation

from zhanggui.app.build import job_runner, open_control, open_rooms
from zhanggui.app.places import create_shop, shop_folder
from zhanggui.app.server.doctor import doctor
from zhanggui.app.server.job_loop import WorkLoop
from zhanggui.app.site import create_app
from zhanggui.kernel.clock import system_clock
from zhanggui.kernel.jobs import JobRunner
from zhanggui.trust import CreateKey
from zhanggui.trust.errors import NoSigningKey

SHOPS = ("broken", "whole")


def test_a_lost_key_is_told_with_its_cure_and_never_made_anew_by_opening(tmp_path: Path) -> None:
    settings = an_installation(tmp_path)
    key = shop_folder(settings, SHOP) / "ledger.key"
    key.unlink()

    with pytest.raises(NoSigningKey, match=r"'teahouse' has lost ledger\.key") as caught:
        open_rooms(SHOP, settings)

    assert "zhanggui init teahouse" in caught.value.hint
    assert not key.exists()


def test_doctor_sees_a_lost_key(tmp_path: Path) -> None:
    settings = an_installation(tmp_path)
    (shop_folder(settings, SHOP) / "ledger.key").unlink()

    seen = {finding.subject: finding for finding in doctor(settings, {}, datetime(2040, 1, 1, tzinfo=UTC))}

    assert seen[f"shop {SHOP}"].level == "failure"
    assert "zhanggui init teahouse" in seen[f"shop {SHOP}"].cure


def test_the_cure_makes_a_new_key_and_verification_names_what_the_old_one_signed(tmp_path: Path) -> None:
    settings = an_installation(tmp_path)
    with open_rooms(SHOP, settings) as rooms:
        rooms.db.write(lambda db: rooms.ledger.append(db, "autonomy.paused", {}))
        rooms.ledger.checkpoint()
    (shop_folder(settings, SHOP) / "ledger.key").unlink()

    create_shop(settings, SHOP, system_clock)

    with open_rooms(SHOP, settings) as rooms:
        assert [found.kind for found in rooms.ledger.verify().breaks] == ["checkpoint_forged"]


def test_a_shop_that_lost_its_key_is_refused_alone(tmp_path: Path) -> None:
    settings = an_installation(tmp_path, *SHOPS)
    key = shop_folder(settings, "broken") / "ledger.key"
    kept = key.read_bytes()
    key.unlink()
    with open_control(settings) as control:
        wanted = CreateKey(name="test", scopes=("shop:read",))
        headers = {name: {"Authorization": f"Bearer {control.keys.create(name, wanted).secret}"} for name in SHOPS}

    with TestClient(create_app(settings)) as client:
        ready = client.get("/health/ready")
        served = client.get("/v1/whole/products", headers=headers["whole"])
        refused = client.get("/v1/broken/products", headers=headers["broken"])
        key.write_bytes(kept)
        restored = client.get("/v1/broken/products", headers=headers["broken"])

    assert (ready.status_code, served.status_code, restored.status_code) == (200, 200, 200)
    assert (refused.status_code, refused.json()["code"]) == (503, "trust.no_signing_key")
    assert "zhanggui init broken" in refused.json()["hint"]


def test_background_work_goes_on_for_the_shops_that_can_be_opened(tmp_path: Path) -> None:
    settings = an_installation(tmp_path, *SHOPS)
    (shop_folder(settings, "broken") / "ledger.key").unlink()
    opened: list[str] = []

    def open_runner(name: str) -> JobRunner:
        runner = job_runner(name, settings, "test")
        opened.append(name)
        return runner

    loop = WorkLoop(names=lambda: SHOPS, open_runner=open_runner, poll_s=0)
    loop.turn()
    loop.stopping.set()
    loop.run()

    assert opened == ["whole"]
