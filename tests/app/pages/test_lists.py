"""One walk over all lists of the console: each sorts as it says, is searched, has pages, goes out as it is shown."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import pytest
from bench.crawling import crawl, words_of
from litestar.testing import TestClient
from tests.app.builders import SHOP, an_installation
from tests.app.pages.table_walk import tables_of
from tests.shop.builders import CONTRACT, a_line, a_product, an_offer, an_order

from zhanggui.app.build import open_control, open_rooms
from zhanggui.app.console import inbox_list
from zhanggui.app.rooms import Rooms
from zhanggui.app.site import create_app
from zhanggui.app.web import tables
from zhanggui.audience import NewSegment
from zhanggui.kernel.egress import EgressUse
from zhanggui.recommend.types.rules import PutRule, RuleKind
from zhanggui.shop import Customer
from zhanggui.trust import Author, CreateKey, Effect, ProposalDraft, Rationale
from zhanggui.trust.types.contests import Decision, OpenContest
from zhanggui.trust.types.egress import RegisterHost
from zhanggui.trust.types.persons import Ground
from zhanggui.trust.types.watch import AlertKind, Departure

Row = Mapping[str, str]
Client = TestClient[Any]
ROOM = f"/console/{SHOP}"


def number(column: str) -> Callable[[Row], Any]:
    return lambda row: float(row[column] or 0)


def text(column: str) -> Callable[[Row], Any]:
    return lambda row: row[column].casefold()


@dataclass(frozen=True)
class Listing:
    """A list: where it is, where its file is, what of a row stands on the page, what each head sorts by, a search.

    `None` in `sorts`: by words of the reader's language, which the file has as codes; its groups hold together.
    """

    page: str
    file: str
    shown: Callable[[Row], str]
    sorts: Mapping[str, Callable[[Row], Any] | None]
    search: str
    finds: int
    prefix: str = ""
    first: Mapping[str, str] = field(default_factory=dict)


LISTS = {
    "products": Listing(
        "products", "products.csv", lambda row: f"<small>{row['id']}</small>", {"price": number("price")}, "tea-2", 1
    ),
    "orders": Listing(
        "orders", "orders.csv", lambda row: row["id"], {"id": text("id"), "total": number("total")}, "o-2", 1
    ),
    "customers": Listing("customers", "customers.csv", lambda row: row["id"], {"id": text("id")}, "c-wu", 1),
    "users": Listing(
        "users", "users.csv", lambda row: f'<th scope="row">{row["account"]}', {"account": text("account")}, "own", 1
    ),
    "keys": Listing("keys", "keys.csv", lambda row: row["name"], {"name": text("name")}, "till", 1),
    "contests": Listing(
        "contests",
        "contests.csv",
        lambda row: row["id"],
        {"what": None, "state": None, "due": text("due_at")},
        "dear",
        1,
    ),
    "erasures": Listing(
        "erasures",
        "erasures.csv",
        lambda row: f"…{row['receipt'][-6:]}",
        {"at": text("at"), "ground": None, "rows": number("rows"), "state": text("state")},
        "needed no longer",
        1,
    ),
    "rules": Listing(
        "rules",
        "rules.csv",
        lambda row: f">{row['name']}</a>",
        {"name": text("name"), "kind": None, "surface": text("surface"), "standing": None},
        "spring",
        1,
    ),
    "segments": Listing(
        "segments",
        "segments.csv",
        lambda row: row["name"],
        {"name": text("name"), "people": number("customers"), "created": text("created_at")},
        "many",
        1,
    ),
    "settings": Listing(
        "settings",
        "settings.csv",
        lambda row: f'faint mono">{row["setting"]}<',
        {"setting": text("setting"), "part": None, "value": text("value"), "line": text("line")},
        "server.workers",
        1,
    ),
    "alerts": Listing(
        "protection",
        "protection/alerts.csv",
        lambda row: f"alert-{row['alert']}",
        {"alert": None, "time": text("time"), "seen": number("seen"), "usual": number("usual"), "acknowledged": None},
        "many logins",
        1,
        prefix="alert-",
    ),
    "hosts": Listing(
        "protection",
        "protection/egress.csv",
        lambda row: row["host"],
        {"host": text("host"), "use": None, "country": text("country")},
        "tea.example",
        1,
        prefix="host-",
    ),
}


@pytest.fixture(scope="module")
def owner(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """The owner's browser before a shop that has three rows of everything, none equal to another."""
    settings = an_installation(tmp_path_factory.mktemp("lists"))
    with open_rooms(SHOP, settings) as rooms:
        _goods_and_people(rooms)
        _decisions(rooms)
    with open_control(settings) as control:
        for name, role in (("owner", "owner"), ("zoe", "analyst"), ("abe", "auditor")):
            control.users.add(name, roles={SHOP: role})
        for name in ("till", "App", "shop window"):
            control.keys.create(SHOP, CreateKey(name=name, scopes=("shop:read",)))
        link = control.users.login_link("owner")
    with TestClient(create_app(settings)) as browser:
        browser.post(f"/login/link/{link}")
        browser.headers["accept-language"] = "en"
        yield browser


