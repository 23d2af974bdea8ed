"""Rules and promotions in a browser: a rule is tried, let stand, and taken back, wide and narrow."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from tests.app.builders import SHOP
from tests.app.conftest import RunningServer
from tests.recommend.builders import a_tea

from zhanggui.app.build import open_control, open_rooms
from zhanggui.kernel.ids import new_id
from zhanggui.kernel.settings import Settings

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
WAIT_MS = 30_000

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(params=[(1280, "zh-CN"), (390, "en-GB")], ids=["wide and Chinese", "narrow and English"])
def page(request: pytest.FixtureRequest, browser: Browser, server: RunningServer) -> Iterator[Page]:
    width, language = request.param
    account = f"owner-{new_id().lower()[-8:]}"
    with open_rooms(SHOP, Settings(home=server.home)) as rooms:
        rooms.catalogue.put_products([a_tea(f"ruled-{n}", brand="山") for n in range(6)])
    with open_control(Settings(home=server.home)) as control:
        control.users.add(account, roles={SHOP: "owner"})
        link = control.users.login_link(account)
    context = browser.new_context(viewport={"width": width, "height": 900}, locale=language, base_url=server.address)
    page = context.new_page()
    page.set_default_timeout(WAIT_MS)
    expect.set_options(timeout=WAIT_MS)
    page.goto(f"/login/link/{link}")
    page.locator("button[type=submit]").click()
    page.wait_for_url("**/console**")  # else what is opened next races the login for the page
    yield page
    context.close()


def test_a_rule_is_tried_then_stands_then_is_taken_back(page: Page) -> None:
    page.goto(f"/console/{SHOP}/rules")
    page.locator("#rule-kind").select_option("pin")
    page.locator("#rule-target").fill('id = "ruled-5"')
    page.locator("#rule-value").fill("1")
    page.locator("button[value=try]").click()
    expect(page.locator("tbody tr").first.locator("td").nth(1)).to_contain_text("ruled-5")
    expect(page.locator("tbody tr").first.locator(".badge")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    page.locator("button[value=save]").click()
    expect(page.locator("[aria-labelledby=h-rules] code")).to_have_text('id = "ruled-5"')
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.locator(".toast button").click()

    expect(page).to_have_url(re.compile("done=undone"))
    expect(page.locator("[aria-labelledby=h-rules] code")).to_have_count(0)
