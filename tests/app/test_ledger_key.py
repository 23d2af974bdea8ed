from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.app.builders import SHOP, an_installation

from zhanggui.app.build import open_rooms
from zhanggui.app.places import create_shop, shop_folder
from zhanggui.app.server.doctor import doctor
from zhanggui.kernel.clock import system_clock
from zhanggui.trust.errors import NoSigningKey


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
        rooms.db.write(lambda db: rooms.ledger.append(db, "tea.poured", {"cups": 1}))
        rooms.ledger.checkpoint()
    (shop_folder(settings, SHOP) / "ledger.key").unlink()

    create_shop(settings, SHOP, system_clock)

    with open_rooms(SHOP, settings) as rooms:
        assert [found.kind for found in rooms.ledger.verify().breaks] == ["checkpoint_forged"]
