"""A shopper reads what the shop thinks of them in a real browser, removes a thought, and sees other picks."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from tests.app.builders import SHOP
from tests.app.conftest import RunningServer

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def shop(server: RunningServer) -> str:
    """The address of a shop with two kinds of teas."""
    goods = [
        {"id": f"th-{n}", "texts": {"zh": {"title": f"茶 {n} 号"}, "en": {"title": f"Tea no. {n}"}},
         "category": ["茶", "黄茶" if n < 4 else "黑茶"]}
        for n in range(12)
    ]  # fmt: skip
    goods += [
        {"id": f"wl-{n}", "texts": {"zh": {"title": "乌龙"}}, "keywords": ["乌龙"], "category": ["茶", "乌龙"]}
        for n in range(24)
    ]
    offers = [{"product_id": one["id"], "price_minor": 1000 + 8000 * (n % 3 == 1), "on_hand": 9}
              for n, one in enumerate(goods)]  # fmt: skip
    with server.client() as client:
        assert client.put("/products", json=goods).status_code == 200
        assert client.put("/offers", json=offers).status_code == 200
    return f"{server.address}/shop/{SHOP}"


def picks(page: Page, shop: str) -> list[str | None]:
    page.goto(shop)
    return [one.get_attribute("data-id") for one in page.locator("#shelf-home .good[data-id]").all()]


@pytest.mark.parametrize(("width", "has_script"), [(1280, True), (390, False)])
def test_a_removed_thought_changes_the_picks(browser: Browser, shop: str, width: int, has_script: bool) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 844}, java_script_enabled=has_script, locale="zh-CN"
    )
    page = context.new_page()
    for n in range(3):
        page.goto(f"{shop}/p/th-{n}")
    before = picks(page, shop)
    page.goto(f"{shop}/me/profile")
    thought = page.locator("li.thought").filter(has=page.get_by_text("黄茶", exact=True))
    for part in page.locator("details.fold:not([open])").filter(has=thought).all():
        part.locator("summary").first.click()

    thought.get_by_role("button", name="移除").click()

    expect(page.get_by_role("status").filter(has_text="已生效")).to_be_visible()
    expect(thought).to_have_count(0)
    assert picks(page, shop) != before
    page.goto(f"{shop}/me/profile")
    wide = page.evaluate("document.documentElement.scrollWidth") if has_script else width
    assert wide <= width
    context.close()


def test_a_removed_tag_changes_the_picks(browser: Browser, shop: str) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 844}, java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{shop}/p/wl-0")
    page.locator(".buy-acts button[name=now]").click()
    page.get_by_role("button", name="下单").click()
    page.wait_for_url("**/orders/**")  # else what is opened next may come before the order
    for n in range(1, 15):
        page.goto(f"{shop}/p/wl-{n}")
    before = picks(page, shop)
    assert page.get_by_text("你爱货比三家").count() > 0
    page.goto(f"{shop}/me/profile")
    tag = page.locator("li.thought").filter(has=page.get_by_role("heading", name="货比三家", exact=True))

    tag.get_by_role("button", name="移除").click()

    expect(tag).to_have_count(0)
    assert picks(page, shop) != before
    assert page.get_by_text("你爱货比三家").count() == 0
    page.goto(f"{shop}/me/profile")
    page.locator("#said summary").click()
    page.locator("button[value=undo]").click()
    assert picks(page, shop) == before
    context.close()
