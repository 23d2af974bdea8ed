"""The snippet in a page of an existing site, in a real browser, on another origin than the server."""

from __future__ import annotations

import http.server
import shutil
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Response, sync_playwright
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
def site(server: RunningServer) -> Iterator[str]:
    """The page of an existing site, with the snippet in it."""
    html = f"""<!doctype html><html lang="zh"><meta charset="utf-8"><title>site</title><link rel="icon" href="data:,">
<script async src="{server.address}/static/zhanggui.js" data-shop="teahouse" data-key="{server.publishable}"
  data-timeout="5000"></script>
<script>window.zhanggui = window.zhanggui || [];
zhanggui.push(["event", "view_item", {{product_id: "snippet-a"}}]);</script>
""".encode()

    class Site(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(html)

        def log_message(self, *_: object) -> None:
            pass

    serving = http.server.ThreadingHTTPServer(("127.0.0.1", server.page_port), Site)
    thread = threading.Thread(target=serving.serve_forever)
    thread.start()
    with server.client() as client:
        goods = [
            {
                "id": f"snippet-{name}",
                "texts": {"zh": {"title": "桂花乌龙茶"}},
                "keywords": ["乌龙"],
                "category": ["茶"],
            }
            for name in "abc"
        ]
        assert client.put("/products", json=goods).status_code == 200
    yield f"http://127.0.0.1:{server.page_port}/"
    serving.shutdown()
    thread.join()
    serving.server_close()


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    context = browser.new_context()
    opened = context.new_page()
    opened.goto(site)
    opened.wait_for_function("typeof zhanggui.visitor === 'string'")
    yield opened
    context.close()


def batch_of(page: Page, act: Callable[[], object], *, holding: str) -> list[dict[str, Any]]:
    """The batch with the word `holding` that leaves the page because of `act`, once the server says it is on disk."""

    def is_it(answer: Response) -> bool:
        return answer.url.endswith("/events/batch") and holding in (answer.request.post_data or "")

    with page.expect_response(is_it) as caught:
        act()
    assert caught.value.status == 200, caught.value.text()
    sent: list[dict[str, Any]] = caught.value.request.post_data_json
    return sent


def test_an_event_is_posted_with_the_time_the_page_was_seen(page: Page) -> None:
    page.wait_for_function("performance.now() > 200")
    sent = batch_of(
        page,
        lambda: page.evaluate("zhanggui.event('add_to_cart', {product_id: 'snippet-b'}), 1"),
        holding="add_to_cart",
    )

    last = sent[-1]
    assert (last["name"], last["product_id"]) == ("add_to_cart", "snippet-b")
    assert sum(one["engagement_time_msec"] for one in sent) > 0
    assert last["engagement_time_msec"] <= page.evaluate("performance.now()")
    assert last["visitor_id"] == page.evaluate("zhanggui.visitor")


def test_what_was_viewed_counts_in_the_recommendation(page: Page) -> None:
    page.evaluate("zhanggui.event('view_item', {product_id: 'snippet-a'})")
    page.evaluate("zhanggui.flush()")
    page.wait_for_function("(localStorage.getItem('zhanggui.teahouse.queue') || '[]') === '[]'")

    answer = page.evaluate("zhanggui.recommend({k: 40})")

    assert not answer.get("fallback"), answer
    assert {"snippet-b", "snippet-c"} <= {item["product_id"] for item in answer["items"]}
    assert all(item["explanation"] for item in answer["items"])


def test_less_of_a_product_takes_it_out_of_the_next_answer(page: Page) -> None:
    with page.expect_request("**/show-less") as asked:
        preference = page.evaluate("zhanggui.showLess('snippet-c')")

    answer = page.evaluate("zhanggui.recommend({k: 40})")

    assert preference["product_id"] == "snippet-c"
    assert asked.value.post_data_json["chips"] is None, "the server is left to choose the traits"
    assert "snippet-c" not in {item["product_id"] for item in answer["items"]}


def test_a_server_that_is_gone_gives_the_fallback(page: Page) -> None:
    page.route("**/recommendations?**", lambda route: route.abort())

    answer = page.evaluate("zhanggui.recommend({fallback: [{product_id: 'x'}]})")

    assert answer["items"] == [{"product_id": "x"}]
    assert answer["fallback"]


def test_events_wait_in_the_page_while_the_server_is_gone(page: Page) -> None:
    page.wait_for_function("(localStorage.getItem('zhanggui.teahouse.queue') || '[]') === '[]'")
    page.route("**/events/batch", lambda route: route.abort())
    page.evaluate("zhanggui.event('view_item', {product_id: 'snippet-b'}), zhanggui.flush()")
    waiting = page.evaluate("JSON.parse(localStorage.getItem('zhanggui.teahouse.queue')).length")
    page.unroute("**/events/batch")

    sent = batch_of(page, lambda: page.evaluate("zhanggui.flush(), 1"), holding="snippet-b")

    assert (waiting, [event["product_id"] for event in sent]) == (1, ["snippet-b"])
