"""Products, orders, customers, reasons and search: what is shown, to whom, and what stays masked."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from litestar.testing import TestClient
from tests.app.builders import SHOP, an_installation
from tests.shop.builders import CONTRACT, a_line, a_product, a_question, a_review, an_offer, an_order

from zhanggui.app.build import open_control, open_rooms
from zhanggui.app.rooms import Rooms
from zhanggui.app.site import create_app
from zhanggui.kernel.settings import Settings
from zhanggui.recommend import ShowLess
from zhanggui.shop import Customer, Event, EventName, Identifiers, OrderState, ProductText, Shipment
from zhanggui.trust import Author, LedgerAsk, ProposalDraft, Rationale, offer_subject

BASE = f"/console/{SHOP}"
CLEAR = ("林若溪", "13812341234", "lin@example.com", "杭州市西湖区 1 号")
BY_NICKNAME = Customer(
    id="nickname-" + "3be3" * 8, identifiers=Identifiers(phone="13700137000", platform_ids={"nickname": "山月客"})
)
AT = datetime.now(UTC) - timedelta(days=2)
Client = TestClient[object]  # type: ignore[type-arg]


def fill(rooms: Rooms) -> None:
    teas = [
        a_product(
            f"tea-{n}",
            texts={"zh": ProductText(title=f"绿茶{n}"), "en": ProductText(title=f"Green tea {n}")},
            category=("茶", "绿茶"),
            keywords=("绿茶",),
        )
        for n in range(60)
    ]
    rooms.catalogue.put_products([*teas, a_product("evil", title="=HYPERLINK(1)<script>alert(1)</script>")])
    rooms.catalogue.put_offers(
        [an_offer(f"tea-{n}", price_minor=1000 + n, cost_minor=777, on_hand=n) for n in range(60)]
    )
    name, phone, email, address = CLEAR
    lin = Customer(
        id="c-lin",
        identifiers=Identifiers(name=name, phone=phone, email=email, address=address),
        province="浙江",
        city_tier=2,
    )
    rooms.people.put_customers([lin, Customer(id="c-other"), BY_NICKNAME], CONTRACT)
    rooms.orders.put_orders(
        [
            an_order("o-1", customer_id="c-lin", at=AT, province="浙江", lines=[a_line("tea-3", quantity=2)]),
            an_order("o-2", at=AT - timedelta(days=50), province="四川", state=OrderState.DELIVERED),
            an_order("o-3", customer_id="c-lin", at=AT, state=OrderState.CANCELLED, lines=[a_line("tea-4")]),
            an_order(
                "o-4",
                customer_id=BY_NICKNAME.id,
                at=AT - timedelta(days=40),
                state=OrderState.DELIVERED,
                lines=[a_line("tea-4")],
                shipments=(Shipment(id="SF-1", carrier="SF"),),
            ),
        ],
        CONTRACT,
    )
    rooms.words.put_reviews([a_review(product_id="tea-3", text="茶香很好", stars=5)])
    rooms.words.put_questions([a_question(product_id="tea-3", text="是新茶吗")])
    rooms.people.identify("v-lin", "c-lin")
    looks = [
        Event(id=f"e{n}", name=EventName.VIEW_ITEM, at=AT, customer_id="c-lin", product_id=f"tea-{n}")
        for n in (5, 6, 0)
    ]
    rooms.events.accept(looks)
    rooms.recommend.show_less(ShowLess(product_id="tea-6", customer_id="c-lin"))


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = an_installation(tmp_path_factory.mktemp("facts"))
    with open_rooms(SHOP, settings) as rooms:
        fill(rooms)
    with open_control(settings) as control:
        for role in ("owner", "operator", "agent", "analyst", "auditor"):
            control.users.add(role, roles={SHOP: role})
    return settings


@pytest.fixture(scope="module")
def as_(settings: Settings) -> Iterator[Callable[[str], Client]]:
    """A browser in which a role is logged in; all share one site."""
    app = create_app(settings)
    opened: dict[str, Client] = {}

    def of(role: str) -> Client:
        if role not in opened:
            with open_control(settings) as control:
                link = control.users.login_link(role)
            client = opened[role] = TestClient(app)
            client.headers["accept-language"] = "en"
            client.post(f"/login/link/{link.rpartition('/')[2]}", follow_redirects=False)
        return opened[role]

    with TestClient(app):
        yield of


@pytest.fixture
def owner(as_: Callable[[str], Client]) -> Client:
    return as_("owner")


def csrf_of(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def ids_in(page: str, place: str) -> list[str]:
    return re.findall(rf'href="{BASE}/{place}/([\w-]+)"', page)


@pytest.mark.parametrize(
    "path",
    [
        "/products",
        "/products/tea-3",
        "/products/evil",
        "/orders",
        "/orders/o-1",
        "/orders/o-2",
        "/customers",
        "/customers/c-lin",
        "/customers/c-other",
        "/recommendations",
        "/recommendations?customer=c-lin&surface=cart",
        "/recommendations?visitor=v-lin&q=c-",
        "/find?q=tea",
        "/find/rows?q=o-",
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_answers_in_both_languages(owner: Client, path: str, language: str) -> None:
    answer = owner.get(f"{BASE}{path}", headers={"accept-language": language})

    assert answer.status_code == 200, answer.text
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize("path", ["/products/none", "/orders/none", "/customers/none", "/pictures/none"])
def test_what_there_is_not_is_said_on_a_page(owner: Client, path: str) -> None:
    assert owner.get(f"{BASE}{path}").status_code in {404, 422}


def test_products_are_sorted_filtered_searched_and_paged(owner: Client) -> None:
    def shown(query: str) -> list[str]:
        return list(dict.fromkeys(ids_in(owner.get(f"{BASE}/products{query}").text, "products")))

    assert shown("?sort=-price")[:2] == ["tea-59", "tea-58"]
    assert shown("?state=sold_out") == ["tea-0"]
    assert shown("?q=Green+tea+59") == ["tea-59"]
    assert shown("?sort=-sold")[0] == "tea-3"
    assert (len(shown("")), len(shown("?page=2"))) == (50, 11)
    assert shown("?page=999") == []
    assert shown("?sort=nothing&state=nothing&page=-7") == shown("")


def test_a_products_file_holds_all_pages_and_no_formula(owner: Client) -> None:
    rows = rows_of(owner.get(f"{BASE}/products.csv").text)

    assert len(rows) == 61
    assert {row["id"]: row["price"] for row in rows}["tea-3"] == "10.03"
    assert next(row for row in rows if row["id"] == "evil")["title"].startswith("'=")


def test_orders_are_filtered_by_state_province_and_day(owner: Client) -> None:
    def shown(query: str) -> set[str]:
        return set(ids_in(owner.get(f"{BASE}/orders?{query}").text, "orders"))

    assert shown("state=cancelled") == {"o-3"}
    assert shown("province=四川") == {"o-2"}
    assert shown("q=o-1") == {"o-1"}
    assert shown("day=1999-01-01") == set()
    assert shown("day=not-a-day") == {"o-1", "o-2", "o-3", "o-4"}
    assert shown("state=nonsense") == {"o-1", "o-2", "o-3", "o-4"}


def test_an_order_shows_its_lines_and_what_happened(owner: Client) -> None:
    page = owner.get(f"{BASE}/orders/o-1").text

    assert "Green tea 3" in page
    assert "¥176.00" in page
    assert "Order placed" in page


def test_costs_are_for_who_manages(as_: Callable[[str], Client]) -> None:
    assert "¥7.77" in as_("owner").get(f"{BASE}/products/tea-3").text
    assert "¥7.77" not in as_("agent").get(f"{BASE}/products/tea-3").text


def test_a_product_shows_how_its_price_was_changed_and_what_the_ledger_says_of_it(
    settings: Settings, as_: Callable[[str], Client]
) -> None:
    with open_rooms(SHOP, settings) as rooms:
        rooms.catalogue.put_products([a_product("repriced")])
        rooms.catalogue.put_offers([an_offer("repriced", price_minor=10_000)])
        changes = [
            ProposalDraft(
                kind="shop.reprice_offer",
                subject=subject,
                change={"price_minor": price_minor},
                reason=Rationale(code="slow_seller"),
                author=Author(name="li"),
            )
            for subject, price_minor in (("repriced", 9_000), (offer_subject(an_offer("repriced")), 8_100))
        ]
        for draft in changes:
            [proposal] = rooms.proposals.propose([draft])
            rooms.proposals.approve(proposal.id, "user:li")
        rooms.proposals.undo(proposal.id, "user:li")

    text = as_("owner").get(f"{BASE}/products/repriced").text
    prices = text.partition('id="h-prices"')[2].partition("</table>")[0]
    ledger = text.partition('id="h-ledger"')[2].partition("</ul>")[0]

    assert [shown in prices for shown in ("100.00", "90.00", "81.00", "↓ 10.0%", "Taken back", "Asked now")] == [
        True
    ] * 6
    assert ledger.count("<li") == 6  # the newest of seven
    assert "Change undone" in ledger
    found = as_("owner").get(f"{BASE}/ledger", params={"subject": "product:repriced"}).text
    assert found.count('class="link num"') == 7
    assert 'id="h-ledger"' not in as_("agent").get(f"{BASE}/products/repriced").text


def test_an_agent_sees_products_without_what_people_wrote(as_: Callable[[str], Client]) -> None:
    assert "茶香很好" in as_("operator").get(f"{BASE}/products/tea-3").text
    assert "茶香很好" not in as_("agent").get(f"{BASE}/products/tea-3").text


@pytest.mark.parametrize("role", ["agent", "analyst", "auditor"])
@pytest.mark.parametrize(
    "path",
    [
        "/orders",
        "/orders.csv",
        "/orders/o-1",
        "/customers",
        "/customers.csv",
        "/customers/c-lin",
        "/recommendations",
        "/recommendations?customer=c-lin",
    ],
)
def test_people_are_nobody_else_s_business(as_: Callable[[str], Client], role: str, path: str) -> None:
    answer = as_(role).get(f"{BASE}{path}")

    assert answer.status_code == 403
    assert not any(word in answer.text for word in CLEAR)


def test_lists_and_pages_carry_no_identifier_in_clear(owner: Client) -> None:
    for path in ("/customers", "/customers/c-lin", "/customers.csv", "/orders", "/find?q=c-lin", "/find?q=138"):
        text = owner.get(f"{BASE}{path}").text
        assert not [word for word in CLEAR if word in text], path
    page = owner.get(f"{BASE}/customers/c-lin")
    assert "138****1234" in page.text
    assert "林**" in page.text
    assert page.headers["cache-control"] == "no-store"


def test_customers_have_the_same_columns_on_the_page_and_in_the_file(owner: Client) -> None:
    page = owner.get(f"{BASE}/customers").text
    head = re.findall(r'<th scope="col"[^>]*>(.*?)</th>', page, re.DOTALL)
    told = [re.sub(r"<[^>]*>", "", one).strip() for one in head]
    assert told == ["Customer", "Phone", "Province", "City tier", "Since", "Orders", "Spent", "Last order"]

    file = csv.DictReader(io.StringIO(owner.get(f"{BASE}/customers.csv").content.decode("utf-8-sig")))
    assert file.fieldnames == [
        "id", "name", "phone", "province", "city_tier", "since", "orders", "spent", "currency", "last_order"
    ]  # fmt: skip
    lin = next(row for row in file if row["id"] == "c-lin")
    assert (lin["name"], lin["phone"], lin["city_tier"]) == ("林**", "138****1234", "2")
    row = page.partition("c-lin")[2].partition("</tr>")[0]
    assert '<td class="n wide">2</td>' in row


def test_a_long_timeline_shows_its_last_days_and_opens_the_earlier(
    owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = owner.get(f"{BASE}/customers/c-lin").text
    monkeypatch.setattr("zhanggui.app.console.customers.DAYS_AT_ONCE", 0)

    page = owner.get(f"{BASE}/customers/c-lin").text

    folded = page.partition("earlier day")[2].partition("</details>")[0]
    assert folded.count('<li class="day">') == whole.count('<li class="day">') > 0
    assert "earlier day" not in whole


def test_showing_needs_a_reason_is_in_the_ledger_and_holds_for_one_view(owner: Client, settings: Settings) -> None:
    page = f"{BASE}/customers/c-lin"
    token = csrf_of(owner.get(page).text)

    refused = owner.post(f"{page}/show", data={"csrf": token, "reason": "made-up", "detail": "x"})
    shown = owner.post(f"{page}/show", data={"csrf": token, "reason": "delivery", "detail": "o-1"})

    assert refused.status_code == 422
    assert not any(word in refused.text for word in CLEAR)
    assert shown.status_code == 200
    assert all(word in shown.text for word in CLEAR)
    assert shown.headers["cache-control"] == "no-store"
    assert not any(word in owner.get(page).text for word in CLEAR)
    with open_rooms(SHOP, settings) as rooms:
        entries = rooms.ledger.find(LedgerAsk(kind="people.shown")).items
        person = rooms.consents.person(customer_id="c-lin")
    assert [entry.payload for entry in entries] == [{"person": person, "reason": "To deliver an order · o-1"}]
    assert entries[0].actor.startswith("user:")


def test_showing_is_refused_without_the_token_of_the_page(owner: Client) -> None:
    answer = owner.post(f"{BASE}/customers/c-lin/show", data={"csrf": "wrong", "reason": "delivery"})

    assert answer.status_code == 403
    assert not any(word in answer.text for word in CLEAR)


@pytest.mark.parametrize("role", ["agent", "analyst", "auditor"])
def test_showing_is_refused_to_who_may_not_see_people(as_: Callable[[str], Client], role: str) -> None:
    answer = as_(role).post(f"{BASE}/customers/c-lin/show", data={"reason": "delivery"})

    assert answer.status_code == 403


def test_a_login_can_be_taken_back(owner: Client, settings: Settings) -> None:
    page = owner.get(f"{BASE}/customers/c-lin").text
    assert '<span class="title" title="v-lin">Browser 1</span>' in page
    action = re.search(rf'action="({BASE}/customers/c-lin/logins/[^"]+)"', page)
    assert action is not None

    answer = owner.post(action[1], data={"csrf": csrf_of(page)}, follow_redirects=False)

    assert answer.status_code == 303
    with open_rooms(SHOP, settings) as rooms:
        number = rooms.consents.person(customer_id="c-lin")
        assert [one.is_in_force for one in rooms.browsing.visitors(number)] == [False]
        rooms.people.identify("v-lin", "c-lin")


def test_reasons_name_the_evidence_and_what_is_kept_away_without_counting_as_shown(
    owner: Client, settings: Settings
) -> None:
    page = owner.get(f"{BASE}/recommendations?customer=c-lin").text

    kept = page.partition("Kept away")[2]
    assert "The shopper asked for less like it" in kept
    assert "Sold out" in kept
    assert re.search(r'(Looked at|Bought) "Green tea \d+"<small><time', page)
    with open_rooms(SHOP, settings) as rooms, rooms.db.read() as db:
        assert db.exec_driver_sql("SELECT count(*) FROM served_lists").scalar() == 0


def test_the_finder_shows_a_role_only_what_its_pages_show(as_: Callable[[str], Client]) -> None:
    def groups(role: str, words: str) -> list[str]:
        answer = as_(role).get(f"{BASE}/find/rows", params={"q": words})
        return re.findall(r"<h3[^>]*>([^<]+)", answer.text) if answer.status_code == 200 else []

    assert groups("owner", "o-") == ["Orders"]
    assert groups("owner", "c-") == ["Customers"]
    assert groups("owner", "tea-5") == ["Products"]
    assert groups("agent", "o-") == groups("agent", "c-") == []
    assert groups("agent", "tea-5") == ["Products"]
    assert groups("auditor", "tea-5") == []
    assert groups("owner", "#1") == groups("auditor", "1") == ["Ledger"]
    assert groups("agent", "#1") == []
    assert "Pages of the console" in groups("owner", "rules and")
    assert groups("auditor", "rules and") == []
    assert "Settings" in groups("owner", "server.p")
    assert "Settings" not in groups("operator", "server.p")
    assert "Background work" in groups("owner", "shop.index")
    assert "Users" in groups("owner", "agent")
    assert "Users" not in groups("operator", "agent")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/products", ("Green tea",)),
        ("/products/tea-3", ("Tea", "Green tea")),
        ("/orders", ("Zhejiang", "Sichuan")),
        ("/orders/o-1", ("Zhejiang",)),
        ("/customers", ("Zhejiang",)),
        ("/customers/c-lin", ("Zhejiang",)),
    ],
)
def test_categories_and_provinces_are_named_in_the_readers_language(
    as_: Callable[[str], Client], path: str, words: tuple[str, ...]
) -> None:
    page = as_("owner").get(BASE + path, params={"lang": "en"}).text

    for word in words:
        assert re.search(rf">[^<]*\b{word}\b", page)
    assert "浙江<" not in page


@pytest.mark.parametrize("words", ["%", "_", "'; DROP TABLE orders;--", "<script>", "x" * 5000, "\U0010ffff"])
def test_hostile_words_find_nothing_and_break_nothing(owner: Client, words: str) -> None:
    for path in ("/find", "/find/rows", "/orders", "/customers", "/products", "/recommendations"):
        answer = owner.get(f"{BASE}{path}", params={"q": words})
        assert answer.status_code == 200, (path, answer.text)
        assert "<script>x" not in answer.text


def test_whom_a_file_told_by_a_nickname_is_called_by_it_masked_and_found_by_it(owner: Client) -> None:
    id_ = BY_NICKNAME.id
    for path in ("/orders", "/orders/o-4", "/customers", f"/customers/{id_}"):
        page = owner.get(BASE + path).text
        assert "山**" in page, path
        assert "山月客" not in page, path

    found = ids_in(owner.get(BASE + "/customers?q=山月客").text, "customers")
    assert set(found) == {id_}
    assert set(ids_in(owner.get(BASE + "/find?q=山月客").text, "customers")) == {id_}
    assert id_ not in owner.get(BASE + "/find?q=山月").text


def test_a_nickname_is_read_through_the_door_with_a_reason(owner: Client) -> None:
    page = f"{BASE}/customers/{BY_NICKNAME.id}"
    shown = owner.post(f"{page}/show", data={"csrf": csrf_of(owner.get(page).text), "reason": "delivery"})

    assert "山月客" in shown.text


def test_a_parcel_without_moments_of_its_own_is_where_its_order_is(owner: Client) -> None:
    page = owner.get(BASE + "/orders/o-4").text

    assert "SF-1" in page
    assert "Delivered" in page[page.index("h-parcels") :]
    assert "Being packed" not in page


def test_a_keys_name_is_no_persons_and_no_help_of_a_setting_shows_marks_of_code(owner: Client) -> None:
    owner.cookies.set("zg_lang", "zh")
    keys = owner.get(f"{BASE}/keys").text
    assert "密钥名称</label>" in keys
    assert "姓名" not in keys
    assert "`" not in owner.get(f"{BASE}/settings").text
