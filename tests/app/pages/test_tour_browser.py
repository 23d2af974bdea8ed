"""The tour from its first page to its last in a real browser: both languages, with a mouse at 1280, by touch at 390."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright
from tests.app.conftest import MAIN, _wait, free_port
from tests.app.pages.looking import AXE, probes
from tests.app.pages.tour_shop import a_tour_shop

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
WAIT_MS = 30_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real server that shows the tour."""
    settings, port = a_tour_shop(tmp_path_factory.mktemp("tour")), free_port()
    environ = {name: value for name, value in os.environ.items() if not name.startswith("ZHANGGUI_")}
    environ |= {"ZHANGGUI_HOME": str(settings.home), "ZHANGGUI_FEATURES__TOUR": "true"}
    log = settings.home / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-c", MAIN, "serve", "--port", str(port), "--workers", "1"],
            env=environ,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    found = f"http://127.0.0.1:{port}"
    try:
        _wait(found, process, log)
        yield found
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture(
    params=[
        ("zh-CN", 1280, True),
        ("en-GB", 1280, True),
        ("zh-CN", 390, True),
        ("en-GB", 390, True),
        ("zh-CN", 390, False),
    ],
    ids=["zh at 1280", "en at 1280", "zh by touch", "en by touch", "zh by touch without scripts"],
)
def page(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    locale, width, has_scripts = request.param
    context = browser.new_context(
        viewport={"width": width, "height": 844},
        has_touch=width < 500,
        is_mobile=width < 500,
        locale=locale,
        java_script_enabled=has_scripts,
        base_url=address,
        reduced_motion="reduce",
    )
    if has_scripts and AXE.exists():
        context.add_init_script(path=AXE)
    opened = context.new_page()
    opened.set_default_timeout(WAIT_MS)
    yield opened
    context.close()


def press(page: Page, place: Locator) -> None:
    """As a person does: with a finger on a phone, else with the mouse."""
    size = page.viewport_size
    if size is not None and size["width"] < 500:
        place.tap()
    else:
        place.click()


def looks_right(page: Page) -> None:
    """The look and axe have nothing to say in states that no link leads to either; nothing is left in English."""
    if page.evaluate("Boolean(window.axe)"):
        language = "zh" if page.locator("html").get_attribute("lang") == "zh-Hans" else "en"
        assert [line for probe in probes(language) for line in probe(page)] == []


def fits(page: Page) -> None:
    """No page is wider than the window."""
    size = page.viewport_size
    box = page.locator("main").bounding_box()
    assert size is not None
    assert box is not None
    assert box["x"] + box["width"] <= size["width"]


def test_the_tour_from_its_first_page_to_its_last(page: Page) -> None:
    expect.set_options(timeout=WAIT_MS)
    page.goto("/tour")
    fits(page)

    press(page, page.locator("h2 a").nth(0))
    see_it_learn(page)

    page.goto("/tour")
    press(page, page.locator("h2 a").nth(1))
    look_into_the_sample(page)

    page.goto("/tour")
    press(page, page.locator("h2 a").nth(2))
    cheat(page)


def see_it_learn(page: Page) -> None:
    entries = page.locator("[data-part=history] time")
    for n in range(2):
        press(page, page.locator(".tour-tempting button").nth(n))
        expect(entries).to_have_count(n + 1)
    shelf, ledger = page.locator("li.good h3"), page.locator("[data-part=ledger] li")
    before, reasons = shelf.all_inner_texts(), page.locator("li.good .reason p").all_inner_texts()
    expect(ledger).to_have_count(0)

    press(page, page.locator("form[action$='/less'] button").first)
    taken_back = page.locator("[data-part=profile] form button")
    expect(taken_back).to_be_visible()
    expect(page.locator(".tour-said")).to_have_text(re.compile(r"\d\.\d\s*(ms|毫秒)"))
    assert before[0] not in shelf.all_inner_texts()
    expect(entries).to_have_count(3)
    expect(ledger).to_have_count(1)
    expect(ledger).to_contain_text(before[0])
    assert page.locator("li.good .reason p").all_inner_texts() != reasons
    fits(page)
    looks_right(page)

    press(page, taken_back)
    expect(page.locator("[data-part=profile] .badge")).to_be_visible()
    assert shelf.all_inner_texts() == before
    expect(ledger).to_have_count(2)
    expect(ledger.first).to_contain_text(before[0])
    assert page.locator("li.good .reason p").all_inner_texts() == reasons


def look_into_the_sample(page: Page) -> None:
    press(page, page.locator("form[action$='/sample'] button"))

    for finding in ("soon_out", "dead_stock", "together", "lapsed", "refused"):
        expect(page.locator(f"[data-finding={finding}] .card-body")).not_to_be_empty()
    expect(page.locator("[data-finding=soon_out] .tour-money")).to_have_text("¥36.75")
    fits(page)

    looks_right(page)

    entries, decide = page.locator("[data-part=ledger] li"), page.locator("#decide button")
    for count in (1, 3, 4):  # proposed; approved and applied; undone
        press(page, decide)
        expect(entries).to_have_count(count)
        looks_right(page)


def cheat(page: Page) -> None:
    said = page.locator("[data-part=verify]")
    expect(said.locator(".badge[data-tone=ok]")).to_be_visible()
    expect(page.locator("[data-part=prices] > header .badge[data-tone=ok]")).to_be_visible()
    shelves = page.locator("[data-part=prices] .tour-goods")
    expect(shelves).to_have_count(2)
    assert shelves.nth(0).locator("h4").all_inner_texts() != shelves.nth(1).locator("h4").all_inner_texts()
    fits(page)

    press(page, page.locator("form[action='/tour/cheat'] button"))
    expect(said.locator(".checks li").first).to_contain_text("2")
    looks_right(page)

    press(page, said.locator("form button"))
    expect(said.locator(".badge[data-tone=ok]")).to_be_visible()


def test_a_page_whose_token_has_ended_is_loaded_anew_and_goes_on(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, locale="zh-CN")
    page = context.new_page()
    page.set_default_timeout(WAIT_MS)
    page.goto("/tour/learn")
    context.clear_cookies()  # as a login in another tab does

    with page.expect_navigation():
        page.locator(".tour-tempting button").first.click()
    page.locator(".tour-tempting button").first.click()

    expect(page.locator("[data-part=history] time")).to_have_count(1, timeout=WAIT_MS)
    assert page.locator("li.good h3").count() > 0
    context.close()
