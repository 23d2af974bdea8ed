"""Deciding in a real browser: by mouse and by keyboard at 1280, by touch at 390, and without JavaScript."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

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
WIDE: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}
TOUCH: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
DECIDED = re.compile(r"[?&]done=")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def login(browser: Browser, server: RunningServer) -> Any:
    """The state of a browser that the owner has logged in with."""
    with open_control(Settings(home=server.home)) as control:
        control.users.add("inbox-owner", roles={SHOP: "owner"})
        link = control.users.login_link("inbox-owner")
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{server.address}/login/link/{link.rsplit('/', 1)[-1]}")
    page.click("button[type=submit]")
    page.wait_for_url("**/console**")
    state = context.storage_state()
    context.close()
    return state


@dataclass
class Waiting:
    """Two proposals that wait, the one opened and the one after it."""

    page: Page
    server: RunningServer
    first: str
    second: str

    def open(self) -> None:
        self.page.goto(f"{self.server.address}/console/{SHOP}/inbox/{self.first}?lang=en")

    def state(self, proposal_id: str) -> str:
        with self.server.client() as client:
            return str(client.get(f"/proposals/{proposal_id}").json()["state"])

    def change(self, proposal_id: str) -> Any:
        with self.server.client() as client:
            return client.get(f"/proposals/{proposal_id}").json()["change"]


@pytest.fixture
def waiting(browser: Browser, server: RunningServer, login: Any) -> Iterator[Callable[..., Waiting]]:
    """Opens the first of two new proposals in a browser of some kind; what is left open is rejected at the end."""
    contexts, made = [], []

    def opened(**kind: Any) -> Waiting:
        context = browser.new_context(storage_state=login, locale="en", **kind)
        contexts.append(context)
        ids = [_propose(server, gain) for gain in (90_000, 80_000)]
        made.extend(ids)
        desk = Waiting(context.new_page(), server, *ids)
        desk.open()
        return desk

    yield opened
    for context in contexts:
        context.close()
    with server.client() as client:
        for proposal_id in made:
            client.post(f"/proposals/{proposal_id}/reject", json={"reason": {"code": "test_is_over"}})


def _propose(server: RunningServer, gain: int) -> str:
    tea = new_id()
    effect = {"amount_minor": gain, "low_minor": gain - 100, "high_minor": gain + 100, "currency": "CNY"}
    draft = {
        "kind": "shop.reprice_offer",
        "subject": tea,
        "change": {"price_minor": 9000},
        "reason": {"code": "slow_seller"},
        "author": {"kind": "model", "name": "pricing", "version": "1"},
        "effect": effect,
    }
    with server.client() as client:
        client.put("/products", json=[{"id": tea, "texts": {"en": {"title": f"Tea {tea}"}}}]).raise_for_status()
        client.put("/offers", json=[{"product_id": tea, "price_minor": 10_000}]).raise_for_status()
        answer = client.post("/proposals", json=[draft])
        answer.raise_for_status()
        return str(answer.json()[0]["id"])


@pytest.mark.parametrize("kind", [WIDE, WIDE | {"java_script_enabled": False}], ids=["mouse", "without JavaScript"])
def test_the_mouse_approves_undoes_edits_and_rejects(waiting: Callable[..., Waiting], kind: dict[str, Any]) -> None:
    desk = waiting(**kind)
    page = desk.page

    page.get_by_role("button", name="Approve").click()
    page.wait_for_url(DECIDED)
    assert (desk.state(desk.first), desk.second in page.url) == ("applied", True)
    page.locator(".toast").get_by_role("button", name="Undo").click()
    page.wait_for_url(re.compile("done=undone"))
    assert desk.state(desk.first) == "undone"

    page.goto(page.url.replace(desk.first, desk.second).partition("?")[0])
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("Selling price").fill("95.50")
    page.get_by_role("button", name="Save and check again").click()
    page.wait_for_url(re.compile("done=edited"))
    assert desk.change(desk.second)["price_minor"] == 9550

    page.locator(".actionbar").get_by_role("button", name="Reject").click()
    page.get_by_label("The facts are wrong").check()
    page.get_by_role("dialog").get_by_role("button", name="Reject").click()
    page.wait_for_url(re.compile("done=rejected"))
    assert desk.state(desk.second) == "rejected"


def test_the_keyboard_does_it_all(waiting: Callable[..., Waiting]) -> None:
    desk = waiting(**WIDE)
    page = desk.page

    page.keyboard.press("?")
    keys = page.locator("dialog#keys")
    expect(keys).to_be_visible()
    page.keyboard.press("Escape")
    expect(keys).to_be_hidden()
    page.keyboard.press("j")
    page.wait_for_url(f"**/{desk.second}**")
    page.keyboard.press("k")
    page.wait_for_url(f"**/{desk.first}**")
    page.keyboard.press("a")
    page.wait_for_url(re.compile("done=approved"))
    assert desk.state(desk.first) == "applied"
    page.keyboard.press("u")
    page.wait_for_url(re.compile("done=undone"))
    assert desk.state(desk.first) == "undone"
    page.goto(page.url.replace(desk.first, desk.second).partition("?")[0])
    page.keyboard.press("e")
    page.wait_for_url("**/edit")
    page.get_by_label("Selling price").fill("91.00")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("done=edited"))
    assert desk.change(desk.second)["price_minor"] == 9100
    page.keyboard.press("r")
    page.get_by_label("In your words").fill("not at this price")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("done=rejected"))
    assert desk.state(desk.second) == "rejected"


def test_a_key_in_a_field_is_a_letter_and_presses_nothing(waiting: Callable[..., Waiting]) -> None:
    desk = waiting(**WIDE)

    desk.page.keyboard.press("r")
    desk.page.get_by_label("In your words").press_sequentially("a year ago")

    assert desk.state(desk.first) == "proposed"


def test_a_finger_finds_list_and_item_as_two_views_and_decides(waiting: Callable[..., Waiting]) -> None:
    desk = waiting(**TOUCH)
    page = desk.page

    expect(page.locator(".inbox-list")).to_be_hidden()
    page.locator(".inbox-nav").get_by_role("link", name="All").tap()
    expect(page.locator(".inbox-item")).to_be_hidden()
    page.locator(f'.inbox-list a[href*="{desk.first}"]').tap()
    bar = page.locator(".actionbar")
    for button in bar.locator(".btn").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= 44
    bar.get_by_role("button", name="Approve").tap()
    page.wait_for_url(re.compile("done=approved"))
    assert desk.state(desk.first) == "applied"
    page.locator(".toast").get_by_role("button", name="Undo").tap()
    page.wait_for_url(re.compile("done=undone"))
    assert desk.state(desk.first) == "undone"
    page.goto(page.url.replace(desk.first, desk.second).partition("?")[0])
    page.locator(".actionbar").get_by_role("link", name="Edit").tap()
    page.get_by_label("Selling price").fill("92.00")
    page.get_by_role("button", name="Save and check again").tap()
    page.wait_for_url(re.compile("done=edited"))
    page.locator(".actionbar").get_by_role("button", name="Reject").tap()
    page.get_by_role("dialog").get_by_role("button", name="Reject").tap()
    page.wait_for_url(re.compile("done=rejected"))
    assert (desk.change(desk.second)["price_minor"], desk.state(desk.second)) == (9200, "rejected")
