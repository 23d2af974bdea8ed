"""Take the pictures of docs/screenshots anew: `python scripts/take_screenshots.py`.

    --home PATH     keep the demo shop there and use it again; without, a temporary one is made (some minutes)
    --only a,b      these pictures alone; without, all, and pictures of no page in the list are removed
    --out PATH      another folder

The shop is the simulated demo of a fixed seed, with an upload that waits and something in the cart. Each page is taken
at 1280 and 390 pixels, in Chinese and in English, and those of `DARK` also dark. It needs Playwright, Chromium and a
font that has Chinese letters (Debian: fonts-noto-cjk).
"""

from __future__ import annotations

import argparse
import contextlib
import io
import itertools
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

FOLDER = Path(__file__).parents[1] / "docs/screenshots"
SHOP, SEED = "teahouse", 0
CONSOLE, STORE = f"/console/{SHOP}", f"/shop/{SHOP}"
SIZES = {1280: 900, 390: 844}
LANGUAGES = ("zh", "en")
MOST_BYTES = 5_000_000
"""What the folder may hold: everybody who clones takes all of it."""
QUALITY = 55
SETTLE_MS = 500
"""For what a script puts there once the page has loaded."""
WAIT_S = 600
"""For a server that starts, and for a page: a machine may be busy, and loops be compiled first."""
UPLOAD = "货号,品名,售价,库存,产地\n" + "".join(f"X{n},龙井{n}号,{60 + n},{n},杭州\n" for n in range(20))


@dataclass(frozen=True)
class Picture:
    """One page: where it stands, or the page and the first link of it that `link` matches."""

    name: str
    path: str
    link: str = ""


PICTURES = (
    Picture("today", CONSOLE),
    Picture("inbox", CONSOLE + "/inbox"),
    Picture("levels", CONSOLE + "/inbox/levels"),
    Picture("products", CONSOLE + "/products"),
    Picture("product", CONSOLE + "/products", r"/products/[^/?.]+$"),
    Picture("orders", CONSOLE + "/orders"),
    Picture("order", CONSOLE + "/orders", r"/orders/[^/?.]+$"),
    Picture("recommendations", CONSOLE + "/recommendations"),
    Picture("rules", CONSOLE + "/rules"),
    Picture("variety", CONSOLE + "/variety"),
    Picture("labels", CONSOLE + "/labels"),
    Picture("customers", CONSOLE + "/customers"),
    Picture("customer", CONSOLE + "/customers", r"/customers/[^/?.]+$"),
    Picture("profile", CONSOLE + "/profile", r"/profile\?customer="),
    Picture("segments", CONSOLE + "/segments"),
    Picture("learned", CONSOLE + "/segments/learned"),
    Picture("plans", CONSOLE + "/plans"),
    Picture("journeys", CONSOLE + "/journeys"),
    Picture("predictions", CONSOLE + "/predictions"),
    Picture("contests", CONSOLE + "/contests"),
    Picture("ledger", CONSOLE + "/ledger"),
    Picture("ethics", CONSOLE + "/ethics"),
    Picture("fairness", CONSOLE + "/fairness"),
    Picture("protection", CONSOLE + "/protection"),
    Picture("guard", CONSOLE + "/guard"),
    Picture("figures", CONSOLE + "/figures"),
    Picture("import", CONSOLE + "/import"),
    Picture("jobs", CONSOLE + "/jobs"),
    Picture("models", CONSOLE + "/models"),
    Picture("model", CONSOLE + "/models", r"/models/\w{20,}$"),
    Picture("compare", CONSOLE + "/models/compare"),
    Picture("settings", CONSOLE + "/settings"),
    Picture("users", CONSOLE + "/users"),
    Picture("keys", CONSOLE + "/keys"),
    Picture("account", CONSOLE + "/account"),
    Picture("find", CONSOLE + "/find?q=c0001"),
    Picture("storefront", STORE),
    Picture("goods", STORE, r"/p/[^/.]+$"),
    Picture("cart", STORE + "/cart"),
    Picture("mine", STORE + "/me"),
    Picture("tour", "/tour"),
    Picture("tour-learn", "/tour/learn"),
    Picture("tour-file", "/tour/file"),
    Picture("tour-cheat", "/tour/cheat"),
    Picture("widgets", "/widgets"),
)
DARK = ("today",)


def names() -> frozenset[str]:
    """The files of the set."""
    light = {f"{one.name}-{width}-{said}.webp" for one in PICTURES for width in SIZES for said in LANGUAGES}
    return frozenset(light | {f"{name}-{width}-zh-dark.webp" for name in DARK for width in SIZES})


