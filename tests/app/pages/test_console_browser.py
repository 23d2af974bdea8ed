"""Lists, ledger, models and settings in a real browser, in both languages, by mouse and by touch."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright
from tests.app.builders import SHOP
from tests.app.conftest import RunningServer

from zhanggui.app.build import open_control, open_rooms
from zhanggui.kernel.ids import new_id
from zhanggui.kernel.settings import Settings
from zhanggui.shop import Product, ProductText
from zhanggui.trust import Author, ProposalDraft, Rationale

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
WAIT_MS = 30_000
BASE = f"/console/{SHOP}"


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
    """The server, whose shop has two teas of which one was labelled."""
    with open_rooms(SHOP, Settings(home=server.home)) as rooms:
        teas = [Product(id=f"console-{n}", texts={"zh": ProductText(title=f"茶{n}")}) for n in (1, 2)]
        rooms.catalogue.put_products(teas)
        draft = ProposalDraft(
            kind="shop.label_product",
            subject="console-1",
            change={"labels": [{"label": "新茶"}]},
            reason=Rationale(code="new"),
            author=Author(name="li"),
        )
        [proposal] = rooms.proposals.propose([draft])
        rooms.proposals.approve(proposal.id, "local:test")
    return server


def opened(
    browser: Browser, server: RunningServer, *, width: int, language: str, role: str = "owner"
) -> Iterator[Page]:
    """A page of somebody with a role, who is logged in; by touch where it is narrow."""
    account = f"{role}-{new_id().lower()[-8:]}"
    with open_control(Settings(home=server.home)) as control:
        control.users.add(account, roles={SHOP: role})
        link = control.users.login_link(account)
    context = browser.new_context(
        viewport={"width": width, "height": 900}, has_touch=width < 500, locale=language, base_url=server.address
    )
    page = context.new_page()
    page.set_default_timeout(WAIT_MS)
    expect.set_options(timeout=WAIT_MS)
    page.goto(f"/login/link/{link}")
    page.locator("button[type=submit]").click()
    page.wait_for_url("**/console**")  # else what is opened next races the login for the page
    yield page
    context.close()


@pytest.fixture(params=[(1280, "zh-CN"), (390, "en-GB")], ids=["wide and Chinese", "narrow and English"])
def page(request: pytest.FixtureRequest, browser: Browser, shop: RunningServer) -> Iterator[Page]:
    width, language = request.param
    yield from opened(browser, shop, width=width, language=language)


@pytest.fixture
def list_page(browser: Browser, shop: RunningServer) -> Iterator[Page]:
    for page in opened(browser, shop, width=1280, language="en-GB"):
        page.goto(f"{BASE}/products?q=console-")
        yield page


def words(page: Page, chinese: str, english: str) -> str:
    """What the page says in its language."""
    return chinese if page.locator("html").get_attribute("lang") == "zh-Hans" else english


def fits(page: Page) -> bool:
    """Whether nothing makes the page scroll sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_the_ledger_is_narrowed_opened_and_verified(page: Page) -> None:
    page.goto(f"{BASE}/ledger?subject=console-1")
    expect(page.locator(".timeline")).to_contain_text(words(page, "改动已生效", "Change applied"))
    assert fits(page)

    page.locator(".timeline a.link.num").first.click()
    expect(page).to_have_url(re.compile(r"/ledger/\d+$"))
    page.goto(f"{BASE}/ledger/verify")
    page.locator("#main form button[type=submit]").first.click()
    expect(page.locator("#main")).to_contain_text(words(page, "完好", "Intact"))
    assert fits(page)


def test_models_and_settings_stand_in_the_readers_language(page: Page) -> None:
    page.goto(f"{BASE}/models")
    expect(page.locator("h1")).to_have_text(words(page, "模型", "Models"))
    assert fits(page)

    page.goto(f"{BASE}/settings")
    expect(page.locator("h1")).to_have_text(words(page, "设置", "Settings"))
    page.locator(".tabs a").nth(1).click()
    expect(page.locator(".tabs [aria-current=page]")).to_have_count(1)
    assert fits(page)


def test_a_list_shows_skeletons_until_its_rows_are_there_and_keeps_its_address(list_page: Page) -> None:
    held: list[Route] = []
    list_page.evaluate("window.isSamePage = true")
    list_page.route("**/products?*sort=title*", lambda route: held.append(route))

    list_page.get_by_role("link", name="Product", exact=True).click()

    expect(list_page.locator("#main")).to_have_attribute("aria-busy", "true")
    expect(list_page.locator("tbody td").first).to_have_css("color", "rgba(0, 0, 0, 0)")
    held[0].continue_()
    expect(list_page.locator("th[aria-sort=ascending]")).to_be_visible()
    expect(list_page.locator("#main")).not_to_have_attribute("aria-busy", "true")
    expect(list_page).to_have_url(re.compile("sort=title"))
    assert list_page.evaluate("window.isSamePage")
    list_page.go_back()
    expect(list_page.locator("th[aria-sort=ascending]")).to_have_count(0)


def test_a_list_that_gets_no_answer_says_so_and_keeps_its_rows(list_page: Page) -> None:
    list_page.route("**/products?*sort=title*", lambda route: route.abort())

    list_page.get_by_role("link", name="Product", exact=True).click()

    expect(list_page.get_by_role("alert")).to_contain_text("did not answer")
    expect(list_page.locator("tbody tr")).to_have_count(2)
    list_page.unroute_all()
    list_page.get_by_role("link", name="Try again").click()
    expect(list_page.locator("th[aria-sort=ascending]")).to_be_visible()


@pytest.mark.parametrize("is_answered", [True, False], ids=["an error", "no answer"])
def test_whom_a_product_suits_is_not_waited_for_when_nothing_comes(page: Page, is_answered: bool) -> None:
    def fails(route: Route) -> None:
        if is_answered:
            route.fulfill(status=503, content_type="text/html", body="<p>busy</p>")
        else:
            route.abort()

    page.route("**/audience?*now=1", fails)
    page.goto(f"{BASE}/products/console-1/audience")

    told = page.locator("#now [role=alert]")
    expect(told).to_contain_text(words(page, "没有查到适合谁", "did not answer whom it suits"))
    expect(page.locator("#now .skeleton")).to_have_count(0)
    expect(page.locator("#now[aria-busy]")).to_have_count(0)
    assert fits(page)
    expect(told.locator("a")).to_have_attribute("href", "?now=1")


def test_an_auditor_verifies_the_ledger_and_sees_no_shopper(browser: Browser, shop: RunningServer) -> None:
    for page in opened(browser, shop, width=1280, language="en-GB", role="auditor"):
        page.goto(f"{BASE}/ledger?subject=console-1")
        expect(page.locator(".timeline")).to_contain_text("Change applied")
        page.goto(f"{BASE}/ledger/verify")

        page.locator("#main form button[type=submit]").first.click()

        expect(page.locator("#main")).to_contain_text("Intact")
        assert page.goto(f"{BASE}/customers").status == 403  # type: ignore[union-attr]


def test_an_analyst_reads_figures_and_is_refused_the_page_of_a_person(browser: Browser, shop: RunningServer) -> None:
    for page in opened(browser, shop, width=1280, language="en-GB", role="analyst"):
        page.goto(f"{BASE}/figures")
        expect(page.locator("h1")).to_be_visible()
        expect(page.locator("nav a[href$='/customers']")).to_have_count(0)

        for path in ("/profile?customer=u1", "/customers/u1", "/customers"):
            answer = page.goto(f"{BASE}{path}")

            assert answer is not None
            assert answer.status == 403, path
