"""Every table of the console: sorted, narrowed and taken out as a file, and said in words when nothing fits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urljoin

import pytest
from litestar.testing import TestClient
from tests.app.builders import SHOP, an_installation
from tests.shop.builders import CONTRACT, a_line, a_product, an_offer, an_order

from zhanggui.app.build import open_control, open_rooms
from zhanggui.app.console.import_words import CELLS
from zhanggui.app.site import create_app
from zhanggui.app.web import tables
from zhanggui.app.web.order_words import ORDER_STATES
from zhanggui.kernel.settings import Settings
from zhanggui.shop import Customer, OrderState

NOTHING = "narrowed=to-what-there-is-not"
TABLES = {
    "products": f"q={NOTHING}",
    "orders": f"q={NOTHING}",
    "customers": f"q={NOTHING}",
    "import": f"q={NOTHING}",
    "jobs": f"q={NOTHING}",
    "labels": f"q={NOTHING}",
    "models": "state=refused",
    "users": f"q={NOTHING}",
    "keys": f"q={NOTHING}",
}
"""Every list that is a table → an address in which nothing fits."""


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A shop that has a row or two of most things."""
    settings = an_installation(tmp_path_factory.mktemp("tables"))
    with open_rooms(SHOP, settings) as rooms:
        rooms.catalogue.put_products([a_product(f"tea-{n}") for n in range(60)])
        rooms.catalogue.put_offers([an_offer(f"tea-{n}", price_minor=100) for n in range(60)])
        rooms.people.put_customers([Customer(id="c-lin")], CONTRACT)
        rooms.orders.put_orders([an_order("o-1", customer_id="c-lin", lines=[a_line("tea-3")])], CONTRACT)
    with open_control(settings) as control:
        control.users.add("owner", roles={SHOP: "owner"})
        control.users.add("newcomer", roles={})
    return settings


@pytest.fixture(scope="module")
def owner(settings: Settings) -> Iterator[TestClient[object]]:  # type: ignore[type-arg]
    """The owner's browser."""
    with open_control(settings) as control:
        link = control.users.login_link("owner")
    with TestClient(create_app(settings)) as browser:
        browser.post(f"/login/link/{link}")
        yield browser


@pytest.mark.parametrize("table", TABLES)
def test_every_table_sorts_by_each_of_its_heads(owner: TestClient[object], table: str) -> None:  # type: ignore[type-arg]
    address = f"/console/{SHOP}/{table}"
    heads = re.findall(
        r'<th scope="col"[^>]*aria-sort="none">\s*<a class="hit" href="([^"]+)"', owner.get(address).text
    )

    assert heads
    for head in map(unescape, heads):
        assert 'aria-sort="ascending"' in owner.get(urljoin(address, head)).text


@pytest.mark.parametrize("table", TABLES)
def test_every_table_is_narrowed_and_says_when_nothing_fits(owner: TestClient[object], table: str) -> None:  # type: ignore[type-arg]
    address = f"/console/{SHOP}/{table}"
    page = owner.get(f"{address}?lang=en&{TABLES[table]}").text

    assert 'role="search"' in page
    assert "Nothing fits this search." in page
    assert "Show all" in page


@pytest.mark.parametrize("table", [*TABLES, "ledger", "inbox"])
def test_every_table_goes_out_as_a_file(owner: TestClient[object], table: str) -> None:  # type: ignore[type-arg]
    page = owner.get(f"/console/{SHOP}/{table}").text
    files = [unescape(link) for link in re.findall(r'href="([^"]+\.csv[^"]*)"', page)]

    assert files
    answer = owner.get(files[0])
    assert answer.headers["content-type"].startswith("text/csv")
    assert answer.text.count("\n") >= 1


def test_a_long_table_has_pages(owner: TestClient[object]) -> None:  # type: ignore[type-arg]
    first = owner.get(f"/console/{SHOP}/products").text
    second = owner.get(f"/console/{SHOP}/products?page=2").text

    assert 'rel="next"' in first
    assert 'rel="prev"' in second
    assert not set(re.findall(r"/products/(tea-\d+)", first)) & set(re.findall(r"/products/(tea-\d+)", second))


@pytest.mark.parametrize(
    ("account", "path", "status"),
    [
        ("", "/login", 200),
        ("", "/login/link/{link}", 200),
        ("", "/login/link/none", 401),
        ("newcomer", "/console", 200),
        ("owner", f"/console/{SHOP}", 200),
        ("owner", f"/console/{SHOP}/inbox", 200),
        ("owner", f"/console/{SHOP}/products/none", 404),
        ("", f"/shop/{SHOP}", 200),
        ("", f"/shop/{SHOP}/p/none", 404),
        ("", "/widgets", 200),
    ],
)
def test_every_page_leads_to_itself_in_the_other_language(
    owner: TestClient[object],  # type: ignore[type-arg]
    settings: Settings,
    account: str,
    path: str,
    status: int,
) -> None:
    client = TestClient(owner.app)
    with open_control(settings) as control:
        path = path.format(link=control.users.login_link("newcomer"))
        if account:
            client.post(f"/login/link/{control.users.login_link(account)}", follow_redirects=False)

    page = client.get(path, headers={"accept-language": "en"})

    assert page.status_code == status
    switch = re.search(r'<a[^>]*href="([^"]*[?&]lang=zh)[^"]*"[^>]*lang="zh-Hans"', page.text.replace("&amp;", "&"))
    assert switch is not None, page.text[-1500:]
    assert 'lang="zh-Hans"' in client.get(unescape(switch[1])).text.partition(">")[2].partition(">")[0]


def test_everything_is_paused_and_goes_on_by_the_button_of_every_page(owner: TestClient[object]) -> None:  # type: ignore[type-arg]
    address = f"/console/{SHOP}/orders"

    def press(resume: str) -> str:
        page = owner.get(address).text
        token = re.search(r'name="csrf" value="([^"]+)"', page)
        assert token is not None
        headers = {"referer": f"{owner.base_url}{address}"}
        answer = owner.post(
            f"/console/{SHOP}/pause", data={"csrf": token[1], "resume": resume}, headers=headers, follow_redirects=False
        )
        assert answer.headers["location"] == address
        return owner.get(f"{address}?lang=en").text

    paused = press("")
    assert "Everything is paused" in paused
    assert "Go on" in paused
    resumed = press("1")
    assert "Everything is paused" not in resumed
    assert "Pause everything" in resumed


def test_how_an_order_stands_is_said_alike_to_merchant_shopper_and_in_files() -> None:
    assert set(ORDER_STATES) == set(OrderState)
    assert {state: CELLS[state] for state in OrderState} == ORDER_STATES
    pages = Path(tables.__file__).parents[1]
    said = [
        path
        for path in pages.rglob("*.py")
        if re.search(r'"(?:shipped|SHIPPED)"|OrderState\.SHIPPED:', path.read_text())
    ]
    assert [path.name for path in said] == ["order_words.py"]
