"""Today's page over a real app: its figures, who sees what, hostile names, and the brief beside it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

import msgspec
import pytest
from litestar.testing import TestClient
from tests.app.builders import SHOP, an_installation

from zhanggui.app.build import open_control, open_rooms
from zhanggui.app.console.figure_words import FigureWords
from zhanggui.app.rooms import Control, Rooms
from zhanggui.app.site import create_app
from zhanggui.app.web.formats import Formats
from zhanggui.app.web.rendering import Templates, View
from zhanggui.shop import Event, EventName, LegalBasis, Order, OrderLine, OrderState, Product, ProductText
from zhanggui.shop.types.figures import Curve, Figure, Overview, Why
from zhanggui.trust import Author, CreateKey, Effect, ProposalDraft, Rationale

PAGE = f"/console/{SHOP}"
NASTY = '"><script>alert(1)</script>'
PEOPLE = {"ann": "owner", "bob": "operator", "eve": "agent", "sam": "analyst", "tim": "auditor"}


class Desks:
    """Browsers of people with one role each."""

    def __init__(self, client: TestClient[Any], control: Control) -> None:
        self.client = client
        self._cookies: dict[str, dict[str, str]] = {}
        for account, role in PEOPLE.items():
            control.users.add(account, roles={SHOP: role})
            link = control.users.login_link(account).rsplit("/", 1)[-1]
            answer = client.post(f"/login/link/{link}", follow_redirects=False)
            self._cookies[account] = dict(answer.cookies)
            client.cookies.clear()
        self.key = control.keys.create(SHOP, CreateKey(name="test", scopes=("trust:read",))).secret

    def get(self, path: str = PAGE, *, account: str = "ann", language: str = "zh") -> Any:
        self.client.cookies.update(self._cookies[account] | {"zg_lang": language})
        answer = self.client.get(path, follow_redirects=False)
        self.client.cookies.clear()
        return answer


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Rooms, Desks]]:
    """A shop that has sold and was visited in the last hours and a week before, with four things to decide."""
    settings = an_installation(tmp_path_factory.mktemp("today"))
    with open_control(settings) as control, open_rooms(SHOP, settings) as rooms:
        _fill(rooms)
        with TestClient(create_app(settings)) as client:
            yield rooms, Desks(client, control)


def _fill(rooms: Rooms) -> None:
    now = rooms.clock()
    goods = [("tea", "白牡丹", "白茶"), ("cup", f"盖碗{NASTY}", f"茶具{NASTY}")]
    rooms.catalogue.put_products(
        [Product(id=id_, texts={"zh": ProductText(title=title)}, category=(kind,)) for id_, title, kind in goods]
    )
    orders = [
        Order(
            id=f"{day}-{n}",
            customer_id=f"somebody-{n}",
            at=now - timedelta(days=day, seconds=n),
            channel="douyin" if n % 2 else "wechat",
            lines=(OrderLine(id="1", product_id="tea" if n % 3 else "cup", quantity=1, unit_price_minor=8_800),),
        )
        for day, count in ((0, 12), (7, 8))
        for n in range(count)
    ]
    unpaid = Order(id="unpaid", at=now - timedelta(seconds=9), state=OrderState.PENDING, lines=orders[0].lines)
    rooms.orders.put_orders([*orders, unpaid], LegalBasis(kind="contract"))
    rooms.events.accept(
        [
            Event(
                id=f"e{day}-{n}",
                name=EventName.VIEW_ITEM,
                visitor_id=f"v{n}",
                product_id="tea",
                at=now - timedelta(days=day),
            )
            for day, count in ((0, 40), (7, 50))
            for n in range(count)
        ]
    )
    rooms.visits.count()
    drafts = [
        ProposalDraft(
            kind="shop.label_product",
            subject="tea",
            change={"labels": [{"label": f"标签{n}"}]},
            reason=Rationale(code="new"),
            author=Author(name="lin"),
            effect=Effect(amount_minor=n * 1_000, low_minor=0, high_minor=n * 2_000, currency="CNY"),
        )
        for n in range(1, 5)
    ]
    rooms.proposals.propose(drafts)


def said(answer: Any) -> str:
    """The words of a page."""
    text = re.sub(r"(?s)<(script|svg)\b.*?</\1>|<[^>]*>", " ", answer.text)
    return re.sub(r"\s+", " ", html.unescape(text))


def test_the_page_says_four_figures_with_comparison_and_why(house: tuple[Rooms, Desks]) -> None:
    answer = house[1].get()

    words = said(answer)
    assert answer.status_code == 200
    assert "¥1,056" in words
    assert "销售额为什么多了 ¥352" in words
    assert "订单为什么多了 4 单" in words
    assert "访客为什么少了 10 人" in words
    assert "「白牡丹」" in words
    assert all(f'id="why-{key}"' in answer.text for key in ("sales", "orders", "visitors", "conversion"))


@pytest.mark.parametrize("visitors", [0, 3])
def test_a_day_of_few_visits_and_no_order_says_who_came(tmp_path: Path, visitors: int) -> None:
    settings = an_installation(tmp_path)
    with open_control(settings) as control, open_rooms(SHOP, settings) as rooms:
        _sell_a_week_ago(rooms)
        seen = [Event(id=f"v{n}", name=EventName.VIEW_ITEM, visitor_id=f"v{n}", product_id="tea", at=rooms.clock())
                for n in range(visitors)]  # fmt: skip
        rooms.events.accept(seen)
        rooms.visits.count()
        with TestClient(create_app(settings)) as client:
            desks = Desks(client, control)
            words, english, coarse = said(desks.get()), said(desks.get(language="en")), said(desks.get(account="sam"))

    assert ("今天还没有数据" in words) == (not visitors)
    assert ("来了 3 位访客" in words) == bool(visitors)
    assert ("3 visitors came, last seen at" in english) == bool(visitors)
    assert "来了 3 位访客" not in coarse
    assert ("还有人来看过" in coarse) == bool(visitors)


def _sell_a_week_ago(rooms: Rooms) -> None:
    rooms.catalogue.put_products([Product(id="tea", texts={"zh": ProductText(title="白牡丹")})])
    line = OrderLine(id="1", product_id="tea", quantity=1, unit_price_minor=8_800)
    sold = Order(id="o", customer_id="c", at=rooms.clock() - timedelta(days=7), lines=(line,))
    rooms.orders.put_orders([sold], LegalBasis(kind="contract"))


def test_orders_that_nobody_paid_yet_are_said_and_led_to(house: tuple[Rooms, Desks]) -> None:
    _, desks = house
    page = desks.get()

    assert "另有 1 单待付款" in said(page)
    path = re.search(r'href="(/console/[^"]*/orders[?]state=pending[^"]*)"', page.text)
    assert path is not None
    assert "unpaid" in desks.get(html.unescape(path.group(1))).text
    assert "/orders?state=pending" not in desks.get(account="sam").text


def an_overview(**figures: Figure) -> Overview:
    nothing = Figure(now=None, before=None)
    day, at = date(2026, 3, 14), datetime(2026, 3, 14, tzinfo=UTC)
    held = dict.fromkeys(("sales", "orders", "visitors", "conversion"), nothing) | figures
    return Overview(
        **held,
        **dict.fromkeys(("first_day", "day", "before_first_day", "before_day"), day),
        **dict.fromkeys(("returns", "returned_minor", "other_money", "unpaid"), 0),
        **dict.fromkeys(("categories", "channels"), ()),
        **dict.fromkeys(("until", "visitors_until"), at),
        range_days=1,
        is_today=True,
        currency="CNY",
        curve=Curve(moments=(), now=(), before=()),
    )


def in_english() -> View:
    formats = Formats("en", ZoneInfo("Asia/Shanghai"), "CNY", datetime(2026, 3, 14, tzinfo=UTC))
    return View(templates=cast("Templates", None), language="en", formats=formats, path="/", query={}, csrf="")


@pytest.mark.parametrize(("now", "before", "change"), [(4, 1, ""), (0, 1, ""), (5, 5, "→ 0.0%"), (0, 40, "↓ 100.0%")])
def test_what_chance_alone_may_do_is_told_in_no_percent(now: int, before: int, change: str) -> None:
    why = Why(delta=now - before, now=now, before=before, is_enough=now + before >= 10)
    told = FigureWords(in_english(), an_overview(visitors=Figure(now=now, before=before, why=why))).all()[2]

    assert (told.key, told.change) == ("visitors", change)
    assert ("too few to compare" in told.before) == (not change)
    assert told.why is not None
    assert ("five are to be expected in each span" in told.why.note) == (not change)


def test_the_same_page_in_english(house: tuple[Rooms, Desks]) -> None:
    words = said(house[1].get(language="en"))

    assert "Why sales are ¥352 higher" in words
    assert "For you to decide" in words
    assert not re.search(r"[\u4e00-\u9fff]", re.sub(r"白牡丹|盖碗|白茶|茶具|标签\d|中文|掌", "", words))


def test_a_chart_stands_without_scripts_and_says_its_finding(house: tuple[Rooms, Desks]) -> None:
    answer = house[1].get()

    drawn = re.search(r'<path class="line" d="(M[^"]+)"', answer.text)
    data = msgspec.json.decode(html.unescape(re.search(r'data-chart="([^"]+)"', answer.text)[1]))  # type: ignore[index]
    assert drawn
    assert "累计销售额" in re.search(r'role="img" aria-label="([^"]+)"', answer.text)[1]  # type: ignore[index]
    assert data["values"]["now"][-1] == 1_056
    assert answer.text.count("<tr><th scope") > len(data["xs"])


@pytest.mark.parametrize("days", [7, 28])
def test_more_days_are_a_link(days: int, house: tuple[Rooms, Desks]) -> None:
    answer = house[1].get(f"{PAGE}?range={days}")

    assert f'href="?range={days}" aria-current="true"' in answer.text
    assert f"与之前 {days} 天相比" in said(answer)


@pytest.mark.parametrize("asked", ["0", "999999", "x", "1%27", "-7", ""])
def test_a_range_that_there_is_not_is_one_day(asked: str, house: tuple[Rooms, Desks]) -> None:
    answer = house[1].get(f"{PAGE}?range={asked}")

    assert answer.status_code == 200
    assert 'href="?range=1" aria-current="true"' in answer.text


def test_three_decisions_stand_there_by_worth_and_lead_to_the_proposal(house: tuple[Rooms, Desks]) -> None:
    rooms, desks = house

    answer = desks.get()

    places = [answer.text.find(f"{PAGE}/inbox/{one.id}") for one in rooms.brief.today().decisions]
    assert len(places) == 3
    assert -1 not in places
    assert places == sorted(places)
    assert "还有 1 件" in said(answer)


def test_names_of_goods_are_words_and_nothing_else(house: tuple[Rooms, Desks]) -> None:
    answer = house[1].get(f"{PAGE}?range=28")

    assert "<script>alert" not in answer.text
    assert NASTY in html.unescape(answer.text)


def test_who_may_not_see_the_figures_does_not_see_the_page(house: tuple[Rooms, Desks]) -> None:
    status = {account: house[1].get(account=account).status_code for account in PEOPLE}

    assert status == {"ann": 200, "bob": 200, "eve": 200, "sam": 200, "tim": 403}


def test_the_ledger_is_shown_to_whoever_may_read_it_only(house: tuple[Rooms, Desks]) -> None:
    assert "今天做了什么" in said(house[1].get(account="ann"))
    assert "今天做了什么" not in said(house[1].get(account="bob"))


def test_an_analyst_is_led_to_no_page_that_is_refused(house: tuple[Rooms, Desks]) -> None:
    page = house[1].get(account="sam").text

    linked = set(re.findall(rf'href="{PAGE}(/[a-z]*)', page))

    assert linked <= {
        "/models",
        "/variety",
        "/predictions",
        "/segments",
        "/journeys",
        "/fairness",
        "/figures",
        "/account",
    }


def test_who_works_with_sums_reads_amounts_in_steps_and_no_causes(house: tuple[Rooms, Desks]) -> None:
    pages = {
        account: house[1].get(f"{PAGE}?range=28", account=account).text for account in ("ann", "bob", "eve", "sam")
    }

    assert {account for account, page in pages.items() if "金额按十笔订单的合计分档显示" in page} == {"eve", "sam"}
    assert {account for account, page in pages.items() if 'id="why-sales' in page} <= {"ann", "bob"}


@pytest.mark.parametrize("account", ["ann", "bob", "eve", "sam"])
def test_nobodys_name_stands_on_the_page(account: str, house: tuple[Rooms, Desks]) -> None:
    assert "somebody-" not in house[1].get(account=account).text


def test_the_brief_is_answered_over_http(house: tuple[Rooms, Desks]) -> None:
    rooms, desks = house

    answer = desks.client.get(f"/v1/{SHOP}/brief", headers={"Authorization": f"Bearer {desks.key}"})

    assert answer.status_code == 200
    brief = answer.json()
    assert [one["id"] for one in brief["decisions"]] == [one.id for one in rooms.brief.today().decisions]
    assert (brief["waiting"], brief["shop"]) == (4, SHOP)
    assert brief["facts"]["order_at"] is not None


def test_the_brief_is_for_those_who_may_see_proposals(house: tuple[Rooms, Desks]) -> None:
    assert house[1].client.get(f"/v1/{SHOP}/brief").status_code == 401


def test_what_was_done_is_told_by_kind_product_and_author_in_words(house: tuple[Rooms, Desks]) -> None:
    rooms, desks = house
    draft = ProposalDraft(
        kind="shop.label_product",
        subject="tea",
        change={"labels": [{"label": "库存紧张"}]},
        reason=Rationale(code="runs_out_soon"),
        author=Author(kind="model", name="shop_rules", version="1"),
        effect=Effect(why_unknown="label_not_measured"),
    )
    made = rooms.proposals.propose([draft])[0]
    rooms.proposals.reject(made.id, Rationale(code="not_now"), "autonomy:act")

    done = said(desks.get()).partition("今天做了什么")[2]

    assert "标签 · 白牡丹 · 店铺规则" in done
    assert "标签 · 白牡丹 · 现在不合适 · 软件自行" in done
    assert not any(code in done for code in ("shop.", "shop_rules", "not_now", "autonomy"))


def test_an_entry_whose_subject_was_tampered_with_is_told_as_it_is(house: tuple[Rooms, Desks]) -> None:
    rooms, desks = house
    entry = {"id": "x", "kind": "shop.reprice_offer", "subject": '["broken'}
    rooms.db.write(lambda db: rooms.ledger.append(db, "proposal.expired", entry, "system"))

    assert '价格 · ["broken' in said(desks.get())


def test_a_shop_that_the_simulator_made_says_so_at_its_chart(house: tuple[Rooms, Desks]) -> None:
    rooms, desks = house
    badge = '<span class="badge" data-tone="info">模拟</span>'
    assert badge not in desks.get().text

    rooms.simulator.truth_folder.mkdir(parents=True)

    assert badge in desks.get().text
    rooms.simulator.truth_folder.rmdir()