@contextlib.contextmanager
def served(home: Path) -> Iterator[tuple[str, str]]:
    """The demo, made where there is none yet and served: its address, and a link that logs its owner in once."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("ZHANGGUI_")}
    environ["ZHANGGUI_HOME"] = str(home)
    command = [sys.executable, "-c", "from zhanggui.app.cli.main import main; main()"]
    if (home / "shops" / SHOP).exists():
        subprocess.run([*command, "migrate"], env=environ, check=True)
    else:
        subprocess.run([*command, "demo", "--no-serve", "--seed", str(SEED)], env=environ, check=True)
        subprocess.run([*command, "users", "add", "owner", "--role", "owner", "--shop", SHOP], env=environ, check=True)
        subprocess.run([*command, "train", SHOP], env=environ, check=True)  # a second model, to compare with the first
        subprocess.run([*command, "work", "--once"], env=environ, check=True)
    link = subprocess.run(
        [*command, "users", "login-link", "owner"], env=environ, check=True, stdout=subprocess.PIPE, text=True
    ).stdout.split()[-1]  # what it says of a failure is not caught
    port = _free_port()
    environ["ZHANGGUI_FEATURES__TOUR"] = "true"
    with (home / "screenshots.log").open("wb") as log:
        process = subprocess.Popen(
            [*command, "serve", "--port", str(port), "--workers", "1"], env=environ, stdout=log, stderr=log
        )
    try:
        _wait(f"http://127.0.0.1:{port}", process)
        yield f"http://127.0.0.1:{port}", link.rsplit("/", 1)[-1]
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + WAIT_S
    while True:
        with contextlib.suppress(urllib.error.URLError, OSError):
            urllib.request.urlopen(f"{address}/health/ready", timeout=2)
            return
        if process.poll() is not None or time.monotonic() > until:
            sys.exit("The demo shop did not start; its home has screenshots.log.")
        time.sleep(0.2)


class Photographer:
    """Somebody logged in, with a browser.

    Args:
        browser: of Playwright.
        address: of the server.
        out: where the pictures go.
    """

    def __init__(self, browser: Any, address: str, out: Path) -> None:
        self._browser, self._address, self._out = browser, address, out
        self._state: Any = None
        self._found: dict[str, str] = {}

    def enter(self, link: str) -> None:
        """Log in as the owner, and leave behind what the pages show: an upload, an order, a cart."""
        context = self._browser.new_context(locale="zh-CN")
        page = context.new_page()
        page.set_default_timeout(WAIT_S * 1000)
        page.goto(f"{self._address}/login/link/{link}")
        page.locator("main form button[type=submit]").click()
        page.wait_for_url("**/console/**")
        self._upload(page)
        self._buy(page)
        for one in PICTURES:
            if one.link:
                self._found[one.name] = self._link(page, one)
        self._state = context.storage_state()
        context.close()

    def take(self, pictures: Sequence[Picture], width: int, language: str, scheme: str = "light") -> None:
        """Take pictures in one state."""
        context = self._browser.new_context(
            viewport={"width": width, "height": SIZES[width]}, color_scheme=scheme, storage_state=self._state,
            is_mobile=width < 768, has_touch=width < 768, reduced_motion="reduce",
        )  # fmt: skip
        page = context.new_page()
        page.set_default_timeout(WAIT_S * 1000)
        for one in pictures:
            path = self._found.get(one.name, one.path)
            answer = page.goto(f"{self._address}{path}{'&' if '?' in path else '?'}lang={language}")
            if answer is None or not answer.ok:
                sys.exit(f"{path} answered {answer and answer.status}.")
            page.wait_for_timeout(SETTLE_MS)  # not until the network rests: a page may ask again and again
            page.wait_for_selector("[data-chart]:not([data-drawn])", state="detached")
            seen = Image.open(io.BytesIO(page.screenshot()))
            file = self._out / f"{one.name}-{width}-{language}{'-dark' if scheme == 'dark' else ''}.webp"
            seen.convert("RGB").save(file, quality=QUALITY, method=6)
            print(f"{file.name}: {file.stat().st_size:,} bytes", flush=True)
        context.close()

    def _upload(self, page: Any) -> None:
        page.goto(f"{self._address}{CONSOLE}/import")
        if page.get_by_text("货.csv").count():
            return
        page.set_input_files("input[type=file]", {"name": "货.csv", "mimeType": "text/csv", "buffer": UPLOAD.encode()})
        page.locator("main form:has(input[type=file]) button[type=submit]").click()
        page.wait_for_load_state("networkidle")

    def _buy(self, page: Any) -> None:
        page.goto(self._address + self._link(page, Picture("goods", STORE, r"/p/[^/.]+$")))
        page.locator("#buy button[type=submit]:visible").first.click()
        page.wait_for_load_state("networkidle")

    def _link(self, page: Any, one: Picture) -> str:
        page.goto(self._address + one.path)
        for href in page.eval_on_selector_all("main a[href]", "all => all.map((one) => one.pathname + one.search)"):
            if re.search(one.link, href):
                return str(href)
        sys.exit(f"{one.path} has no link like {one.link}, for the picture {one.name}.")


def main() -> int:
    """Take them, and say how much they weigh."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--out", type=Path, default=FOLDER)
    given = parser.parse_args()
    from playwright.sync_api import sync_playwright

    wanted = set(given.only.split(",")) if given.only else {one.name for one in PICTURES}
    given.out.mkdir(parents=True, exist_ok=True)
    home = given.home or Path(tempfile.mkdtemp(prefix="zhanggui-demo-"))
    try:
        with served(home) as (address, link), sync_playwright() as play:
            browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            camera = Photographer(browser, address, given.out)
            camera.enter(link)
            pictures = [one for one in PICTURES if one.name in wanted]
            for width, language in itertools.product(SIZES, LANGUAGES):
                camera.take(pictures, width, language)
            for width in SIZES:
                camera.take([one for one in pictures if one.name in DARK], width, "zh", "dark")
            browser.close()
    finally:
        if given.home is None:
            shutil.rmtree(home, ignore_errors=True)
    return _weigh(given.out, is_whole=not given.only)


def _weigh(out: Path, *, is_whole: bool) -> int:
    for file in out.glob("*.webp"):
        if is_whole and file.name not in names():
            file.unlink()
    weight = sum(file.stat().st_size for file in out.glob("*.webp"))
    print(f"{weight:,} of {MOST_BYTES:,} bytes")
    return 0 if weight <= MOST_BYTES else 1


if __name__ == "__main__":
    sys.exit(main())
