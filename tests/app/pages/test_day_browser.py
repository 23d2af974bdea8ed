"""A day at a shop in a real browser: an order reaches the console, pausing stops what it says, work is watched.

By mouse at 1280 and by touch at 390.
"""

from __future__ import annotations

import queue
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import msgspec
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright
from tests.app.builders import SHOP
from tests.app.pages.day_shop import a_served_shop, a_session

from zhanggui.app.build import open_rooms
from zhanggui.app.places import shop_folder
from zhanggui.kernel.ids import new_id
from zhanggui.kernel.jobs import JobContext, JobHandler, JobRunner, enqueue
from zhanggui.kernel.settings import Settings
from zhanggui.trust import Author, ProposalDraft, Rationale

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
WAIT_MS = 60_000
KIND, STEPS = "test.slowly", 10
FILLED = "(bar) => 100 * parseFloat(getComputedStyle(bar, '::before').width) / bar.clientWidth"
CONSOLE, STORE = f"/console/{SHOP}", f"/shop/{SHOP}"


@dataclass(frozen=True)
class Site:
    browser: Browser
    address: str
    settings: Settings
    session: str

    def context(self, *, width: int, is_owner: bool) -> BrowserContext:
        """A browser of the owner, or of somebody whom nobody knows; by touch where it is narrow."""
        is_phone = width < 500
        context = self.browser.new_context(
            base_url=self.address, locale="en", has_touch=is_phone, is_mobile=is_phone,
            viewport={"width": width, "height": 844},
        )  # fmt: skip
        context.set_default_timeout(WAIT_MS)
        if is_owner:
            context.add_cookies([{"name": "zg_session", "value": self.session, "url": self.address}])
        return context


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: apt-get install chromium")
    expect.set_options(timeout=WAIT_MS)
    with a_served_shop(tmp_path_factory.mktemp("day")) as (address, settings), sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield Site(opened, address, settings, a_session(settings))
        opened.close()


@pytest.fixture(params=[1280, 390], ids=["with a mouse at 1280", "by touch at 390"])
def width(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def owner(site: Site, width: int) -> Iterator[Page]:
    context = site.context(width=width, is_owner=True)
    yield context.new_page()
    context.close()


@pytest.fixture
def shopper(site: Site, width: int) -> Iterator[Page]:
    context = site.context(width=width, is_owner=False)
    yield context.new_page()
    context.close()


def press(page: Page, place: Locator) -> None:
    """With a finger on a phone, else with the mouse; of what stands twice, the one that is seen."""
    seen = place.locator("visible=true").first
    size = page.viewport_size
    if size is not None and size["width"] < 500:
        seen.tap()
    else:
        seen.click()


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name)


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def test_what_a_shopper_orders_stands_on_the_console_and_who_it_was_is_masked(owner: Page, shopper: Page) -> None:
    order = ordered(shopper)

    owner.goto(CONSOLE)
    expect(owner.locator(".kpis")).to_contain_text("not paid")
    press(owner, owner.locator(".kpis a.link"))
    press(owner, owner.get_by_role("link", name=order))
    expect(owner.get_by_role("heading", level=1)).to_contain_text(order)
    expect(owner.locator("main")).to_contain_text("Shoumei no. 2")
    expect(owner.locator("main")).to_contain_text("¥168.02")
    assert "林若溪" not in owner.content()
    assert fits(owner)

    press(owner, owner.locator(".kpis a.hit"))
    expect(owner.locator("main")).to_contain_text("138****1234")
    expect(owner.get_by_role("link", name=order)).to_be_visible()
    seen_for_a_reason(owner)


def ordered(shopper: Page) -> str:
    """Log in as an invented customer and buy one tea; the number of the order."""
    shopper.goto(f"{STORE}/login")
    press(shopper, button(shopper, "c-lin"))
    shopper.wait_for_url(re.compile(rf"{STORE}(\?.*)?$"))  # else what is opened next may come before the login
    shopper.goto(f"{STORE}/p/day-2")
    press(shopper, button(shopper, "Buy now"))
    press(shopper, button(shopper, "Order, without paying"))
    number = shopper.locator("main .mono").inner_text()
    assert fits(shopper)
    return number


def seen_for_a_reason(owner: Page) -> None:
    """Without a reason nothing shows; with one it shows this once, and the ledger names who looked and why."""
    press(owner, button(owner, "Show in full"))
    press(owner, button(owner, "Show this once"))
    assert owner.locator("#show-reason:invalid").count() == 1
    assert "13812341234" not in owner.content()
    owner.get_by_label("Reason").select_option("refund")
    owner.get_by_label("What for, in a few words").fill(f"tea came {(why := new_id())}")
    press(owner, button(owner, "Show this once"))
    expect(owner.locator("main")).to_contain_text("13812341234")

    owner.goto(f"{CONSOLE}/ledger?kind=people.shown")
    first = owner.locator(".timeline li:not(.day)").first
    expect(first).to_contain_text("Personal data shown")
    expect(first).to_contain_text(f"To handle a refund · tea came {why}")
    expect(first).to_contain_text("owner")
    assert fits(owner)


