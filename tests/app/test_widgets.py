"""The elements in a page of another site, in a real browser; and the page that shows how to put them in."""

from __future__ import annotations

import gzip
import http.server
import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Response, Route, sync_playwright
from tests.app.builders import SHOP, an_installation
from tests.app.conftest import RunningServer

from zhanggui.app.build import open_control, open_rooms
from zhanggui.app.web.assets import FOLDER
from zhanggui.app.widgets.cards import cards_of
from zhanggui.app.widgets.reference import ATTRIBUTES, EVENT_ATTRIBUTES, PARTS, VARIABLES
from zhanggui.app.widgets.showcase import Showcase

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
SOURCE, CONTEST = FOLDER / "zhanggui-widgets.js", FOLDER / "zhanggui-contest.js"
FALLBACK = '<a id="slotted" href="/hot">热卖</a>'


class TestTheScript:
    def test_less_than_twelve_kilobytes_go_over_the_wire(self) -> None:
        assert len(gzip.compress(SOURCE.read_bytes(), 9)) < 6_000
        assert len(gzip.compress(CONTEST.read_bytes(), 9)) < 2_000

    def test_the_reference_names_every_attribute_variable_and_part(self) -> None:
        script = SOURCE.read_text(encoding="utf-8")
        parts = {"button", *re.findall(r'(?:part: |#button\()"([a-z]+)"', script)}
        parts |= set(re.findall(r'made\("[a-z]+", "(?:button )?([a-z]+)"', CONTEST.read_text(encoding="utf-8")))

        assert set(re.findall(r"(--zhanggui-[a-z-]+),", script)) == {one.name for one in VARIABLES}
        assert parts == set(PARTS)
        assert set(re.findall(r'(?:get|has)Attribute\("([a-z-]+)"\)', script)) == {
            one.name for one in (*ATTRIBUTES, *EVENT_ATTRIBUTES)
        }

    def test_the_reference_gives_each_variable_its_true_default(self) -> None:
        script = SOURCE.read_text(encoding="utf-8")

        assert [one.name for one in VARIABLES if f"var({one.name}, {one.default})" not in script] == []


def test_a_card_has_price_and_picture_and_an_unknown_product_has_none(tmp_path: Path) -> None:
    settings = an_installation(tmp_path)
    with open_rooms(SHOP, settings) as rooms:
        assert cards_of(rooms, ["nobody"], "zh") == []


