"""A publishable key brings the origins of its pages with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from litestar.testing import TestClient
from tests.app.builders import SHOP, an_installation
from tests.conftest import FixedClock

from zhanggui.app.build import open_control
from zhanggui.app.http.front import FrontedApp
from zhanggui.app.site import create_app
from zhanggui.kernel.settings import ServerSettings
from zhanggui.trust import CreateKey, Keys

PAGE = "https://tea.example"
LISTED = "https://listed.example"
POPULAR = f"/v1/{SHOP}/popular"


@pytest.fixture(scope="module")
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, clock: FixedClock) -> Iterator[tuple[TestClient[FrontedApp], Keys]]:
    settings = an_installation(
        tmp_path_factory.mktemp("origins"), clock=clock, server=ServerSettings(allowed_origins=(LISTED,))
    )
    with open_control(settings, clock=clock) as control, TestClient(create_app(settings, clock=clock)) as client:
        yield client, control.keys


def preflight(client: TestClient[FrontedApp], origin: str) -> str | None:
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "authorization",
    }
    return client.options(POPULAR, headers=asked).headers.get("Access-Control-Allow-Origin")


def test_a_page_may_ask_from_the_moment_its_key_lists_it_until_the_key_is_revoked(
    site: tuple[TestClient[FrontedApp], Keys],
) -> None:
    client, keys = site
    before = preflight(client, PAGE)

    issued = keys.create(SHOP, CreateKey(name="page", kind="publishable", origins=(PAGE,)))
    sent = {"Origin": PAGE, "Authorization": f"Bearer {issued.secret}", "X-Zhanggui-Visitor": "v1"}
    during = preflight(client, PAGE)
    answer = client.get(POPULAR, headers=sent)
    keys.revoke(SHOP, issued.key.id)

    assert (before, during, preflight(client, PAGE)) == (None, PAGE, None)
    assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (200, PAGE)


def test_an_origin_ends_with_the_last_key_that_lists_it(
    site: tuple[TestClient[FrontedApp], Keys], clock: FixedClock
) -> None:
    client, keys = site
    for days in (1, 3):
        ends = clock() + timedelta(days=days)
        keys.create(SHOP, CreateKey(name="page", kind="publishable", origins=(PAGE,), expires_at=ends))

    clock.advance(days=2)
    while_one_is_in_force = preflight(client, PAGE)
    clock.advance(days=2)

    assert (while_one_is_in_force, preflight(client, PAGE)) == (PAGE, None)


def test_origins_of_the_settings_and_strangers_are_as_before(site: tuple[TestClient[FrontedApp], Keys]) -> None:
    client, keys = site
    keys.create(SHOP, CreateKey(name="server", scopes=("shop:read",), origins=("https://service.example",)))

    origins = (LISTED, "https://service.example", f"{LISTED}.evil")
    assert [preflight(client, origin) for origin in origins] == [LISTED, None, None]
