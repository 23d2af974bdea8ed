"""Today in a real browser: why a figure changed, the chart read off, the way to a decision; mouse and touch."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from tests.app.builders import SHOP
from tests.app.conftest import RunningServer

from zhanggui.app.build import open_control, open_rooms
from zhanggui.kernel.ids import new_id
from zhanggui.kernel.settings import Settings
from zhanggui.shop import LegalBasis, Order, OrderLine, Product, ProductText
from zhanggui.trust import Author, Effect, ProposalDraft, Rationale

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
WAIT_MS = 60_000
SHIFTS = """() => new Promise((done) => new PerformanceObserver((list) =>
  done(list.getEntries().reduce((sum, entry) => sum + entry.value, 0))).observe({type: "layout-shift", buffered: true})
  || requestAnimationFrame(() => requestAnimationFrame(() => done(0))))"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def shop(server: RunningServer) -> RunningServer:
    """The server, whose shop has sold today and a week ago and has something to decide."""
    with open_rooms(SHOP, Settings(home=server.home)) as rooms:
        now, mark = rooms.clock(), new_id()[-6:]
        rooms.catalogue.put_products([Product(id=f"today-{mark}", texts={"zh": ProductText(title="白牡丹")})])
        orders = [
            Order(
                id=f"{mark}-{day}-{n}",
                at=now - timedelta(days=day, seconds=n),
                lines=(OrderLine(id="1", product_id=f"today-{mark}", quantity=1, unit_price_minor=8_800),),
            )
            for day, count in ((0, 14), (7, 6))
            for n in range(count)
        ]
        rooms.orders.put_orders(orders, LegalBasis(kind="contract"))
        draft = ProposalDraft(
            kind="shop.label_product",
            subject=f"today-{mark}",
            change={"labels": [{"label": "新茶"}]},
            reason=Rationale(code="new"),
            author=Author(name="lin"),
            effect=Effect(amount_minor=10**9, low_minor=10**9, high_minor=10**9, currency="CNY"),
        )
        rooms.proposals.propose([draft])
    return server


@pytest.fixture(params=[1280, 390], ids=["with a mouse at 1280", "by touch at 390"])
def page(request: pytest.FixtureRequest, browser: Browser, shop: RunningServer) -> Iterator[Page]:
    yield from _opened(browser, shop, width=request.param, has_scripts=True)


@pytest.fixture
def plain_page(browser: Browser, shop: RunningServer) -> Iterator[Page]:
    """The same without JavaScript."""
    yield from _opened(browser, shop, width=1280, has_scripts=False)


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
    page.goto(f"/console/{SHOP}")
    yield page
    context.close()


def test_a_merchant_asks_why_reads_the_chart_and_goes_to_the_decision(page: Page) -> None:
    size = page.viewport_size
    is_touch = size is not None and size["width"] < 500

    def press(selector: str) -> None:
        chosen = page.locator(selector).first
        chosen.tap() if is_touch else chosen.click()

    press("button[popovertarget=why-sales]")
    why = page.locator("#why-sales")
    expect(why).to_be_visible()
    expect(why).to_contain_text("订单数")
    page.keyboard.press("Escape")

    plot = page.locator("[data-chart][data-drawn]")
    expect(plot).to_be_attached()
    plot.scroll_into_view_if_needed()
    plot.tap() if is_touch else plot.hover()
    expect(page.locator("[data-chart-read]")).to_have_text(re.compile(r"\d\d:\d\d · .*¥"))

    press("section[aria-labelledby=h-decide] a.cover")
    expect(page).to_have_url(re.compile(r"/inbox/"))


def test_on_a_phone_decisions_come_before_the_chart(browser: Browser, shop: RunningServer) -> None:
    for page in _opened(browser, shop, width=390, has_scripts=True):
        decisions = page.locator("[aria-labelledby=h-decide]").bounding_box()
        chart = page.locator("section[aria-labelledby=h-sales]").bounding_box()
        assert decisions is not None
        assert chart is not None
        assert decisions["y"] < chart["y"]


def test_nothing_shifts_when_the_chart_is_drawn(page: Page) -> None:
    page.locator("[data-drawn]").wait_for(state="attached")

    assert page.evaluate(SHIFTS) <= 0.02


def test_the_chart_is_drawn_anew_when_the_theme_changes(browser: Browser, shop: RunningServer) -> None:
    for page in _opened(browser, shop, width=1280, has_scripts=True):
        page.locator("[data-drawn]").wait_for(state="attached")
        picture = "document.querySelector('.chart-live canvas').toDataURL()"
        before = page.evaluate(picture)

        page.emulate_media(color_scheme="dark")

        page.wait_for_function(f"(before) => {picture} !== before", arg=before)


def test_without_scripts_the_servers_own_drawing_and_the_table_stand(plain_page: Page) -> None:
    expect(plain_page.locator(".plot-area svg .line")).to_be_attached()
    plain_page.locator(".chart-table summary").click()

    expect(plain_page.locator(".chart-table table")).to_be_visible()
    assert plain_page.locator(".chart-table tbody tr").count() >= 49
