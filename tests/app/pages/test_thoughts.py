"""What the shop thinks of a shopper: told with its evidence, and the very next list follows what they say of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from litestar.testing import TestClient
from tests.app.builders import SHOP
from tests.app.pages.storefront_shop import Visitor, a_furnished_shop, shelf_ids

from zhanggui.app.agreed import SIMULATED
from zhanggui.app.build import open_rooms
from zhanggui.app.site import create_app
from zhanggui.audience import NewSegment
from zhanggui.kernel.settings import Settings
from zhanggui.shop import Event, EventName, LegalBasis, Order, OrderLine, Product, ProductText

PAGE = "/me/profile"
INVENTED = LegalBasis(kind="consent", notice=SIMULATED)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    made = a_furnished_shop(tmp_path_factory.mktemp("thoughts"))
    with open_rooms(SHOP, made) as rooms:
        rooms.catalogue.put_products(
            [
                Product(
                    id="kettle",
                    texts={"zh": ProductText(title="电水壶")},
                    category=("家电", "小家电"),
                    keywords=("小家电",),
                    brand="小家电",
                )
            ]
        )
        rooms.people.identify("old-browser", "c2")
        rooms.events.accept([Event(id="e1", name=EventName.VIEW_ITEM, product_id="longjing", customer_id="c2")])
    return made


@pytest.fixture(scope="module")
def another(settings: Settings) -> Iterator[Callable[[], Visitor]]:
    with TestClient(create_app(settings)) as first:

        def visitor() -> Visitor:
            client = TestClient(first.app)
            client.blocking_portal = first.blocking_portal
            return Visitor(client)

        yield visitor


@pytest.fixture
def visitor(another: Callable[[], Visitor]) -> Visitor:
    return another()


def a_tea_drinker(visitor: Visitor) -> Visitor:
    for product in ("longjing", "biluochun", "shoumei"):
        visitor.get(f"/p/{product}")
    return visitor


def correction(visitor: Visitor) -> str:
    found = re.search(r'name="correction" value="(\w+)"', visitor.get(PAGE))
    assert found
    return found[1]


def test_interests_are_told_with_what_they_rest_on(visitor: Visitor) -> None:
    page = a_tea_drinker(visitor).get(PAGE)

    assert [word for word in ("绿茶", "看过 3 次", "西湖龙井 100 克", "依据是：", "少来一点") if word not in page] == []


def test_long_parts_stand_folded_and_the_one_that_was_acted_in_stays_open(visitor: Visitor) -> None:
    page = a_tea_drinker(visitor).get(PAGE)
    place = re.search(r'name="at" value="(likes-2)"', page)
    assert place

    acted = visitor.post(PAGE, act="mute", key="category:茶/绿茶", at=place[1])
    after = visitor.get(acted.headers["location"].partition("#")[0].partition("/shop/teahouse")[2])

    def folds(text: str) -> dict[str, bool]:
        found = re.findall(r'<section class="panel" id="([\w-]+)"[^>]*><details class="fold"( open)?>', text)
        return {id_: bool(is_open) for id_, is_open in found}

    assert len(folds(page)) >= 3
    assert [id_ for id_, is_open in folds(page).items() if is_open] in ([], ["likes-1"])
    assert folds(after)["likes-2"]


def test_removing_an_interest_changes_the_next_list_and_undoing_brings_it_back(visitor: Visitor) -> None:
    before = shelf_ids(a_tea_drinker(visitor).get())

    visitor.post(PAGE, act="remove", key="category:茶/绿茶")

    after, page = shelf_ids(visitor.get()), visitor.get(PAGE)
    assert after != before
    assert 'value="category:茶/绿茶"' not in page
    visitor.post(PAGE, act="undo", correction=correction(visitor))
    assert shelf_ids(visitor.get()) == before
    assert 'value="category:茶/绿茶"' in visitor.get(PAGE)


def test_a_muted_interest_is_shown_as_such_and_a_weighed_one_too(visitor: Visitor) -> None:
    a_tea_drinker(visitor).post(PAGE, act="mute", key="category:茶/绿茶")
    assert "按你说的，不再使用" in visitor.get(PAGE)

    visitor.post(PAGE, act="undo", correction=correction(visitor))
    visitor.post(PAGE, act="more", key="category:茶/绿茶")
    assert "你说过：多一点" in visitor.get(PAGE)


def test_nothing_is_thought_of_who_pauses_turns_it_off_or_lets_it_be_forgotten(visitor: Visitor) -> None:
    a_tea_drinker(visitor).post(PAGE, act="pause", days="7")
    assert "暂停期间，什么也不推断" in visitor.get(PAGE)
    visitor.post(PAGE, act="undo", correction=correction(visitor))

    visitor.post(PAGE, act="off")
    assert "你关闭了个性化推荐" in visitor.get(PAGE)
    visitor.post(PAGE, act="on")
    assert 'value="category:茶/绿茶"' in visitor.get(PAGE)

    visitor.post(PAGE, act="forget", sure="1")
    assert 'value="category:茶/绿茶"' not in visitor.get(PAGE)


def test_a_group_is_told_with_its_rule_and_left_on_asking(visitor: Visitor, settings: Settings) -> None:
    with open_rooms(SHOP, settings) as rooms:
        rooms.audience.segments.add(NewSegment(name="看过茶的", rule="idle_days <= 30"), "test")
        line = OrderLine(id="1", product_id="puer", quantity=1, unit_price_minor=4_000)
        rooms.orders.put_orders([Order(id="seg", customer_id="c1", at=rooms.clock(), lines=(line,))], INVENTED)
    visitor.post("/login", customer="c1")

    page = visitor.get(PAGE)
    assert "你在人群「看过茶的」里" in page
    assert "规则：" in page
    key = re.search(r'value="(segment:\w+)"', page)
    assert key
    visitor.post(PAGE, act="mute", key=key[1])

    after = visitor.get(PAGE)
    assert "你在人群「看过茶的」里" not in after
    assert "移出的人群" in after
    visitor.post(PAGE, act="undo", correction=correction(visitor))
    assert "你在人群「看过茶的」里" in visitor.get(PAGE)


def test_picks_cost_no_more_than_what_is_left_of_the_budget(visitor: Visitor) -> None:
    a_tea_drinker(visitor).order("shoumei")  # 30

    visitor.post(PAGE, act="budget", amount="70")

    assert "本月已花 ¥30.00，预算 ¥70.00，还剩 ¥40.00" in visitor.get(PAGE)
    picks = shelf_ids(visitor.get())
    assert set(picks) <= {"longjing", "biluochun", "shoumei", "puer"}
    assert picks


@pytest.mark.parametrize("sent", [{"act": "budget", "amount": "-1"}, {"act": "pause", "days": "x"},
                                  {"act": "forget"}, {"act": "remove", "key": "category:x"}, {"act": "y"}])  # fmt: skip
def test_what_cannot_be_is_said_in_words(visitor: Visitor, sent: dict[str, str]) -> None:
    answer = visitor.post(PAGE, **sent)

    assert answer.headers["location"].partition("#")[0].endswith("done=not")


def test_a_browser_that_was_somebodys_is_told_nothing_of_them(visitor: Visitor) -> None:
    visitor.client.cookies.set("zg_visitor", "old-browser", domain="testserver.local", path="/")

    page = visitor.get(PAGE)

    assert "这个浏览器曾登录过" in page
    assert page.count('value="category:茶/绿茶"') == 0


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_pages_answer_in_both_languages(visitor: Visitor, language: str) -> None:
    said = {"zh": "这里的 AI 做什么", "en": "What the AI here does"}[language]

    assert said in visitor.get(f"/about?lang={language}")
    assert visitor.get(f"{PAGE}?lang={language}").count("<h1") == 1


def test_what_is_avoided_names_traits_of_the_same_words_once(visitor: Visitor) -> None:
    visitor.get("/p/kettle")
    visitor.post("/less", product="1:kettle")

    avoided = visitor.get(PAGE).partition('id="avoided"')[2].partition("</section>")[0]

    assert re.findall(r"<h3>(电水壶|小家电)</h3>", avoided) == ["电水壶", "小家电"]
