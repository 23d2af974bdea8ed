"""A merchant imports by the wizard and sees the shop: with a mouse at 1280, by touch at 390, in a real browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from tests.app.builders import SHOP
from tests.app.conftest import RunningServer

from zhanggui.app.build import open_control
from zhanggui.kernel.ids import new_id
from zhanggui.kernel.settings import Settings

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
WAIT_MS = 60_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(params=[1280, 390], ids=["with a mouse at 1280", "by touch at 390"])
def page(request: pytest.FixtureRequest, browser: Browser, server: RunningServer) -> Iterator[Page]:
    """The import page, for an owner who has just logged in."""
    yield from _opened(browser, server, width=request.param, has_scripts=True)


@pytest.fixture
def plain_page(browser: Browser, server: RunningServer) -> Iterator[Page]:
    """The same without JavaScript."""
    yield from _opened(browser, server, width=1280, has_scripts=False)


def _opened(browser: Browser, server: RunningServer, *, width: int, has_scripts: bool) -> Iterator[Page]:
    account = f"owner-{new_id().lower()[-8:]}"
    with open_control(Settings(home=server.home)) as control:
        control.users.add(account, roles={SHOP: "owner"})
        link = control.users.login_link(account)
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        has_touch=width < 500,
        locale="zh-CN",
        java_script_enabled=has_scripts,
        base_url=server.address,
    )
    page = context.new_page()
    page.set_default_timeout(WAIT_MS)
    page.goto(f"/login/link/{link}")
    page.locator("button[type=submit]").click()
    page.wait_for_url("**/console**")  # else what is opened next races the login for the page
    page.goto(f"/console/{SHOP}/import")
    yield page
    context.close()


def nasty(folder: Path) -> Path:
    """An export as platforms make them: GB18030, title rows, and four lines that are wrong in four ways."""
    mark = new_id()[-6:]
    rows = ["山月集 商品导出,,,,", "导出时间：2026-11-20,,,,", "货号,品名,售价,库存,产地"]
    rows += [f"{mark}-{n},龙井{n}号,{60 + n}.50,{n},杭州" for n in range(1, 41)]
    rows += [
        f"{mark}-x,坏价格,六十八,3,杭州",
        ",没有货号,68,3,杭州",
        f"{mark}-y,多一格,68,3,杭州,多",
        f"{mark}-z,负价,-5,3,杭州",
    ]
    path = folder / "商品导出.csv"
    path.write_bytes("\r\n".join(rows).encode("gb18030"))
    return path


def press(page: Page, name: str) -> None:
    """Click, or tap where there is no mouse."""
    button = page.get_by_role("button", name=name)
    is_touch = page.evaluate("navigator.maxTouchPoints > 0")
    button.tap() if is_touch else button.click()


def test_a_merchant_imports_by_the_wizard_and_sees_the_shop(page: Page, server: RunningServer, tmp_path: Path) -> None:
    page.set_input_files("#file", nasty(tmp_path))
    press(page, "查看文件")
    expect(page.get_by_role("heading", name="前几行写入后的样子")).to_be_visible()
    page.get_by_label("产地").select_option("attribute:产地")
    expect(page.locator("#preview")).to_contain_text("属性：产地")  # the preview followed without a reload

    press(page, "检查整个文件")
    expect(page.locator(".kpis")).to_contain_text("90.9%")
    for reason in ("不是数字", "必填的地方是空的", "这一行有 6 格，表头只有 5 列", "价格小于零"):
        expect(page.locator("main")).to_contain_text(reason)

    press(page, "导入 40 行")
    expect(page.get_by_role("heading", name="文件已导入店铺。")).to_be_visible(timeout=WAIT_MS)  # by polling alone
    expect(page.locator(".kpis")).to_contain_text("44")
    with server.client() as client:
        assert "龙井40号" in client.get("/products", params={"limit": 200}).text
    page.goto(f"/console/{SHOP}/import")
    expect(page.get_by_role("region", name="导入记录")).to_contain_text("商品导出.csv")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_wizard_works_without_javascript(plain_page: Page, tmp_path: Path) -> None:
    page = plain_page
    page.set_input_files("#file", nasty(tmp_path))
    page.get_by_role("button", name="查看文件").click()
    page.get_by_label("产地").select_option("attribute:产地")
    page.get_by_role("button", name="重新预览").click()
    expect(page.locator("#preview")).to_contain_text("属性：产地")
    page.get_by_role("button", name="检查整个文件").click()
    page.get_by_role("button", name="导入 40 行").click()

    expect(page.get_by_role("heading", name="文件已导入店铺。")).to_be_visible(timeout=WAIT_MS)  # the page loads itself


def test_pressing_import_twice_at_once_imports_once(browser: Browser, server: RunningServer, tmp_path: Path) -> None:
    for page in _opened(browser, server, width=1280, has_scripts=True):
        page.set_input_files("#file", nasty(tmp_path))
        page.get_by_role("button", name="查看文件").dblclick()
        page.get_by_role("button", name="检查整个文件").dblclick()
        page.get_by_role("button", name="导入 40 行").dblclick()

        expect(page.get_by_role("heading", name="文件已导入店铺。")).to_be_visible(timeout=WAIT_MS)
        expect(page.locator(".kpi").nth(1)).to_contain_text("40")
        expect(page.locator("main")).to_contain_text("商品 新增 40")  # once
