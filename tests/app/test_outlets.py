"""The ways out of a shop that the settings name."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhanggui.app.outlets import outlets_of
from zhanggui.kernel.clock import system_clock
from zhanggui.kernel.egress import EgressDoor
from zhanggui.kernel.errors import InvalidInput
from zhanggui.kernel.settings import OutboxSettings, Settings
from zhanggui.shop.outbox import WebhookOutlet


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ZHANGGUI_WEBHOOK_SECRET", "a secret that both sides know")
    return tmp_path


def test_the_own_network_is_posted_to_only_where_the_settings_allow_it(home: Path) -> None:
    allowed = OutboxSettings(webhook_url="http://10.0.0.7/erp", allow_private=True)

    webhook = outlets_of(Settings(home=home, outbox=allowed), home, system_clock, EgressDoor())["webhook"]

    assert isinstance(webhook, WebhookOutlet)
    assert webhook.allow_private
    webhook.client.close()


def test_plain_http_is_refused_by_default(home: Path) -> None:
    plain = OutboxSettings(webhook_url="http://10.0.0.7/erp")

    with pytest.raises(InvalidInput, match=r"10\.0\.0\.7"):
        outlets_of(Settings(home=home, outbox=plain), home, system_clock, EgressDoor())