def test_a_pause_stops_decisions_and_sending_and_nothing_for_shoppers(site: Site, owner: Page, shopper: Page) -> None:
    done, waiting = proposed(site, "day-5"), proposed(site, "day-6")
    decide(owner, done, "Approve")
    decide(owner, done, "It is done")
    nothing_is_left_to_send(owner)
    files, shelf = sent(site), picks(shopper)

    press(owner, button(owner, "Pause everything"))
    expect(owner.locator("p.paused")).to_contain_text("Everything is paused")
    assert fits(owner)
    decide(owner, done, "Undo")  # would leave by the same way as the change did
    nothing_is_left_to_send(owner)
    assert sent(site) == files
    owner.goto(f"{CONSOLE}/inbox/{waiting}")
    expect(owner.locator(".actionbar [aria-disabled=true]")).to_contain_text("Approve")
    expect(owner.locator(".actionbar form[action$='/approve']")).to_have_count(0)
    assert picks(shopper) == shelf

    press(owner, button(owner, "Go on"))
    expect(owner.locator("p.paused")).to_have_count(0)
    nothing_is_left_to_send(owner)
    assert len(sent(site)) == len(files) + 1
    decide(owner, waiting, "Approve")


def proposed(site: Site, product_id: str) -> str:
    """A new price of a product, which a file tells the platform."""
    draft = ProposalDraft(
        kind="shop.reprice_offer",
        subject=product_id,
        change={"price_minor": 15_000},
        reason=Rationale(code="slow_seller"),
        author=Author(name="lin"),
        outlet="file",
    )
    with open_rooms(SHOP, site.settings) as rooms:
        return rooms.proposals.propose([draft])[0].id


def decide(owner: Page, proposal_id: str, name: str) -> None:
    owner.goto(f"{CONSOLE}/inbox/{proposal_id}")
    press(owner, owner.locator(".actionbar").get_by_role("button", name=name))
    owner.wait_for_url(re.compile(r"[?&]done="))


def nothing_is_left_to_send(owner: Page) -> None:
    """The background work has come to everything that was to be sent: what it did not send, it was not to."""
    for state in ("waiting", "running"):
        owner.goto(f"{CONSOLE}/jobs?state={state}")
        expect(owner.locator("#work")).not_to_contain_text("Sending")


def sent(site: Site) -> list[str]:
    folder = shop_folder(site.settings, SHOP) / "outbox"
    return sorted(path.name for path in folder.glob("*.csv"))


def picks(shopper: Page) -> list[str | None]:
    shopper.goto(STORE)
    return [one.get_attribute("data-id") for one in shopper.locator("#shelf-home .good[data-id]").all()]


def test_work_is_seen_to_go_on_and_to_end(site: Site, owner: Page) -> None:
    with working(site) as work:
        owner.goto(f"{CONSOLE}/jobs?state=running")
        row = owner.locator("tbody tr", has_text=KIND)
        bar = row.get_by_role("progressbar")
        for done in (3, 8):
            work.go_on_to(done)
            expect(bar).to_have_attribute("aria-valuenow", str(done))
            assert bar.evaluate(FILLED) == pytest.approx(10 * done, abs=1)
        assert fits(owner)
        work.go_on_to(STEPS)

        expect(row).to_have_count(0)
    owner.goto(f"{CONSOLE}/jobs?state=done")
    expect(owner.locator("tbody tr", has_text=KIND).first).to_contain_text("done")


def test_work_is_called_off_from_the_page_while_it_runs_and_starts_anew(site: Site, owner: Page) -> None:
    row = owner.locator("tbody tr", has_text=KIND).first
    with working(site):  # which ends, for it hears that it was called off
        owner.goto(f"{CONSOLE}/jobs?state=running")
        press(owner, row.get_by_role("button", name="Cancel"))
        expect(owner.get_by_role("status").filter(has_text="Called off")).to_be_visible()
    owner.goto(f"{CONSOLE}/jobs?state=cancelled")
    expect(row).to_contain_text("3 of 10")

    press(owner, row.get_by_role("button", name="Try again"))
    expect(owner.get_by_role("status").filter(has_text="It starts anew")).to_be_visible()
    owner.goto(f"{CONSOLE}/jobs?state=waiting")
    press(owner, row.get_by_role("button", name="Cancel"))
    expect(owner.get_by_role("status").filter(has_text="Called off")).to_be_visible()
    expect(owner.locator("tbody tr", has_text=KIND)).to_have_count(0)


class Slowly(msgspec.Struct, frozen=True):
    """Work that goes on as far as the test lets it."""


@dataclass
class Work:
    """A job of the served shop that this process does: the server knows none of its kind."""

    steps: queue.SimpleQueue[int]

    def go_on_to(self, step: int) -> None:
        self.steps.put(step)

    def run(self, _payload: Slowly, context: JobContext) -> None:
        done = 0
        while done < STEPS and not context.is_cancelled():
            context.on_step(done, STEPS)
            with suppress(queue.Empty):
                done = self.steps.get(timeout=0.05)


@contextmanager
def working(site: Site) -> Iterator[Work]:
    """A job that runs, three of its steps done; left when it has ended."""
    work = Work(queue.SimpleQueue())
    work.go_on_to(3)
    with open_rooms(SHOP, site.settings) as rooms:
        rooms.db.write(lambda db: enqueue(db, KIND, Slowly()))
        handler = JobHandler(kind=KIND, payload=Slowly, run=work.run, max_attempts=1)
        runner = JobRunner(rooms.db, [handler], rooms.clock, "test", lease_s=1)
        thread = threading.Thread(target=runner.drain, kwargs={"limit": 1})
        thread.start()
        try:
            yield work
        except BaseException:
            work.go_on_to(STEPS)
            raise
        finally:
            thread.join()