def _goods_and_people(rooms: Rooms) -> None:
    ids = [f"tea-{n}" for n in range(3)]
    rooms.catalogue.put_products([a_product(id_) for id_ in ids])
    rooms.catalogue.put_offers([an_offer(id_, price_minor=100 * (7 * n % 5 + 1)) for n, id_ in enumerate(ids)])
    rooms.people.put_customers(
        [Customer(id=id_) for id_ in ("c-lin", "c-wu", "c-an", "gone-1", "gone-2", "gone-3")], CONTRACT
    )
    rooms.orders.put_orders(
        [an_order(f"o-{n}", customer_id="c-lin", lines=[a_line(id_, quantity=3 - n)]) for n, id_ in enumerate(ids)],
        CONTRACT,
    )
    for id_, ground in zip(
        ("gone-1", "gone-2", "gone-3"), (Ground.ASKED, Ground.PURPOSE_OVER, Ground.UNLAWFUL), strict=True
    ):
        rooms.persons.erase(customer_id=id_, actor="user:li", ground=ground)


def _decisions(rooms: Rooms) -> None:
    for n, (decision, words) in enumerate(
        ((Decision.PRICE, "too dear"), (Decision.OFFER, "why"), (Decision.OTHER, "no"))
    ):
        rooms.contests.open(OpenContest(decision=decision, about=f"tea-{n}", words=words, customer_id="c-an"), "test")
    for kind, name, surface in (
        (RuleKind.PIN, "spring", "home"),
        (RuleKind.BURY, "Autumn", "cart"),
        (RuleKind.BOOST, "may", ""),
    ):
        rooms.rule_trials.rules.create(
            PutRule(kind=kind, name=name, surface=surface, target='id = "tea-1"', value=1), "test"
        )
    for name, rule in (("many", "orders >= 9"), ("few", "orders >= 1"), ("Some", "orders >= 3")):
        rooms.audience.segments.add(NewSegment(name=name, rule=rule), "test")
    for kind, seen, usual in ((AlertKind.LOGINS, 5, 2), (AlertKind.MODEL, 3, None), (AlertKind.DATA, 9, 4)):
        rooms.watch.tell([Departure(kind=kind, subject="shop", seen=seen, usual=usual, most=1)])
    for host, country, use in (
        ("a.tea.example", "DE", EgressUse.ALERTS),
        ("c.example", "CN", EgressUse.OUTBOX),
        ("b.example", "JP", EgressUse.LLM),
    ):
        rooms.egress.add(RegisterHost(host=host, use=use, country=country, contract="c"), "test")
    for n, amount in enumerate((300, 900, 600)):
        draft = ProposalDraft(
            kind="shop.reprice_offer",
            subject=f"tea-{n}",
            change={"price_minor": 90 + n},
            reason=Rationale(code="test"),
            effect=Effect(amount_minor=amount, low_minor=amount - 50, high_minor=amount + 50, currency="CNY"),
            author=Author(name="anna"),
        )
        rooms.proposals.propose([draft])


