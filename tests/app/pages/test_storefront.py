"""The storefront over the real application, as a browser without JavaScript sees it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from litestar.testing import TestClient
from tests.app.builders import SHOP
from tests.app.pages.storefront_shop import BASE, Visitor, a_furnished_shop, served_lists, shelf_ids

from zhanggui.app.build import open_rooms
from zhanggui.app.rooms import Rooms
from zhanggui.app.site import create_app
from zhanggui.app.storefront.telling import device_of
from zhanggui.app.storefront.wishes import told_once
from zhanggui.app.web.assets import load_assets
from zhanggui.audience.service.plans.shelf import PlanShelf
from zhanggui.audience.types.plans import PlanGoods
from zhanggui.kernel.privacy import Purpose
from zhanggui.kernel.settings import Settings
from zhanggui.recommend import ChipChoice, Preference
from zhanggui.recommend.service.served_buffer import ServedBuffer
from zhanggui.recommend.types.lists import ServedEntry
from zhanggui.recommend.types.rules import PutRule, RuleKind
from zhanggui.shop import EVENT_NUMBERS, Offer, OrderState
from zhanggui.trust import Author, ProposalDraft, Rationale, offer_subject
from zhanggui.trust.types.separate import PublishSeparateAsk, SeparateAct

NAMES = {number: name.value for name, number in EVENT_NUMBERS.items()}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return a_furnished_shop(tmp_path_factory.mktemp("storefront"))


@pytest.fixture(scope="module")
def rooms(settings: Settings) -> Iterator[Rooms]:
    with open_rooms(SHOP, settings) as opened:
        yield opened


@pytest.fixture(scope="module")
def another(settings: Settings) -> Iterator[Callable[[], Visitor]]:
    app = create_app(settings)
    with TestClient(app) as first:
        yield lambda: Visitor(_sharing(first))


@pytest.fixture
def visitor(another: Callable[[], Visitor]) -> Visitor:
    return another()


def _sharing(first: TestClient) -> TestClient:  # type: ignore[type-arg]
    """A client of the same running application with cookies of its own."""
    client = TestClient(first.app)
    client.blocking_portal = first.blocking_portal
    return client


def told(rooms: Rooms, visitor: Visitor) -> list[dict[str, object]]:
    """All events of a visitor, in order of arrival; `name` says what each is."""
    with rooms.db.read() as db:
        subject = rooms.people.subject(db, visitor_id=visitor.id)
    numbers = () if subject is None else subject.numbers
    found = [row for batch in rooms.history.history(Purpose.SERVICE, with_extra=True) for row in batch.to_pylist()]
    own = sorted((row for row in found if row["person"] in numbers), key=lambda row: row["seq"])
    return [row | {"name": NAMES[row["kind"]]} for row in own]


def names(rooms: Rooms, visitor: Visitor) -> list[object]:
    return [row["name"] for row in told(rooms, visitor)]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "path",
    ["", "/c", "/c/茶", "/c/茶/绿茶", "/search", "/search?q=龙井", "/search?q=nothing", "/p/longjing", "/cart",
     "/checkout", "/orders", "/me", "/login", "/about"],
)  # fmt: skip
def test_every_page_answers_in_both_languages(visitor: Visitor, path: str, language: str) -> None:
    page = visitor.get(f"{path}{'&' if '?' in path else '?'}lang={language}")

    assert f'lang="{"zh-Hans" if language == "zh" else "en"}"' in page
    assert page.count("<h1") == 1


def test_a_shoppers_language_is_kept_and_is_not_the_merchants(visitor: Visitor) -> None:
    visitor.get("?lang=en")

    assert 'lang="en"' in visitor.get("/about")
    login = visitor.client.get("/login", headers=visitor.headers)
    assert login.headers["content-language"] == "zh"


def test_categories_chips_and_options_are_named_in_the_readers_language(visitor: Visitor) -> None:
    english = visitor.get("/p/longjing?lang=en") + visitor.get("/c/茶?lang=en")
    chinese = visitor.get("/c/茶?lang=zh")

    assert ">Tea<" in english
    assert ">Green tea<" in english
    assert "绿茶" not in re.sub(r'(?:href|value|action)="[^"]*"', "", english)
    assert "Zhejiang" in visitor.get("/login?lang=en")
    assert "绿茶" in chinese
    assert "Green tea" not in chinese


def test_the_first_view_is_light(visitor: Visitor) -> None:
    weight = len(load_assets()["storefront.css"].body)

    for path in ("", "/c/茶", "/p/longjing"):
        assert weight + len(visitor.get(path).encode()) <= 60 * 1024


def test_a_page_waits_for_one_style_sheet_which_holds_what_it_imports_once(visitor: Visitor) -> None:
    sheets = {name: asset.body.decode() for name, asset in load_assets().items() if name.endswith(".css")}

    assert len(re.findall(r'rel="stylesheet"', visitor.get())) == 1
    for name in ("storefront.css", "console.css", "tour.css", "widgets.css"):
        assert "@import" not in sheets[name]
        assert sheets[name].count("@layer tokens,base,parts,page") == 1


def test_pictures_have_their_size_and_only_the_first_are_not_lazy(visitor: Visitor) -> None:
    pictures = re.findall(r"<img [^>]+>", visitor.get())

    assert pictures
    assert all('width="' in one and 'height="' in one for one in pictures)
    eager = [one for one in pictures if "loading=" not in one and "seen.gif" not in one]
    assert eager
    assert all('fetchpriority="high"' in one for one in eager)


def test_a_thumbnail_is_small_and_may_be_kept_for_a_year(visitor: Visitor) -> None:
    name = re.search(r"/img/([0-9a-f]{20})-480\.webp", visitor.get())
    assert name
    answer = visitor.client.get(f"{BASE}/img/{name.group(1)}-240.webp")

    assert answer.headers["content-type"] == "image/webp"
    assert "immutable" in answer.headers["cache-control"]
    for wrong in (f"{name.group(1)}-241.webp", f"{'0' * 64}-240.webp", "x-240.webp", f"{name.group(1)}-99999.webp"):
        assert visitor.client.get(f"{BASE}/img/{wrong}").status_code == 404


def test_a_visit_counts_once_and_bots_and_what_is_loaded_ahead_not_at_all(visitor: Visitor, rooms: Rooms) -> None:
    visitor.get("/p/longjing", **{"user-agent": "Googlebot/2.1"})
    visitor.get("/p/longjing", **{"sec-purpose": "prefetch;prerender"})
    assert names(rooms, visitor) == []

    visitor.get("/p/longjing")
    visitor.get("/p/longjing")

    assert names(rooms, visitor) == ["view_item"]


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148", "phone"),
        ("Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "phone"),
        ("Mozilla/5.0 (Linux; Android 15; SM-X710) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", "tablet"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", "desktop"),
        ("", ""),
    ],
)
def test_only_the_class_of_a_device_is_told(agent: str, device: str) -> None:
    assert device_of({"user-agent": agent}) == device


def test_a_click_in_a_list_a_search_and_the_time_seen_are_told(visitor: Visitor, rooms: Rooms) -> None:
    visitor.get("/search?q=龙井")
    visitor.client.cookies.set("zg_engaged", "4200", path=BASE)
    visitor.get("/p/longjing?on=search&at=1")

    rows = told(rooms, visitor)
    assert [row["name"] for row in rows] == ["search", "select_item", "view_item"]
    assert ["4200" in str(row["extra"]) for row in rows] == [False, True, False]


def test_what_was_in_view_is_told_by_the_script_and_without_it_by_a_picture(visitor: Visitor, rooms: Rooms) -> None:
    visitor.post("/seen", 204, on="home", list="L", p="1:longjing,2:nothing,x:taosu,3:taosu")
    visitor.get("/seen.gif?on=new&p=1:puer")
    visitor.get("/seen.gif?on=nonsense&p=1:puer")

    assert names(rooms, visitor) == ["view_item_list"] * 3
    assert "nothing" not in rooms.catalogue.products_of(["nothing"])


def test_less_of_a_product_takes_it_away_at_once_and_undo_brings_it_back(visitor: Visitor) -> None:
    visitor.get("/p/longjing")
    before = shelf_ids(visitor.get())
    product = before[1]
    location = visitor.post("/less", product=f"2:{product}", surface="home", back=BASE).headers["location"]
    page = visitor.get(location.partition("#")[0].removeprefix(BASE))

    assert location.endswith("#shelf-home")
    assert product not in shelf_ids(page)
    assert 'class="good-gone"' in page
    preference = re.search(rf'action="{BASE}/less/(\w{{26}})"', page)
    assert preference
    visitor.post(f"/less/{preference.group(1)}", undo="1", surface="home", back=BASE)
    assert shelf_ids(visitor.get()) == before


def test_an_undone_wish_is_neither_avoided_nor_told_as_the_last_thing_done(visitor: Visitor) -> None:
    visitor.get("/p/longjing")
    product = shelf_ids(visitor.get())[1]
    location = visitor.post("/less", product=f"2:{product}", surface="home", back=BASE).headers["location"]
    preference = re.search(r"less=(\w{26})", location)
    assert preference
    assert 'id="avoided"' in visitor.get("/me/profile")
    assert "想少看 <a" in visitor.get("/me")

    visitor.post(f"/less/{preference.group(1)}", undo="1", back=f"{BASE}/me")

    assert 'id="avoided"' not in visitor.get("/me/profile")
    assert "想少看 <a" not in visitor.get("/me")


def test_traits_of_the_same_words_are_offered_and_told_once() -> None:
    held = Preference(
        "p",
        "kettle",
        (
            ChipChoice("category", "小家电", "category:家电/小家电", is_chosen=False),
            ChipChoice("keyword", "小家电", "keyword:小家电", is_chosen=True),
            ChipChoice("brand", "苏泊尔", "brand:苏泊尔", is_chosen=False),
        ),
        1.0,
        is_undone=False,
    )

    assert [chip.key for chip in told_once(held, "zh").chips] == ["keyword:小家电", "brand:苏泊尔"]


def test_a_switch_that_moves_another_one_says_so_before_and_after(visitor: Visitor) -> None:
    visitor.get("/p/longjing")
    before = visitor.get("/me")
    assert "关掉这一项，也会一并关掉「训练模型」" in before
    assert "它就跟着「个性化推荐」" in before
    assert "一次管全部 7 种方式：" in before

    visitor.post("/purposes", purpose="personalization", on="0")
    after = visitor.get("/me")
    assert "因为「个性化推荐」关着，所以它也关着" in after

    visitor.post("/purposes", purpose="training", on="1")
    own = visitor.get("/me")
    assert "也会一并关掉「训练模型」" not in own
    assert re.search(r'aria-checked="true" aria-labelledby="use-training"', own)
    assert re.search(r'aria-checked="false" aria-labelledby="use-personalization"', own)


def test_other_chips_can_be_chosen_and_the_script_gets_the_shelf_alone(visitor: Visitor) -> None:
    product = shelf_ids(visitor.get())[0]
    visitor.headers["x-part"] = "1"
    part = visitor.post("/less", 200, product=f"1:{product}", surface="home", back=BASE).text
    assert "<html" not in part
    preference = re.search(r"/less/(\w{26})", part)
    chips = re.findall(r'name="chip" value="([^"]+)"', part)
    assert preference
    assert chips
    changed = visitor.post(f"/less/{preference.group(1)}", 200, chip=chips[:2], surface="home", at="1").text

    assert [f'value="{key}" checked' in changed for key in chips[:2]] == [True, True]


def test_beside_a_product_shelves_lose_what_was_dismissed(visitor: Visitor) -> None:
    product = shelf_ids(visitor.get("/p/longjing"), "similar")[0]
    visitor.post("/less", product=f"1:{product}", surface="similar", of="longjing", back=f"{BASE}/p/longjing")

    assert product not in shelf_ids(visitor.get("/p/longjing"), "similar")


@pytest.mark.parametrize("path", ["", "/p/longjing"])
def test_why_says_what_the_card_says_and_its_shares_sum_to_a_hundred(visitor: Visitor, path: str) -> None:
    visitor.get("/p/longjing")
    visitor.get("/p/qimen")
    page = visitor.get(path)

    headlines = re.findall(r'<div class="reason"><p>([^<]+)</p>', page)
    reasons = re.findall(
        r'<aside class="pop" id="w-[^>]+><h3>[^<]+</h3>\s*<p>([^<]+)</p>(.*?)</aside>', page, re.DOTALL
    )

    assert headlines
    assert [headline for headline, _ in reasons] == headlines
    for _, rest in reasons:
        percents = [int(percent) for percent in re.findall(r" (\d+)%", rest)]
        assert not percents or sum(percents) == 100


def test_of_many_deeds_the_last_ones_are_shown_and_the_others_open(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zhanggui.app.storefront.mine.EVENTS_AT_ONCE", 2)
    for product in ("longjing", "qimen", "puer"):
        visitor.get(f"/p/{product}")

    told = visitor.get("/me?lang=zh").partition('id="did-h"')[2].partition("</section>")[0]

    shown, _, opening = told.partition("<details>")
    assert (shown.count("<li>"), opening.count("<li>")) == (2, 1)
    assert "其他（1）" in opening


def test_a_single_reason_is_said_once_and_without_a_share(visitor: Visitor) -> None:
    popups = re.findall(r'<aside class="pop" id="w-home-.*?</aside>', visitor.get("?lang=zh"), re.DOTALL)

    assert popups
    for popup in popups:
        reason = re.search(r"<p>([^<]+)</p>", popup)
        assert reason is not None
        assert (popup.count(reason[1]), popup.count("100%")) == (1, 0)


def test_a_place_that_a_promotion_took_is_marked_as_an_ad(visitor: Visitor, rooms: Rooms) -> None:
    ids = shelf_ids(visitor.get(""), "home")
    rule = rooms.rule_trials.rules.create(
        PutRule(kind=RuleKind.PROMOTE, target=f'id = "{ids[-1]}"', value=1.0), "user:li"
    )
    page = visitor.get("?lang=zh")
    rooms.rule_trials.rules.remove(rule.id, "user:li")
    after = visitor.get("?lang=zh")

    (marked,) = re.findall(
        r'<li class="good" data-id="([^"]+)"(?:(?!</li>).)*?data-tone="info">广告</span>', page, re.DOTALL
    )
    assert (marked, shelf_ids(page, "home")[0]) == (ids[-1], ids[-1])
    assert "广告：由商家推广放在此处" in page
    assert "广告" not in after


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> list[ServedEntry]:
    """What the log of served lists is handed."""
    entries: list[ServedEntry] = []
    monkeypatch.setattr(ServedBuffer, "put", lambda _, entry: entries.append(entry))
    return entries


def test_the_log_keeps_what_the_pages_show_and_nothing_else(
    visitor: Visitor, rooms: Rooms, logged: list[ServedEntry], monkeypatch: pytest.MonkeyPatch
) -> None:
    goods = ("puer", "taosu", "hetao", "shanzha", "guabzi")
    visitor.get()
    visitor.post("/login", customer="c2")
    monkeypatch.setattr(PlanShelf, "of", lambda *_: PlanGoods(run="r", tier="win_back", goods=goods))
    visitor.get("/p/longjing")
    visitor.headers["x-part"] = "1"
    parts = [visitor.post("/less", 200, product="2:biluochun", surface="similar", of="longjing").text]
    visitor.post("/me/profile", act="budget", amount="110")
    logged.clear()
    parts.append(visitor.post("/less", 200, product="1:qimen", surface="home").text)
    del visitor.headers["x-part"]
    parts += [visitor.get(path) for path in ("", "/p/longjing", "/p/taosu", "/search?q=nothing", "/cart")]
    for product in ("longjing", "puer", "taosu"):
        visitor.post("/cart", product=product, quantity="1")
    parts.append(visitor.get("/cart"))

    with rooms.db.read() as db:
        ids = rooms.live.view(db).ids
    told = {one.id: [ids[number] for number in one.products] for one in logged if one.products}
    shown = {list_id: ids for page in parts[1:] for list_id, ids in served_lists(page).items()}
    assert told == shown
    assert all(len(one.propensities) == len(one.products) for one in logged)
    assert {one.surface: len(one.products) for one in logged if one.surface in {"plan", "popular"}} == {
        "plan": 4,
        "popular": 4,
    }


def test_somebody_elses_preference_is_not_there(visitor: Visitor, another: Callable[[], Visitor]) -> None:
    location = visitor.post("/less", product="1:longjing", back=BASE).headers["location"]
    preference = re.search(r"less=(\w{26})", location)
    assert preference

    another().post(f"/less/{preference.group(1)}", 404, undo="1")


def test_personalization_goes_off_at_once_is_recorded_and_comes_back(visitor: Visitor, rooms: Rooms) -> None:
    visitor.get("/p/longjing")
    visitor.post("/personal", on="0", back=BASE)
    page = visitor.get()

    assert 'aria-checked="false"' in page
    assert "个性化推荐已关闭" in page
    assert rooms.ledger.entries(kind="consent.refused").items[-1].actor == f"visitor:{visitor.id}"
    visitor.post("/personal", on="1", back=BASE)
    assert 'aria-checked="true"' in visitor.get()


def test_a_shopper_is_asked_separately_agrees_to_what_they_read_and_takes_it_back(
    visitor: Visitor, rooms: Rooms
) -> None:
    asked = PublishSeparateAsk(
        act=SeparateAct.ABROAD,
        receiver="Mail Partner Inc.",
        contact="privacy@mail.example",
        country="US",
        data=("邮箱", "姓名"),
        purpose="替本店发信",
        method="发信后删除",
        rights="写信给接收方",
    )
    assert "单独征求你同意的事" not in visitor.get("/me")
    rooms.separate_consents.publish("mail", asked, "user:li")
    page = visitor.get("/me")
    assert "把你的数据提供到境外 · Mail Partner Inc." in page
    assert "privacy@mail.example" in page

    assert "done=separate" in visitor.post("/separate", name="mail", version="1", on="1").headers["location"]
    number = rooms.consents.person(visitor_id=visitor.id)
    assert [one.is_granted for one in rooms.separate_consents.of(number)] == [True]
    visitor.post("/separate", name="mail", version="1", on="0")
    assert [one.is_granted for one in rooms.separate_consents.of(number)] == [False]

    rooms.separate_consents.publish("mail", asked, "user:li")
    assert "done=changed" in visitor.post("/separate", name="mail", version="1", on="1").headers["location"]
    assert [one.is_granted for one in rooms.separate_consents.of(number)] == [False]
    rooms.separate_consents.end("mail", "user:li")


def test_an_empty_cart_shows_the_own_shelf_and_a_full_one_what_goes_with_it(visitor: Visitor) -> None:
    assert 'id="shelf-home"' in visitor.get("/cart")

    visitor.post("/cart", product="longjing", quantity="1")
    visitor.post("/cart", product="biluochun", quantity="1")

    page = visitor.get("/cart")
    assert 'id="shelf-home"' not in page
    assert "longjing" not in shelf_ids(page, "goes_with")


def test_what_the_cart_refuses_can_be_contested_there(visitor: Visitor) -> None:
    visitor.post("/cart", product="longjing", quantity="99999")

    link = f"{BASE}/contest?decision=refusal&amp;about=longjing"
    for path in ("/cart", "/checkout"):
        page = visitor.get(path)
        assert ("剩" in page or "暂时" in page) == (link in page)
    assert link in visitor.get("/cart")
    assert 'value="refusal" selected' in visitor.get("/contest?decision=refusal&about=longjing")


def test_an_order_is_real_counted_once_and_seen_by_the_shop(visitor: Visitor, rooms: Rooms) -> None:
    before = rooms.catalogue.offers(["longjing"])[0].allocated
    path = visitor.order(quantity="2")
    page = visitor.get(path)

    (order,) = rooms.orders.of_shopper(visitor_id=visitor.id, purpose=Purpose.SERVICE)
    assert order in rooms.orders.orders(limit=200, purpose=Purpose.SERVICE)
    assert f"/orders/{order.id}?done=ordered" == path
    assert "¥</small>20" in page
    assert (order.state, order.province, order.city_tier) == (OrderState.PENDING, "浙江", 1)
    assert [(line.product_id, line.quantity, line.unit_price_minor) for line in order.lines] == [("longjing", 2, 1000)]
    assert rooms.catalogue.offers(["longjing"])[0].allocated == before + 2
    assert "购物车还空着" in visitor.get("/cart")
    assert [name for name in names(rooms, visitor) if "item" not in str(name)] == [
        "add_to_cart",
        "begin_checkout",
        "purchase",
    ]


def test_the_same_checkout_sent_twice_is_one_order(visitor: Visitor, rooms: Rooms) -> None:
    visitor.post("/cart", product="longjing")
    token = re.search(r'name="token" value="(\w+)"', visitor.get("/checkout"))
    assert token
    cart = visitor.client.cookies.get("zg_cart")
    first = visitor.post("/checkout", token=token.group(1)).headers["location"]
    empty = visitor.post("/checkout", token=token.group(1)).headers["location"]
    visitor.client.cookies.set("zg_cart", cart, path=BASE)
    again = visitor.post("/checkout", token=token.group(1)).headers["location"]

    assert first == again
    assert empty.partition("?")[0] == first.partition("?")[0]
    assert len(rooms.orders.of_shopper(visitor_id=visitor.id, purpose=Purpose.SERVICE)) == 1


def test_more_than_is_left_and_a_changed_price_are_said_and_nothing_is_ordered(visitor: Visitor, rooms: Rooms) -> None:
    visitor.post("/cart", product="mianbao", quantity="100")
    assert "只剩 99 件" in visitor.get("/cart")
    visitor.post("/cart", product="mianbao", quantity="1", set="1")
    form = visitor.get("/checkout")
    fields = dict(re.findall(r'name="(token|price-0)" value="(\w+)"', form))
    rooms.catalogue.put_offers([Offer(product_id="mianbao", price_minor=900, on_hand=99)])

    refused = visitor.post("/checkout", 409, **fields).text

    assert "价格刚刚变了" in refused
    assert rooms.orders.of_shopper(visitor_id=visitor.id, purpose=Purpose.SERVICE) == []


def test_orders_and_data_are_seen_by_their_own_shopper_alone(visitor: Visitor, another: Callable[[], Visitor]) -> None:
    path, stranger = visitor.order(), another()

    stranger.get(path, 404)
    assert path.partition("?")[0] not in stranger.get("/orders")
    assert path.partition("?")[0] in visitor.get("/orders")
    data = visitor.client.get(f"{BASE}/me/data.json")
    assert "attachment" in data.headers["content-disposition"]
    assert {event["name"] for event in data.json()["behaviour"]["events"]} >= {"add_to_cart", "purchase"}
    assert "orders" not in stranger.client.get(f"{BASE}/me/data.json").json()
    assert "attachment" in visitor.client.get(f"{BASE}/me/data.html").headers["content-disposition"]


def test_an_invented_customer_can_be_tried_on_and_taken_off(visitor: Visitor, rooms: Rooms) -> None:
    visitor.get("/p/longjing")
    before = visitor.client.cookies.get("zg_visitor")
    visitor.post("/login", customer="c1")
    assert "客户 c1" in visitor.get()
    path = visitor.order("taosu")
    assert rooms.orders.orders(customer_id="c1", purpose=Purpose.SERVICE)[0].lines[0].product_id == "taosu"
    visitor.post("/logout")

    assert visitor.client.cookies.get("zg_visitor") != before
    visitor.get(path, 404)


@pytest.mark.parametrize("customer", ["real", "nobody"])
def test_a_real_customer_cannot_be_tried_on(visitor: Visitor, customer: str) -> None:
    visitor.post("/login", 404, customer=customer)


@pytest.mark.parametrize("held", ["demo.teahouse.9999999999999.YzE=.00", "demo.x", "zg_ct_k.e30.x", "\x7f", "demo...."])
def test_a_forged_login_is_nobodys(visitor: Visitor, held: str) -> None:
    visitor.client.cookies.set("zg_customer", held, path=BASE)

    assert "你正以" not in visitor.get()


def test_a_form_without_its_token_is_refused(visitor: Visitor, rooms: Rooms) -> None:
    visitor.get()
    for path, fields in (("/cart", {"product": "longjing"}), ("/less", {"product": "1:longjing"}),
                         ("/personal", {"on": "0"}), ("/checkout", {"token": "x"}), ("/login", {"customer": "c1"}),
                         ("/purposes", {"purpose": "marketing", "on": "1"}), ("/logout", {})):  # fmt: skip
        visitor.post(path, 403, csrf="forged", **fields)
    assert rooms.orders.of_shopper(visitor_id=visitor.id, purpose=Purpose.SERVICE) == []


@pytest.mark.parametrize("path", ["/p/nothing", "/c/没有", "/orders/sf-1", "/p/" + "x" * 300, "/c/茶/没有"])
def test_what_there_is_not_is_a_404(visitor: Visitor, path: str) -> None:
    visitor.get(path, 404)


@pytest.mark.parametrize(
    "path",
    ["/search?q=<script>alert(1)</script>", "/search?q=" + "龙" * 5000, "/c?page=99999999999999999999", "/c?page=-1",
     "/c?from=abc&to=99999999999999999999", "/?less=x&at=99999999999999999999", "/p/longjing?on=home&at=²&list=x",
     "/search?q=%00", "/c?sort=%F0%9F%8D%B5"],
)  # fmt: skip
def test_rubbish_is_taken_calmly(visitor: Visitor, path: str) -> None:
    answer = visitor.client.get(BASE + path.replace("/?", "?"), headers=visitor.headers)

    assert answer.status_code in {200, 413, 422}
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize("quantity", ["-1", "0", "1e9", "999999999999999999999", "²", "", "x"])
def test_absurd_quantities_do_no_harm(visitor: Visitor, quantity: str) -> None:
    visitor.post("/cart", product="longjing", quantity=quantity)

    visitor.get("/cart")


@pytest.mark.parametrize("held", ["x", "W10", "W1siYSIsbnVsbCwtMV1d", "A" * 5000])
def test_a_cart_that_was_tampered_with_is_empty(visitor: Visitor, held: str) -> None:
    visitor.client.cookies.set("zg_cart", held, path=BASE)

    assert "购物车还空着" in visitor.get("/cart")


def test_what_people_wrote_is_shown_and_never_run(visitor: Visitor) -> None:
    page = visitor.get("/p/longjing")

    assert "&lt;b&gt;清香&lt;/b&gt;" in page
    assert "是新茶吗？" in page


def test_a_form_leads_back_to_this_shop_only(visitor: Visitor) -> None:
    for back in ("https://evil.example/", "//evil.example", f"{BASE}//evil", f"{BASE}/\\evil", f"{BASE}x", "/console"):
        assert visitor.post("/personal", on="1", back=back).headers["location"] == f"{BASE}#shelf-home"


def test_prices_are_equal_for_all(visitor: Visitor, another: Callable[[], Visitor]) -> None:
    other = another()
    other.post("/login", customer="c1")
    other.order("longjing")

    def price(page: str) -> list[str]:
        return re.findall(r'class="price price-lg">(.*?)</span>', page)

    assert price(visitor.get("/p/longjing")) == price(other.get("/p/longjing")) != []


def test_a_shop_that_is_not_simulated_has_no_demo_login(tmp_path: Path) -> None:
    with TestClient(create_app(a_furnished_shop(tmp_path, is_simulated=False))) as client:
        visitor = Visitor(client)
        assert "登录在店家自己的网站" in visitor.get("/login")
        visitor.post("/login", 404, customer="c1")


def test_what_a_price_was_stands_on_the_products_page_once_it_changed(visitor: Visitor, rooms: Rooms) -> None:
    assert "近 90 天价格" not in visitor.get("/p/mianbao")
    (offer,) = rooms.catalogue.offers(["mianbao"])
    draft = ProposalDraft(
        kind="shop.reprice_offer",
        subject=offer_subject(offer),
        change={"price_minor": offer.price_minor - 100},
        reason=Rationale(code="test"),
        author=Author(name="anna"),
    )
    (made,) = rooms.proposals.propose([draft])
    rooms.proposals.approve(made.id, "user:li")

    page = visitor.get("/p/mianbao")

    assert 'class="price-plot"' in page
    marks = re.findall(r"--y:[\d.]+%[^>]*>([^<]+)</span>", page)
    now = f"¥{(offer.price_minor - 100) / 100:.2f}"
    assert [mark.strip() for mark in marks][-1] == now
    assert f"近 90 天价格，最低 {now}" in page
