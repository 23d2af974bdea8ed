"""All pages of a running shop, found by their links and opened once: the look, axe-core, no link that leads nowhere."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from bench.crawling import Crawl, crawl, words_of
from tests.app.builders import an_installation
from tests.app.conftest import MAIN, _wait, free_port
from tests.app.pages.look_shop import SHOP, furnish, walked
from tests.app.pages.looking import AXE, LOOK, probes

from zhanggui.app.build import open_control, open_rooms
from zhanggui.app.site import create_app
from zhanggui.kernel.settings import FeatureSettings

pytestmark = [pytest.mark.browser, pytest.mark.endure, pytest.mark.timeout(900)]
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
IS_WHOLE = int(os.environ.get("ZHANGGUI_ROUNDS", "3")) >= 20
"""`make endure` looks at every page in every state, `make test` at each in two of the eight: one wide, one narrow; one
light, one dark; one Chinese, one English. Which two goes round from page to page: a state is seen on a quarter."""
VIEWS = ((1280, "light"), (1280, "dark"), (390, "light"), (390, "dark"))
"""The last is the opposite of the first, the third of the second."""
STATES = [(language, view) for language in ("zh", "en") for view in VIEWS]
if IS_WHOLE:
    STATES += [("en", (768, "light")), ("en", (320, "light"))]


@dataclass(frozen=True)
class Site:
    address: str
    cookies: dict[str, str]
    crawl: Crawl
    state: Path


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A small simulated shop, trained and served, with segments that it learned, and its owner logged in."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    folder = tmp_path_factory.mktemp("look")
    settings = an_installation(folder, SHOP, features=FeatureSettings(tour=True))
    with open_rooms(SHOP, settings) as rooms:
        furnished = furnish(rooms)
    with open_control(settings) as control:
        control.users.add("owner", roles={"*": "owner"})
        link, unused_link = control.users.login_link("owner"), control.users.login_link("owner")
    port = free_port()
    environ = {name: value for name, value in os.environ.items() if not name.startswith("ZHANGGUI_")}
    with (settings.home / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", MAIN, "serve", "--port", str(port), "--workers", "1"],
            env=environ | {"ZHANGGUI_HOME": str(settings.home), "ZHANGGUI_FEATURES__TOUR": "true"},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, process, settings.home / "server.log")
        words = words_of(route.path for route in create_app(settings).routes)
        with httpx.Client(base_url=address, follow_redirects=True, timeout=60, trust_env=False) as client:
            client.post(f"/login/link/{link}").raise_for_status()
            unlinked = walked(client, furnished, unused_link)
            found = crawl(client, ("/console/demo", "/shop/demo", *unlinked), words)
            cookies = dict(client.cookies)
        state = folder / "state.json"
        held = [{"name": n, "value": v, "domain": "127.0.0.1", "path": "/"} for n, v in cookies.items()]
        state.write_text(json.dumps({"cookies": held, "origins": []}))
        yield Site(address, cookies, found, state)
    finally:
        process.terminate()
        process.wait(30)


def test_no_link_leads_nowhere(site: Site) -> None:
    assert site.crawl.broken == ()
    assert len(site.crawl.pages) > 10


@pytest.mark.parametrize(("language", "view"), STATES, ids=str)
def test_every_page_keeps_to_the_look_and_axe_has_nothing_serious_to_say(
    site: Site, language: str, view: tuple[int, str], capsys: pytest.CaptureFixture[str]
) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed: npm ci --prefix tests/app/pages/axe")
    addresses = {page: f"{site.address}{page}?lang={language}" for page in _looked_at(site.crawl.pages, language, view)}

    findings = LOOK.pages(addresses, str(site.state), (view,), probes(language), scripts=(AXE,))

    assert findings == 0, capsys.readouterr().out[-6000:]


def _looked_at(pages: Sequence[str], language: str, view: tuple[int, str]) -> Sequence[str]:
    if IS_WHOLE:
        return pages
    place = VIEWS.index(view)
    return pages[place if language == "zh" else len(VIEWS) - 1 - place :: len(VIEWS)]


@pytest.mark.skipif(IS_WHOLE, reason="all pages are looked at in all states")
def test_each_page_is_looked_at_wide_and_narrow_light_and_dark_in_both_languages() -> None:
    pages = [str(number) for number in range(7)]
    seen = {page: [one for one in STATES if page in _looked_at(pages, *one)] for page in pages}

    for states in seen.values():
        (first, (width, scheme)), (second, (other_width, other_scheme)) = states
        assert (first, second) == ("zh", "en")
        assert width != other_width
        assert scheme != other_scheme
    assert {state for states in seen.values() for state in states} == set(STATES)