def file_of(owner: Client, listing: Listing, query: str = "") -> list[Row]:
    answer = owner.get(f"{ROOM}/{listing.file}{query}")
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def page_of(owner: Client, listing: Listing, query: str = "") -> str:
    answer = owner.get(f"{ROOM}/{listing.page}{query}")
    assert answer.status_code == 200, answer.text
    return str(answer.text)


def heads(page: str, prefix: str) -> list[str]:
    links = re.findall(r'aria-sort="\w+">\s*<a class="hit" href="[^"?]*\?([^"]+)"', page)
    return [one for link in links for one in re.findall(rf"(?:^|&){re.escape(prefix)}sort=(\w+)", unescape(link))]


@pytest.mark.parametrize("name", LISTS)
def test_a_list_sorts_by_each_of_its_heads_both_ways_and_its_file_is_in_the_same_order(
    owner: Client, name: str
) -> None:
    listing = LISTS[name]

    offered = set(heads(page_of(owner, listing), listing.prefix))

    assert set(listing.sorts) <= offered
    if listing.page not in ("products", "orders", "customers", "users", "keys"):
        assert set(listing.sorts) == offered
    for key, value in listing.sorts.items():
        up, down = (f"?{listing.prefix}sort={sign}{key}" for sign in ("", "-"))
        rows, turned = file_of(owner, listing, up), file_of(owner, listing, down)
        assert len(rows) == len(turned) >= 3
        if value is not None:
            said = [value(row) for row in rows]
            assert said == sorted(said)
            assert [value(row) for row in turned] == sorted(said, reverse=True)
        page = page_of(owner, listing, up)
        assert 'aria-sort="ascending"' in page
        places = [page.index(listing.shown(row)) for row in rows[: tables.PER_PAGE]]
        assert places == sorted(places)
        if turned != rows:
            assert page_of(owner, listing, down).index(listing.shown(turned[0])) >= 0


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_searched_and_the_file_that_it_links_has_what_was_found(owner: Client, name: str) -> None:
    listing = LISTS[name]

    page = page_of(owner, listing, f"?{listing.prefix}q={listing.search}")
    link = re.search(rf'href="([^"]*/{re.escape(listing.file)}[^"]*)"', page)

    assert link is not None
    found = list(csv.DictReader(io.StringIO(owner.get(unescape(link[1])).text.removeprefix("\ufeff"))))
    assert len(found) == listing.finds
    missing = [row for row in file_of(owner, listing) if row not in found]
    assert missing
    body = page.partition("<tbody>")[2]
    assert all(listing.shown(row) not in body for row in missing)
    assert 'role="search"' in page
    nothing = page_of(owner, listing, f"?{listing.prefix}q=there-is-no-such-thing")
    assert "Nothing fits this search." in nothing
    assert "Show all" in nothing