def test_the_key_of_the_page_is_made_once_and_stays_revoked(tmp_path: Path) -> None:
    settings = an_installation(tmp_path)
    with open_control(settings) as control:
        showcase = Showcase(settings=settings, keys=control.keys)
        first, again = showcase.key(SHOP), showcase.key(SHOP)
        made = control.keys.list(SHOP)
        control.keys.revoke(SHOP, made[0].id)
        revoked = showcase.key(SHOP)

    assert first.startswith("zg_pk_")
    assert (again, len(made), revoked) == (first, 1, "")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def site(server: RunningServer) -> Iterator[str]:
    """A page of a site on another origin; its query is the shelf's attributes."""

    class Site(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            attributes = "lang=en" if "lang=en" in self.path else "lang=zh"
            attributes += "" if "quick" in self.path else " limit-ms=25000"  # a busy machine is not what is tested
            body = f"""<!doctype html><html><meta charset="utf-8"><title>site</title><link rel="icon" href="data:,">
<style>zhanggui-shelf {{ --zhanggui-accent: rgb(1, 2, 3) }} zhanggui-shelf::part(title) {{ letter-spacing: 2px }}
zhanggui-shelf:not(:defined) {{ display: block; min-height: 26rem }}</style>
<script type="module" src="{server.address}/assets/zhanggui-widgets.js"></script>
<zhanggui-events shop="{SHOP}" key="{server.publishable}" event="view_item" product-id="widget-a"></zhanggui-events>
<zhanggui-shelf shop="{SHOP}" key="{server.publishable}" href="#goods-{{id}}" k="40"
  {attributes}>{FALLBACK}</zhanggui-shelf>
<p id="after">after</p>""".encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    serving = http.server.ThreadingHTTPServer(("127.0.0.1", server.page_port), Site)
    thread = threading.Thread(target=serving.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.page_port}/"
    serving.shutdown()
    thread.join()
    serving.server_close()


@pytest.fixture(scope="module")
def goods(server: RunningServer) -> None:
    with server.client() as client:
        products = [
            {
                "id": f"widget-{name}",
                "texts": {"zh": {"title": f"桂花乌龙 {name}"}, "en": {"title": f"Osmanthus oolong {name}"}},
                "keywords": ["乌龙"],
                "category": ["茶"],
            }
            for name in "abc"
        ]
        answer = client.put("/products", json=products)
        assert answer.status_code == 200, answer.text


@pytest.fixture
def page(browser: Browser, goods: None) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def is_batch_with(word: str) -> Any:
    def is_it(answer: Response) -> bool:
        return answer.url.endswith("/events/batch") and word in (answer.request.post_data or "")

    return is_it


@pytest.mark.browser
class TestTheShelf:
    def test_it_shows_products_with_reasons_and_posts_what_was_shown(self, page: Page, site: str) -> None:
        with page.expect_response(is_batch_with("view_item_list")) as shown:
            page.goto(site)
        page.locator("zhanggui-shelf [part=title]").first.wait_for()

        sent = shown.value.request.post_data_json

        assert shown.value.status == 200
        assert {"view_item_list"} <= {event["name"] for event in sent}
        assert page.locator("zhanggui-shelf h2").inner_text() == "为你推荐"
        assert page.locator("#slotted").is_hidden()

    def test_its_events_element_posts_the_view(self, page: Page, site: str) -> None:
        with page.expect_response(is_batch_with('"view_item"')) as seen:
            page.goto(site)

        views = [event for event in seen.value.request.post_data_json if event["name"] == "view_item"]
        assert [view["product_id"] for view in views] == ["widget-a"]

    def test_variables_and_parts_style_it(self, page: Page, site: str) -> None:
        page.goto(site)
        title = page.locator("zhanggui-shelf [part=title]").first
        title.wait_for()

        colour = page.locator("zhanggui-shelf [part=why]").first.evaluate("one => getComputedStyle(one).color")
        assert (colour, title.evaluate("one => getComputedStyle(one).letterSpacing")) == ("rgb(1, 2, 3)", "2px")

    def test_a_press_is_posted_with_its_place(self, page: Page, site: str) -> None:
        page.goto(site)
        title = page.locator("zhanggui-shelf [part=title]").first
        title.wait_for()
        with page.expect_response(is_batch_with("select_item")) as pressed:
            title.click()

        event = next(one for one in pressed.value.request.post_data_json if one["name"] == "select_item")
        assert page.url.endswith(f"#goods-{event['product_id']}")
        assert event["context"]["position"] == 1
        assert event["context"]["list_id"]

    def test_a_place_that_a_promotion_took_is_marked_as_an_ad(self, page: Page, site: str) -> None:
        def promoted(route: Route) -> None:
            answer = route.fetch()
            body = answer.json()
            body["items"][0] |= {"moved_by": "promote", "moved_text": "Ad: a promotion of the shop put it here"}
            route.fulfill(response=answer, json=body)

        page.route("**/recommendations?*", promoted)
        page.goto(f"{site}?lang=en")
        tile = page.locator("zhanggui-shelf [part=tile]").first
        tile.wait_for()
        tile.get_by_role("button", name="Why this").click()

        assert page.locator("zhanggui-shelf [part=ad]").all_inner_texts() == ["Ad"]
        assert "a promotion of the shop put it here" in page.locator("zhanggui-shelf [part=panel]").inner_text()

    @pytest.mark.parametrize(
        ("language", "why", "less", "undo"),
        [("zh", "为什么推荐", "减少此类推荐", "撤回"), ("en", "Why this", "Less like this", "Undo")],
    )
    def test_less_and_undo_work_by_keyboard_alone(
        self, page: Page, site: str, language: str, why: str, less: str, undo: str
    ) -> None:
        page.goto(f"{site}?lang={language}")
        page.get_by_role("button", name=why).first.focus()
        page.keyboard.press("Enter")
        reason = page.locator("zhanggui-shelf [part=reason]").inner_text()
        page.get_by_role("button", name=less).focus()
        page.keyboard.press("Enter")
        page.get_by_role("button", name=undo).wait_for()
        focused = page.evaluate("document.querySelector('zhanggui-shelf').shadowRoot.activeElement.textContent")
        with page.expect_response(lambda answer: answer.request.method == "DELETE") as taken_back:
            page.keyboard.press("Enter")
        page.get_by_role("button", name=undo).wait_for(state="detached")

        assert reason
        assert focused == undo
        assert taken_back.value.json()["is_undone"]

    def test_another_chip_is_lowered_when_it_is_pressed(self, page: Page, site: str) -> None:
        page.goto(site)
        page.get_by_role("button", name="为什么推荐: 桂花乌龙").first.click()
        page.get_by_role("button", name="减少此类推荐").click()
        chip = page.locator("zhanggui-shelf [part~=chip]").first
        chip.wait_for()
        before = chip.get_attribute("aria-pressed")
        with page.expect_response(lambda answer: answer.request.method == "PATCH") as chosen:
            chip.click()

        keys = {one["value"]: one["is_chosen"] for one in chosen.value.json()["chips"]}
        assert keys[chip.inner_text()] is (before == "false")

    def test_escape_closes_the_reason_and_gives_the_focus_back(self, page: Page, site: str) -> None:
        page.goto(site)
        page.get_by_role("button", name="为什么推荐").first.click()
        page.keyboard.press("Escape")

        active = "document.querySelector('zhanggui-shelf').shadowRoot.activeElement.getAttribute('part')"
        assert (page.locator("zhanggui-shelf [part=panel]").count(), page.evaluate(active)) == (0, "why")

    def test_a_shopper_contests_a_pick_and_reads_there_what_a_person_answered(
        self, page: Page, site: str, server: RunningServer
    ) -> None:
        page.goto(site)
        why = page.get_by_role("button", name="为什么推荐: 桂花乌龙").first
        name = why.get_attribute("aria-label") or ""
        why.click()
        page.get_by_role("button", name="提出申诉").click()
        page.get_by_label("说说你的意见").fill("我从没看过这个")
        with page.expect_response(lambda answer: answer.url.endswith("/contests")) as brought:
            page.get_by_role("button", name="提交").click()
        held = brought.value.json()
        page.get_by_text("会有人来看，").wait_for()
        assert held["decision"] == "recommendation"
        assert held["list_id"]

        with server.client() as client:
            given = {"outcome": "explained", "words": "因为你看过乌龙"}
            assert client.post(f"/contests/{held['id']}/answer", json=given).status_code == 200
        page.reload()
        page.get_by_role("button", name=name, exact=True).click()
        page.get_by_text("店家的说明：因为你看过乌龙").wait_for()

        assert page.get_by_role("button", name="提出申诉").is_visible()

    def test_what_lies_between_its_tags_shows_when_the_server_does_not_answer(self, page: Page, site: str) -> None:
        page.route("**/recommendations?**", lambda route: None)
        page.goto(f"{site}?quick")

        page.locator("#slotted").wait_for(state="visible", timeout=5000)

    def test_the_page_around_it_never_moves(self, page: Page, site: str) -> None:
        page.add_init_script(
            "window.moved = 0; new PerformanceObserver((list) => list.getEntries().forEach("
            "(one) => { window.moved += one.value })).observe({type: 'layout-shift', buffered: true})"
        )
        page.goto(site)
        page.locator("zhanggui-shelf [part=title]").first.wait_for()

        assert page.evaluate("window.moved") <= 0.02


@pytest.mark.browser
@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_of_this_server_shows_them_live(
    browser: Browser, server: RunningServer, goods: None, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, has_touch=width < 500)
    page = context.new_page()
    refused: list[str] = []
    page.on("console", lambda word: refused.append(word.text) if word.type == "error" else None)
    page.goto(f"{server.address}/widgets?shop={SHOP}&lang=zh")
    page.locator("zhanggui-shelf [part=title]").first.wait_for()
    page.get_by_role("button", name="为什么推荐").first.click()
    page.get_by_role("button", name="减少此类推荐").click()
    page.get_by_role("button", name="撤回").click()

    wide = page.evaluate("document.documentElement.scrollWidth")
    context.close()
    assert refused == []
    assert wide <= width
