"""The tour without a browser: each step, what it refuses, and what is left of a visitor."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient
from tests.app.builders import SHOP
from tests.app.pages.tour_shop import Visitor, a_tour_shop
from tests.conftest import FixedClock

from zhanggui.app.build import open_control, open_rooms
from zhanggui.app.cli.demo import _login_link
from zhanggui.app.places import known_shops, migrate_all, tour_folder
from zhanggui.app.site import create_app
from zhanggui.app.tour.found_file import LABEL
from zhanggui.app.tour.routes import HEAVY
from zhanggui.app.tour.tampering import _figures
from zhanggui.app.tour.trials import MOST, Trials, new_token
from zhanggui.kernel.clock import system_clock
from zhanggui.kernel.settings import FeatureSettings, Settings

ROOT = Path(__file__).parents[3]


@dataclass
class FromAddress:
    """The application as it is seen from one address after another: rates are counted by them."""

    app: Any
    host: str = ""

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        await self.app({**scope, "client": (self.host, 50_000)}, receive, send)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return a_tour_shop(tmp_path_factory.mktemp("tour"))


@pytest.fixture(scope="module")
def entrance(house: Settings) -> FromAddress:
    return FromAddress(create_app(house))


@pytest.fixture(scope="module")
def client(entrance: FromAddress) -> Iterator[TestClient[Any]]:
    with TestClient(entrance, base_url="https://testserver.local") as opened:
        yield opened


@pytest.fixture
def settings(house: Settings) -> Iterator[Settings]:
    """The installation, without what visitors before this test left."""
    yield house
    shutil.rmtree(tour_folder(house), ignore_errors=True)


@pytest.fixture
def visitor(
    entrance: FromAddress, client: TestClient[Any], settings: Settings, request: pytest.FixtureRequest
) -> Visitor:
    """Somebody who is new, and comes from an address of their own."""
    entrance.host = request.node.name
    client.cookies.clear()
    return Visitor(client)


def test_the_start_page_leads_to_every_room(visitor: Visitor) -> None:
    page = visitor.get("/tour")

    assert [path in page for path in ("/tour/learn", "/tour/file", "/tour/cheat")] == [True, True, True]


def test_without_the_setting_there_is_no_tour(tmp_path: Path) -> None:
    settings = a_tour_shop(tmp_path, FeatureSettings())

    with TestClient(create_app(settings)) as client:
        assert [client.get(path).status_code for path in ("/tour", "/tour/file", "/tour/cheat")] == [404] * 3


def test_a_real_shop_shows_nothing_of_itself(tmp_path: Path) -> None:
    settings = a_tour_shop(tmp_path, is_invented=False)

    with TestClient(create_app(settings), base_url="https://testserver.local") as client:
        visitor = Visitor(client)
        visitor.get("/tour/learn", status=404)
        visitor.get("/tour/cheat", status=404)
        assert 'href="/tour/learn"' not in visitor.get("/tour")
        visitor.get("/tour/file")


def test_a_form_without_its_token_is_refused(visitor: Visitor) -> None:
    visitor.get("/tour/learn")

    answer = visitor.client.post("/tour/learn/less", data={"product": "tea-0"}, follow_redirects=False)

    assert answer.status_code == 403


def test_what_is_put_in_the_cart_makes_the_reasons_personal(visitor: Visitor) -> None:
    for id_ in ("cake-0", "cake-1", "cake-2"):
        page = visitor.follow(visitor.post("/tour/learn/look", product=id_, cart="1"))

    assert "你放进购物车" in page
    assert "糕点 2 号" in page
    assert sum(id_.startswith("cake") for id_ in visitor.shelf()) >= 3


def test_less_changes_the_shelf_and_the_profile_and_undo_brings_all_back(visitor: Visitor) -> None:
    visitor.post("/tour/learn/look", product="cake-0", cart="1")
    before = visitor.shelf()

    answer = visitor.post("/tour/learn/less", product=before[0])
    page, between = visitor.follow(answer), visitor.shelf()
    preference = re.search(r'name="preference" value="([^"]+)"', page)
    was = re.search(r'name="was" value="([^"]+)"', page)
    assert preference is not None
    assert was is not None
    undone = visitor.follow(visitor.post("/tour/learn/undo", preference=preference[1], was=was[1]))

    assert before[0] not in between
    assert "你想少看" in page
    assert re.search(r"[\d.]+ 毫秒", page)
    assert visitor.shelf() == before
    assert "货架和之前一件不差" in undone


def test_somebody_else_cannot_take_it_back(visitor: Visitor) -> None:
    page = visitor.follow(visitor.post("/tour/learn/less", product="tea-1"))
    preference = re.search(r'name="preference" value="([^"]+)"', page)
    visitor.post("/tour/learn/afresh")

    assert preference is not None
    visitor.post("/tour/learn/undo", status=404, preference=preference[1])


def test_nonsense_in_an_address_changes_nothing(visitor: Visitor) -> None:
    page = visitor.get("/tour/learn?was=1.x.<b>&ms=nan&done=<script>")

    assert "<script>" not in page
    assert "毫秒</span>" not in page


def test_the_sample_is_what_its_script_writes() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts/make_tour_sample.py"), "--check"], check=False, capture_output=True
    )

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ["快卖完了", "¥36.75", "¥6,900.00", "常一起买", "8 位老客", "有 13 行没收", "不是数字"]),
        ("en", ["Runs out soon", "¥36.75", "¥6,900.00", "8 customers", "13 rows refused", "not a number"]),
    ],
)
def test_the_sample_gives_five_findings_with_money(visitor: Visitor, language: str, words: list[str]) -> None:
    visitor.post("/tour/file/sample")
    visitor.language = language

    page = visitor.get("/tour/file")

    assert [word for word in words if word not in page] == []


def test_a_finding_is_proposed_approved_and_undone_on_the_spot(visitor: Visitor) -> None:
    visitor.post("/tour/file/sample")

    page = visitor.follow(visitor.post("/tour/file/decide", act="propose", product="YL-1006"))
    proposal = re.search(r'name="proposal" value="([^"]+)"', page)
    assert proposal is not None
    approved = visitor.follow(visitor.post("/tour/file/decide", act="approve", proposal=proposal[1]))
    undone = visitor.follow(visitor.post("/tour/file/decide", act="undo", proposal=proposal[1]))

    assert LABEL in page
    assert "批准了提案" in approved
    assert "改动已生效" in approved
    assert "改动已撤回" in undone


def test_a_file_without_orders_is_said_to_be_one(visitor: Visitor) -> None:
    files = {"file": ("goods.csv", "货号,品名,售价\nA1,茶,10\n".encode())}

    page = visitor.follow(visitor.post("/tour/file", files=files))

    assert "这份文件里没有订单" in page


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n" + bytes(200), b"PK\x03\x04" + bytes(50)])
def test_a_file_that_cannot_be_read_is_said_so_and_leaves_nothing(
    visitor: Visitor, settings: Settings, content: bytes
) -> None:
    answer = visitor.post("/tour/file", status=422, files={"file": ("x.csv", content)})

    assert 'role="alert"' in answer.text
    assert list((settings.home / "tour").iterdir()) == []


def test_nobody_sees_the_file_of_another(visitor: Visitor, settings: Settings) -> None:
    visitor.post("/tour/file/sample")
    visitor.client.cookies.clear()

    assert "yunling" not in visitor.get("/tour/file")
    with open_control(settings) as control:
        assert known_shops(control.db) == [SHOP]


def test_a_file_is_deleted_when_asked(visitor: Visitor, settings: Settings) -> None:
    visitor.post("/tour/file/sample")

    visitor.post("/tour/file/forget")

    assert list((settings.home / "tour").iterdir()) == []


def test_files_from_one_address_are_bounded(visitor: Visitor) -> None:
    for _ in range(int(HEAVY.burst)):
        visitor.post("/tour/file", status=422)

    visitor.post("/tour/file", status=429)


@pytest.mark.parametrize(
    ("how", "told", "where"),
    [
        ("content", "记录的内容被改过", "第 2 条"),
        ("fingerprint", "记录", "第 3 条"),  # its own hash fits again; the next one's no longer does
        ("gone", "记录", "第 2 条"),
    ],
)
def test_a_changed_entry_is_named(visitor: Visitor, settings: Settings, how: str, told: str, where: str) -> None:
    visitor.post("/tour/learn/less", product="tea-1")
    whole = visitor.get("/tour/cheat")

    page = visitor.follow(visitor.post("/tour/cheat", seq="2", value="100", how=how))
    restored = visitor.follow(visitor.post("/tour/cheat/restore"))

    assert '提出了提案 · 茶 0 号 · 售价 <b class="num">¥9.90</b>' in whole
    assert "price_minor" not in whole
    assert "完好" in whole or "全部" in whole
    assert told in page
    assert where in page
    assert where not in restored
    with open_rooms(SHOP, settings) as rooms:
        assert rooms.ledger.verify().is_intact


def test_a_price_is_changed_to_what_was_typed_and_nonsense_changes_nothing(visitor: Visitor) -> None:
    for typed in ("", "much"):
        visitor.post("/tour/cheat", status=422, seq="2", value=typed, how="content")
    visitor.post("/tour/cheat", seq="999", value="1", how="content")
    untouched = visitor.get("/tour/cheat")
    page = visitor.follow(visitor.post("/tour/cheat", seq="2", value="1,234.50", how="content"))

    assert "¥9.90" in untouched
    assert "¥1,234.50" in page


def test_two_shoppers_pay_the_same_and_see_different_shelves(visitor: Visitor) -> None:
    page = visitor.get("/tour/cheat")

    assert "全部相同" in page
    assert "虚构顾客 A" in page


def test_shelves_are_called_personal_only_as_far_as_they_are(visitor: Visitor) -> None:
    prices = visitor.get("/tour/cheat").partition('data-part="prices"')[2]

    general = len(re.findall(r'<div class="reason"><p>(近来热销|近来走红|新到)', prices))
    shown = prices.count('<li class="good"')
    told = re.search(r"(\d+) 件中有 (\d+) 件是根据顾客自己的行为选的", prices)
    assert shown
    if general:
        assert told
        assert (int(told[1]), int(told[2])) == (shown, shown - general)
    else:
        assert "每件都是根据这位顾客自己的行为选的" in prices


def test_a_figure_of_nought_is_none_to_change() -> None:
    plan = {"kind": "plan", "amount_minor": 0, "change": {"people": 12, "price_minor": 990}}

    assert [path for path, _ in _figures(plan)] == [("change", "price_minor"), ("change", "people"), ("amount_minor",)]


def test_the_sample_says_in_english_that_it_is_chinese(visitor: Visitor) -> None:
    chinese = visitor.get("/tour/file")
    visitor.language = "en"

    assert "from a Chinese shop" in visitor.get("/tour/file")
    assert "示例来自" not in chinese


def test_an_hour_later_nothing_is_left(settings: Settings) -> None:
    clock = FixedClock(system_clock())
    trials, token = Trials(settings, clock), new_token()
    trials.make(token, "file", lambda home: home.name)

    clock.advance(timedelta(minutes=61))
    trials.sweep()

    assert list(trials.folder.iterdir()) == []


def test_a_start_forgets_all_visitors(settings: Settings) -> None:
    trials = Trials(settings, system_clock)
    trials.make(new_token(), "file", lambda home: home.name)

    migrate_all(settings)

    assert not trials.folder.exists()


def test_the_number_of_visitors_with_a_shop_is_bounded(visitor: Visitor, settings: Settings) -> None:
    trials = Trials(settings, system_clock)
    for _ in range(MOST):
        trials.make(new_token(), "file", lambda home: home.name)

    visitor.post("/tour/file/sample", status=422)


def test_a_token_is_no_path(settings: Settings) -> None:
    trials = Trials(settings, system_clock)

    for token in ("..", "../../x", "a" * 31, hashlib.sha256(b"").hexdigest()):
        with pytest.raises(Exception, match="nothing of yours"):
            trials.find(token, "file")


def test_the_demo_prints_a_way_into_its_console(visitor: Visitor, settings: Settings) -> None:
    link = _login_link(settings, SHOP)

    visitor.client.post(f"/login/link/{link}")
    visitor.get(f"/console/{SHOP}")
    assert _login_link(settings, SHOP) != link