@pytest.mark.parametrize("name", [name for name in LISTS if name not in ("products", "orders", "customers")])
def test_a_list_has_pages(owner: Client, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    listing = LISTS[name]
    monkeypatch.setattr(tables, "PER_PAGE", 2)
    rows = file_of(owner, listing)

    first = page_of(owner, listing)
    second = page_of(owner, listing, f"?{listing.prefix}page=2")

    assert 'rel="next"' in first
    assert 'rel="prev"' in second
    shown = [listing.shown(row) for row in rows]
    assert [one in first for one in shown] == [True, True] + [False] * (len(rows) - 2)
    assert [one in second for one in shown][:2] == [False, False]


@pytest.mark.parametrize("name", LISTS)
def test_a_list_says_that_it_is_on_its_way_and_stays_when_no_answer_comes(owner: Client, name: str) -> None:
    """Both hang on what its links and its search are fetched by; what the script makes of it a browser test holds."""
    page = page_of(owner, LISTS[name])

    form = re.search(r'<form class="row table-tools"[^>]*>', page)
    assert form is not None
    assert 'hx-target="#main"' in form[0]
    assert 'id="no-answer"' in page
    for link in re.findall(r'<th scope="col"[^>]*aria-sort[^>]*>\s*(<a [^>]+>)', page):
        assert 'hx-indicator="#main"' in link


def test_the_inbox_is_sorted_searched_and_paged(owner: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def inbox(query: str = "") -> tuple[str, list[str]]:
        page = owner.get(f"{ROOM}/inbox{query}").text
        return page, re.findall(r'<a class="cover title" href="[^"]*/inbox/(\w{26})', page)

    def file(query: str = "") -> list[Row]:
        return list(csv.DictReader(io.StringIO(owner.get(f"{ROOM}/inbox.csv{query}").text.removeprefix("\ufeff"))))

    assert [row["expected"] for row in file("?sort=gain")] == ["9.00", "6.00", "3.00"]
    for query in ("", "?sort=gain", "?sort=newest", "?sort=deadline"):
        assert inbox(query)[1] == [row["id"] for row in file(query)]
    assert [row["proposed_at"] for row in file("?sort=newest")] == sorted(
        (row["proposed_at"] for row in file()), reverse=True
    )

    page, found = inbox("?q=tea-1")
    link = re.search(r'href="[^"]*inbox\.csv(\?[^"]+)"', page)
    assert link is not None
    assert [row["id"] for row in file(unescape(link[1]))] == found
    assert len(found) == 1
    assert "Nothing fits this search." in inbox("?q=there-is-no-such-thing")[0]

    for module in (tables, inbox_list):
        monkeypatch.setattr(module, "PER_PAGE", 2)
    whole = [row["id"] for row in file()]
    assert inbox("?page=1")[1] == whole[:2]
    assert inbox("?page=2")[1] == whole[2:]
    assert inbox(f"/{whole[2]}")[1] == whole[2:]
    assert inbox("?page=99")[1] == whole[2:]


def test_who_was_erased_is_a_plain_word_wherever_customers_are_named(owner: Client) -> None:
    def said(path: str) -> str:
        page = owner.get(f"{ROOM}/{path}", headers={"accept-language": "en"})
        assert page.status_code == 200, page.text
        return re.sub(r'\b(?:href|action|value)="[^"]*"', "", str(page.text))

    people = said("customers")
    assert people.count("<span>Erased customer</span>") == 3
    assert "erased:" not in people
    assert "erased:" not in owner.get(f"{ROOM}/customers.csv").text
    found = said("customers?q=Erased+customer")
    assert found.count("<span>Erased customer</span>") == 3
    assert "c-lin" not in found
    assert "Erased customer" in said("find?q=erased+customer")
    link = re.search(r'href="[^"]*/customers/(erased[^"]+)"', owner.get(f"{ROOM}/customers").text)
    assert link is not None
    one = said(f"customers/{link[1]}")
    assert "<h1>Erased customer</h1>" in one
    assert "erased:" not in one
    assert "已删除的顾客" in owner.get(f"{ROOM}/customers?lang=zh").text


def test_every_table_that_a_page_shows_sorts_is_narrowed_has_pages_and_a_file_that_comes(owner: Client) -> None:
    """The pages are found by their links, so a new one is looked at unasked; tables by hand: test_every_table.py."""
    pages = crawl(owner, (ROOM,), words_of(route.path for route in owner.app.routes)).pages  # type: ignore[attr-defined]
    console = [page for page in pages if page.startswith(ROOM)]
    shown = [(page, table) for page in console for table in tables_of(owner.get(page).text)]

    assert len(console) > 30
    assert len(shown) > 12
    assert [(page, table.caption, table.lacks) for page, table in shown if table.lacks] == []
    for page, table in shown:
        assert owner.get(table.file).headers["content-type"].startswith("text/csv"), (page, table.caption)
