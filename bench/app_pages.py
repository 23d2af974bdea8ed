"""`app/pages`: every page of a shop with 100,000 orders, rendered at 50 a second, and seen by a browser."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from statistics import median
from typing import Any
from urllib.parse import urlsplit

import httpx

from .crawling import crawl, words_of
from .harness import Report, case
from .load import drive, get
from .shop_server import SHOP, Server, a_server

RATE, SECONDS = 50.0, 5.0
LOOKS = 3
ORDERS = 100_000
_FILL = """
import json, sys
from datetime import timedelta
import numpy as np
from zhanggui.app.agreed import SIMULATED, agree
from zhanggui.app.build import open_control, open_rooms
from zhanggui.kernel.settings import load_settings
from zhanggui.shop import LegalBasis, Order, OrderLine
from zhanggui.shop.simulate import SimulationPlan
settings = load_settings(None, {"ZHANGGUI_HOME": sys.argv[2]})
rng = np.random.default_rng(7)
with open_rooms(sys.argv[1], settings) as rooms:
    agree(rooms.consents, SIMULATED)
    rooms.simulator.fill(SimulationPlan(until=rooms.simulator.today()))
    products = rooms.catalogue.products(None, 500)
    now = rooms.clock()
    for start in range(0, int(sys.argv[3]), 1000):
        rooms.orders.put_orders([
            Order(
                id=f"bulk-{n:06d}", customer_id=f"bulk-customer-{int(rng.integers(20_000)):05d}",
                at=now - timedelta(minutes=int(rng.integers(90 * 1440))), province="浙江",
                lines=tuple(
                    OrderLine(id=str(k), product_id=products[int(rng.integers(len(products)))].id, quantity=1,
                              unit_price_minor=int(rng.integers(900, 30_000)))
                    for k in range(int(rng.integers(1, 4)))
                ),
            )
            for n in range(start, start + 1000)
        ], LegalBasis(kind="contract"))
    rooms.recommend.train()
    rooms.audience.learned.learning.learn()
with open_control(settings) as control:
    control.users.add("owner", roles={"*": "owner"})
    print(control.users.login_link("owner"))
"""
_MEASURE = """() => new Promise((done) => {
  let shift = 0, painted = 0;
  new PerformanceObserver((list) => list.getEntries().forEach((e) => { if (!e.hadRecentInput) shift += e.value; }))
    .observe({type: "layout-shift", buffered: true});
  setTimeout(() => {
    painted = performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? -1;
    done({shift, painted, answered: performance.getEntriesByType("navigation")[0].responseEnd});
  }, 700);
})"""


@dataclass(frozen=True)
class Ask:
    """One page again and again, by whoever the cookies are of."""

    path: str
    cookies: str

    def __call__(self, _: int) -> bytes:
        return get(self.path, headers={"Cookie": self.cookies, "Accept-Language": "zh"})


@case("app/pages")
def app_pages(report: Report) -> None:
    """p95 of each page at 50 requests a second; first paint, layout shift and foreign hosts in the browser."""
    with a_server(scopes="shop:read") as server:
        filled = subprocess.run(
            [sys.executable, "-c", _FILL, SHOP, str(server.home), str(ORDERS)],
            capture_output=True,
            text=True,
            check=False,
        )
        if filled.returncode:
            sys.exit(f"The shop could not be filled:\n{filled.stderr[-3000:]}")
        link = filled.stdout.split()[-1]
        server.finish_work()  # a shop that works, not one whose orders came a minute ago
        server.start()
        cookies, pages = _log_in_and_look(server, link)
        header = "; ".join(f"{name}={value}" for name, value in cookies.items())
        worst = 0.0
        for page in pages:
            result = drive(server.address, Ask(page, header), seconds=SECONDS, connections=8, rate=RATE, warm_up_s=1)
            if result.errors:
                report.note(f"{page}: {result.errors} errors, the first: {result.first_error[:200]}")
            report(f"p95_ms {page}", result.p95_ms, unit="ms", bar="<= 80")
            worst = max(worst, result.p95_ms)
        report("worst_p95_ms", worst, unit="ms", bar="<= 80")
        report("pages", len(pages))
        _browse(report, server, cookies, pages)


def _log_in_and_look(server: Server, link: str) -> tuple[dict[str, str], list[str]]:
    from zhanggui.app.site import create_app
    from zhanggui.kernel.settings import load_settings

    base = f"http://{server.address[0]}:{server.address[1]}"
    app = create_app(load_settings(None, {"ZHANGGUI_HOME": str(server.home)}))
    with httpx.Client(base_url=base, follow_redirects=True, timeout=60, trust_env=False) as client:
        client.post(f"/login/link/{link}")
        found = crawl(client, (f"/console/{SHOP}", f"/shop/{SHOP}"), words_of(route.path for route in app.routes))
        if found.broken:
            sys.exit(f"Links lead nowhere: {found.broken}")
        return dict(client.cookies), list(found.pages)


def _browse(report: Report, server: Server, cookies: dict[str, str], pages: list[str]) -> None:
    from playwright.sync_api import sync_playwright

    base = f"http://{server.address[0]}:{server.address[1]}"
    paints, drawn, shifts, foreign = [], [], [], set()
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for page in pages:
            looks = []
            for _ in range(LOOKS):  # each with nothing in the cache, as somebody new comes
                context = browser.new_context(viewport={"width": 1280, "height": 900})
                context.add_cookies([{"name": name, "value": value, "url": base} for name, value in cookies.items()])
                context.on("request", lambda request: foreign.add(urlsplit(request.url).netloc))
                looks.append(_look_at(context, base + page))
                context.close()
            paints.append((median(look["painted"] for look in looks), page))
            drawn.append(median(look["painted"] - look["answered"] for look in looks))  # the browser's own part
            shifts.append(max(look["shift"] for look in looks))
            if shifts[-1] > 0.02:
                report.note(f"{page} shifts by {shifts[-1]:.3f}")
        browser.close()
    report.note(f"the last to be painted: {max(paints)[1]}")
    report("first_paint_ms_median", median(paint for paint, _ in paints), unit="ms", bar="<= 500")
    report("first_paint_ms_worst", max(paints)[0], unit="ms", bar="<= 500")
    report("painted_after_answer_ms_median", median(drawn), unit="ms")
    report("painted_after_answer_ms_worst", max(drawn), unit="ms")
    report("layout_shift_worst", max(shifts), bar="<= 0.02")
    report("other_hosts", len(foreign - {urlsplit(base).netloc, ""}), bar="== 0")


def _look_at(context: Any, address: str) -> dict[str, float]:
    page = context.new_page()
    page.goto(address)
    seen: dict[str, float] = json.loads(json.dumps(page.evaluate(_MEASURE)))
    page.close()
    return seen
