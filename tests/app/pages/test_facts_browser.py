"""The pages of facts in a real browser: found by Ctrl K and arrows, shown by a finger, nothing left behind."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from tests.app.builders import SHOP, an_installation
from tests.app.conftest import MAIN, _wait, free_port
from tests.shop.builders import CONTRACT, a_line, a_product, an_offer, an_order

from zhanggui.app.build import open_control, open_rooms
from zhanggui.shop import Customer, Event, EventName, Identifiers

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
BASE = f"/console/{SHOP}"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, dict[str, str]]]:
    """A served shop with one customer, and the cookies of its owner."""
    settings = an_installation(tmp_path_factory.mktemp("facts-browser"))
    with open_rooms(SHOP, settings) as rooms:
        rooms.catalogue.put_products([a_product(f"tea-{n}", title=f"绿茶{n}", keywords=("绿茶",)) for n in range(6)])
        rooms.catalogue.put_offers([an_offer(f"tea-{n}", on_hand=5) for n in range(6)])
        who = Identifiers(name="林若溪", phone="13812341234")
        rooms.people.put_customers([Customer(id="c-lin", identifiers=who)], CONTRACT)
        rooms.orders.put_orders([an_order("o-1", customer_id="c-lin", lines=[a_line("tea-3")])], CONTRACT)
        rooms.events.accept([Event(id="e1", name=EventName.VIEW_ITEM, customer_id="c-lin", product_id="tea-1")])
    with open_control(settings) as control:
        control.users.add("owner", roles={SHOP: "owner"})
        token = control.users.login_link("owner").rpartition("/")[2]
        session = control.users.login_by_link(token)
    port = free_port()
    environ = {name: value for name, value in os.environ.items() if not name.startswith("ZHANGGUI_")}
    log = Path(settings.home) / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-c", MAIN, "serve", "--port", str(port), "--workers", "1"],
            env=environ | {"ZHANGGUI_HOME": str(settings.home)},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(address, process, log)
        yield address, {"name": "zg_session", "value": session.token, "url": address}
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield opened
        opened.close()


@pytest.fixture(params=[1280, 390], ids=["wide", "by touch"])
def page(request: pytest.FixtureRequest, browser: Browser, site: tuple[str, dict[str, str]]) -> Iterator[Page]:
    address, cookie = site
    context = browser.new_context(
        base_url=address,
        locale="en",
        viewport={"width": request.param, "height": 900},
        has_touch=request.param < 500,
    )
    context.add_cookies([cookie])  # type: ignore[list-item]
    yield context.new_page()
    context.close()


def press(page: Page, name: str) -> None:
    button = page.get_by_role("button", name=name, exact=True)
    if page.viewport_size is not None and page.viewport_size["width"] < 500:
        button.tap()
    else:
        button.click()


def test_no_column_of_customers_is_cut_on_a_phone(page: Page) -> None:
    page.goto(f"{BASE}/customers")
    expect(page.get_by_role("columnheader", name="Last order")).to_be_visible()

    held = page.locator(".table-scroll").evaluate("box => [box.scrollWidth, box.clientWidth]")

    assert held[0] <= held[1]


def test_who_a_customer_is_shows_for_a_reason_and_is_gone_with_the_next_view(page: Page) -> None:
    page.goto(f"{BASE}/customers/c-lin")
    expect(page.get_by_text("138****1234")).to_be_visible()

    press(page, "Show in full")
    page.get_by_label("Reason").select_option("delivery")
    press(page, "Show this once")

    expect(page.get_by_text("13812341234")).to_be_visible()
    page.goto(f"{BASE}/customers/c-lin")
    expect(page.get_by_text("13812341234")).to_have_count(0)


def test_the_finder_is_walked_through_by_keys(page: Page) -> None:
    page.goto(f"{BASE}/products")

    page.keyboard.press("Control+k")
    page.get_by_role("searchbox", name="Products, customers, orders, proposals").fill("tea-3")
    expect(page.locator("#finder a.find")).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(rf"{BASE}/products/tea-3$"))


def test_a_shopper_s_shelf_is_chosen_and_explained(page: Page) -> None:
    page.goto(f"{BASE}/recommendations")
    page.get_by_label("Customer or visitor id begins with").fill("c-l")
    press(page, "Find")
    page.get_by_role("link", name="c-lin").click()

    expect(page.get_by_role("heading", name="The shelf")).to_be_visible()
    expect(page.locator("details.grounds[open] dt").first).to_be_visible()
