"""The pages of learned segments: a table, one portrait with who is in it, and the matrix of what two share."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from litestar.testing import TestClient
from tests.app.builders import SHOP, an_installation
from tests.conftest import FixedClock

from zhanggui.app.build import open_control, open_rooms
from zhanggui.app.site import create_app
from zhanggui.audience import NewSegment
from zhanggui.kernel.privacy import Purpose
from zhanggui.shop import LegalBasis, Order, OrderLine, Product, ProductText

Client = TestClient[Any]
PAGE = f"/console/{SHOP}/segments"
EACH = 20
HABITS = {"tea": (4, 4, 20), "nuts": (1, 200, 12), "cups": (2, 12, 4)}
"""By kind: orders of each, days since the last, hour of the day."""


@pytest.fixture(scope="module")
def as_(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Client]]:
    clock = FixedClock()
    settings = an_installation(tmp_path_factory.mktemp("learned"), clock=clock)
    with open_rooms(SHOP, settings, clock=clock) as rooms:
        orders = []
        for kind, (count, days, hour) in HABITS.items():
            goods = Product(id=kind, texts={"zh": ProductText(title=kind)}, category=(kind,))
            rooms.catalogue.put_products([goods])
            line = OrderLine(id="1", product_id=kind, quantity=1, unit_price_minor=2_000)
            last = (clock() - timedelta(days=days)).replace(hour=hour)
            for n in range(EACH):
                moments = [last - timedelta(days=9 * k + n % 3, minutes=n) for k in range(count)]
                orders += [
                    Order(id=f"{kind}{n}-{k}", customer_id=f"{kind}{n}", at=at, lines=(line,))
                    for k, at in enumerate(moments)
                ]
        rooms.orders.put_orders(orders, LegalBasis(kind="contract"))
        with rooms.db.read() as db:
            subjects = [rooms.people.subject(db, f"{kind}{n}") for kind in HABITS for n in range(EACH)]
        for subject in subjects:
            assert subject is not None
            rooms.consents.record(subject.number, Purpose.ANALYTICS, granted=True, actor="test")
        rooms.audience.keeping.catch_up()
        assert rooms.audience.learned.learning.learn(seed=1).state == "current"
        rooms.audience.segments.add(NewSegment(name="两单以上", rule="orders >= 2"), "test")
        rooms.audience.segments.count_all()
    with open_control(settings, clock=clock) as control:
        for role in ("operator", "analyst"):
            control.users.add(role, roles={SHOP: role})
    app = create_app(settings, clock=clock)

    def of(role: str, language: str = "zh") -> Client:
        with open_control(settings, clock=clock) as control:
            link = control.users.login_link(role)
        client: Client = TestClient(app)
        client.headers["accept-language"] = language
        client.post(f"/login/link/{link.rpartition('/')[2]}", follow_redirects=False)
        return client

    with TestClient(app):
        yield of


def hrefs(page: str) -> list[str]:
    return re.findall(rf'<th scope="row" class="wraps"><a class="hit" href="({PAGE}/learned/\w{{26}})">', page)


@pytest.mark.parametrize(
    ("language", "title", "apart"),
    [("zh", "学习出的人群", "与众不同之处"), ("en", "Learned segments", "What tells it apart")],
)
def test_learned_segments_stand_in_a_table_and_each_has_its_portrait(
    as_: Callable[..., Client], language: str, title: str, apart: str
) -> None:
    analyst = as_("analyst", language)
    page = analyst.get(f"{PAGE}/learned").text

    assert f">{title}</h1>" in page
    assert len(hrefs(page)) == 3
    assert apart in analyst.get(hrefs(page)[0]).text
    assert "Learn now" not in page
    assert "现在学习" not in page


def test_one_is_shown_with_who_is_in_it_to_who_may_see_people_alone(as_: Callable[..., Client]) -> None:
    operator, analyst = as_("operator"), as_("analyst")
    paths = hrefs(operator.get(f"{PAGE}/learned").text)

    named = {id_ for path in paths for id_ in re.findall(r"customer=(\w+)\"", operator.get(f"{path}?now=1").text)}

    assert named == {f"{kind}{n}" for kind in HABITS for n in range(EACH)}
    assert "customer=" not in operator.get(paths[0]).text
    told = analyst.get(f"{paths[0]}?now=1")
    assert (told.status_code, told.headers["cache-control"]) == (200, "no-store")
    assert "customer=" not in told.text


def test_what_two_segments_share_stands_in_a_matrix(as_: Callable[..., Client]) -> None:
    page = as_("analyst").get(PAGE).text

    cells = re.findall(r'<td class="n" style="[^"]*">([^<]*)</td>', page)
    assert re.findall(r'</a></th><td class="n">([^<]*)</td>', page) == [str(2 * EACH), *3 * [str(EACH)]]
    assert cells[0] == "–"
    assert sorted(cells[1:]) == ["&lt; 10", "20", "20"]


def test_an_operator_asks_for_a_learning(as_: Callable[..., Client]) -> None:
    client = as_("operator")
    token = re.search(r'name="csrf" value="([^"]+)"', client.get(f"{PAGE}/learned").text)
    assert token is not None

    asked = client.post(f"{PAGE}/learned/learn", data={"csrf": token[1]}).text

    assert "已请求学习" in asked
