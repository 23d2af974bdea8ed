"""What a small simulated shop needs so that every kind of page has something to show: decisions, an upload, a cart."""

from __future__ import annotations

import re
from dataclasses import dataclass

import httpx

from zhanggui.app.agreed import SIMULATED, agree
from zhanggui.app.decisions import seed_decisions
from zhanggui.app.rooms import Rooms
from zhanggui.shop.simulate import SimulationPlan

SHOP = "demo"
UPLOAD = (
    "货号,品名,售价,库存,产地\n" + "".join(f"X{n},龙井{n}号,{60 + n},{n},杭州\n" for n in range(20)) + "X,坏,六,1,杭\n"
)


@dataclass(frozen=True)
class Furnished:
    """What the pages of a shop hang on: a product on its shelves, and a proposal that can be edited."""

    product_id: str
    proposal_id: str


def furnish(rooms: Rooms) -> Furnished:
    """Sixty products, their buyers, a model, learned segments, and the first decisions."""
    agree(rooms.consents, SIMULATED)
    rooms.simulator.fill(SimulationPlan(until=rooms.simulator.today(), products=60, customers=120, days=40))
    rooms.recommend.train()
    assert rooms.audience.learned.learning.learn(seed=1).state == "current"
    seed_decisions(rooms)
    proposals = rooms.proposals.list(limit=50).items
    edited = next(one for one in proposals if rooms.inbox.look(one.id).fields)
    return Furnished(rooms.recommend.popular(1).items[0].product_id, edited.id)


def walked(browser: httpx.Client, furnished: Furnished, login_link: str) -> tuple[str, ...]:
    """Upload a file, order, and fill the cart again; the addresses that no link of a fresh shop leads to."""
    console, shop = f"/console/{SHOP}", f"/shop/{SHOP}"
    page = browser.get(f"{console}/import")
    upload = {"file": ("货.csv", UPLOAD.encode())}
    step = _sent(browser, f"{console}/import", page, {"kind": ""}, upload)
    _sent(browser, f"{step.url.path}/check", step, {})
    product = browser.get(f"{shop}/p/{furnished.product_id}")
    wanted = {"product": furnished.product_id, "quantity": "1"}
    _sent(browser, f"{shop}/cart", product, wanted)
    checkout = browser.get(f"{shop}/checkout")
    hidden = dict(re.findall(r'name="(token|price-\d+)" value="(\w+)"', checkout.text))
    order = _sent(browser, f"{shop}/checkout", checkout, {"province": "", "city_tier": "", **hidden})
    _sent(browser, f"{shop}/cart", product, wanted)
    inside = (f"{console}/inbox/{furnished.proposal_id}/edit", step.url.path, f"{step.url.path}/check")
    shopper = (f"{shop}/cart", f"{shop}/checkout", f"{shop}/search", order.url.path)
    return (*inside, *shopper, "/tour", "/widgets", "/login", f"/login/link/{login_link}")


def _sent(
    browser: httpx.Client,
    address: str,
    page: httpx.Response,
    fields: dict[str, str],
    files: dict[str, tuple[str, bytes]] | None = None,
) -> httpx.Response:
    token = re.search(r'name="csrf" value="([^"]+)"', page.text)
    assert token is not None
    answer = browser.post(address, data={"csrf": token[1], **fields}, files=files)
    answer.raise_for_status()
    return answer
