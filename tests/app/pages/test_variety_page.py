"""The page of sales and variety, and the same over HTTP and on the command line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest
from litestar.testing import TestClient
from tests.app.builders import SHOP, an_installation

from zhanggui.app.agreed import SIMULATED, agree
from zhanggui.app.build import open_control, open_rooms
from zhanggui.app.cli.main import run
from zhanggui.app.jobs import handlers
from zhanggui.app.site import create_app
from zhanggui.kernel.jobs import JobRunner, JobState
from zhanggui.kernel.settings import Settings
from zhanggui.recommend.types.watching import Measuring
from zhanggui.shop.simulate import SimulationPlan
from zhanggui.trust import CreateKey

Client = TestClient[Any]
PAGE = f"/console/{SHOP}/variety"
AIMS = f"/v1/{SHOP}/recommend-objectives"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A simulated shop whose house served lists, and whose slider is measured; and an empty one."""
    settings = an_installation(tmp_path_factory.mktemp("variety"), SHOP, "empty")
    with open_rooms(SHOP, settings) as rooms:
        plan = SimulationPlan(until=rooms.simulator.today(), products=30, customers=110, days=25)
        rooms.simulator.fill(plan, pictures=False)
        agree(rooms.consents, SIMULATED)
        rooms.aim_desk.trade_offs.measure()
    with open_control(settings) as control:
        for role in ("owner", "operator", "analyst"):
            control.users.add(role, roles={SHOP: role, "empty": role})
    return settings


@pytest.fixture(scope="module")
def app(settings: Settings) -> Iterator[Any]:
    app = create_app(settings)
    with TestClient(app):
        yield app


@pytest.fixture
def keyed(app: Any, settings: Settings) -> Callable[[str], Client]:
    def of(shop: str) -> Client:
        with open_control(settings) as control:
            key = control.keys.create(shop, CreateKey(name="k", kind="service", scopes=("recommend:*",))).secret
        client: Client = TestClient(app)
        client.headers["authorization"] = f"Bearer {key}"
        return client

    return of


@pytest.fixture
def api(keyed: Callable[[str], Client]) -> Client:
    return keyed(SHOP)


@pytest.fixture
def as_(app: Any, settings: Settings) -> Callable[..., Client]:
    def of(role: str, language: str = "en") -> Client:
        with open_control(settings) as control:
            link = control.users.login_link(role)
        client: Client = TestClient(app)
        client.headers["accept-language"] = language
        client.post(f"/login/link/{link.rpartition('/')[2]}", follow_redirects=False)
        return client

    return of


def send(client: Client, path: str = "", **fields: str) -> Any:
    token = re.search(r'name="csrf" value="([^"]+)"', client.get(PAGE).text)
    assert token is not None
    return client.post(PAGE + path, data={"csrf": token[1], **fields}, follow_redirects=False)


def test_the_slider_moves_by_the_page_stands_in_the_ledger_and_goes_back(
    as_: Callable[..., Client], api: Client
) -> None:
    operator = as_("operator")
    assert 'It stands at <output for="aim-variety">0.00</output>' in operator.get(PAGE).text

    moved = send(operator, variety="0.4")
    assert moved.headers["location"].startswith(f"{PAGE}?done=changed")
    assert api.get(AIMS).json()["variety"] == 0.4
    assert "slider at 0.4" in as_("owner").get(f"/console/{SHOP}/ledger").text

    assert send(operator, "/undo").headers["location"].startswith(f"{PAGE}?done=undone")
    assert api.get(AIMS).json()["variety"] == 0.0


def test_aims_and_weights_of_acts_are_set_by_the_page(as_: Callable[..., Client], api: Client) -> None:
    operator = as_("operator")
    send(operator, margin="0.3", event_view="0.5")

    held = api.get(AIMS).json()
    assert (held["margin"], held["events"]["view"], held["events"]["cart"]) == (0.3, 0.5, 0.7)
    api.put(AIMS, json={})
    assert api.get(AIMS).json()["margin"] == 0.0


@pytest.mark.parametrize(("field", "value"), [("margin", "much"), ("margin", "7"), ("variety", "nan")])
def test_what_cannot_be_is_said_and_changes_nothing(
    as_: Callable[..., Client], api: Client, field: str, value: str
) -> None:
    before = api.get(AIMS).json()

    answer = send(as_("operator"), **{field: value})

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert api.get(AIMS).json() == before


def test_the_cost_and_the_charts_are_drawn_in_both_languages(as_: Callable[..., Client], api: Client) -> None:
    for language, words in (
        ("en", ("What the slider costs", "How narrow lists are")),
        ("zh", ("滑块的代价", "列表有多窄")),
    ):
        page = as_("operator", language).get(PAGE).text
        assert all(word in page for word in words)
        assert page.count('class="chart-plot"') == 3
        assert page.count('class="histogram"') == 1
    found = api.get(f"{AIMS}/trade-off").json()
    assert [row["position"] for row in found["rows"]] == [0.0, 0.25, 0.5, 0.75, 1.0]
    assert api.get(f"{AIMS}/exposure").json()["people"] >= 5
    assert api.post(f"{AIMS}/trade-off").status_code == 202


def test_its_figures_sort_and_go_out_as_files(as_: Callable[..., Client]) -> None:
    analyst = as_("analyst")

    def file(name: str, query: str = "") -> list[dict[str, str]]:
        answer = analyst.get(f"{PAGE}/{name}.csv{query}")
        assert answer.headers["content-type"].startswith("text/csv")
        return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))

    costs = file("cost", "?cost-sort=-slider")
    assert [row["slider"] for row in costs] == ["1.0", "0.75", "0.5", "0.25", "0.0"]
    assert all(float(row["found_low"]) <= float(row["found"]) <= float(row["found_high"]) for row in costs)
    days = [row["day"] for row in file("days")]
    assert days == sorted(days, reverse=True)
    assert [row["day"] for row in file("days", "?day-sort=day")] == days[::-1]
    assert all(row["people"] == "" or int(row["people"]) >= 5 or row["people"] == "0" for row in file("bubbles"))
    assert '<details class="chart-table" open>' in analyst.get(f"{PAGE}?bubble-sort=people").text


def test_an_empty_shop_says_that_there_is_nothing_yet(as_: Callable[..., Client]) -> None:
    page = as_("operator").get("/console/empty/variety").text

    for sentence in ("The cost is not measured yet", "No day yet", "Fewer than five people"):
        assert sentence in page


def test_a_measurement_is_followed_on_the_page_and_over_http(
    as_: Callable[..., Client], keyed: Callable[[str], Client], settings: Settings
) -> None:
    owner, page = as_("owner", "zh"), "/console/empty/variety"
    empty, asking = keyed("empty"), "/v1/empty/recommend-objectives/trade-off/measuring"
    assert empty.get(asking).json() is None
    before = owner.get(page).text
    assert "现在测量" in before
    token = re.search(r'name="csrf" value="([^"]+)"', before)
    assert token is not None
    owner.post(f"{page}/measure", data={"csrf": token[1]}, follow_redirects=False)

    waiting = owner.get(page).text
    assert "测量正在排队" in waiting
    assert f'hx-get="{page}/measuring" hx-trigger="every 2s"' in waiting
    assert '<noscript><meta http-equiv="refresh"' in waiting
    part = owner.get(f"{page}/measuring").text
    assert "测量正在排队" in part
    assert part.count('role="status"') == 1
    assert not re.search("<html|最近 35 天|aim-variety", part), "only what a measurement changes"
    asked = empty.get(asking).json()
    assert (asked["state"], asked.get("sessions_of", 0)) == ("waiting", 0)
    with open_rooms("empty", settings) as rooms:
        JobRunner(rooms.db, handlers(rooms), rooms.clock, "w").drain()

    ended = owner.get(page).text
    assert "上一次测量没有结果：来过的顾客只有 0 次会话，测量滑块至少要 20 次。" in ended
    assert 'hx-trigger="every 2s"' not in ended
    assert "<noscript><meta" not in ended
    told = empty.get(asking).json()
    assert (told["job"], told["state"]) == (asked["job"], "dead")
    assert told["error"].startswith("0 sessions of shoppers who came before")


def test_an_analyst_looks_and_changes_nothing(as_: Callable[..., Client]) -> None:
    page = as_("analyst").get(PAGE)

    assert page.status_code == 200
    assert "Measure anew" not in page.text
    assert "Let it stand" not in page.text


def test_aims_are_shown_set_and_taken_back_on_the_command_line(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ZHANGGUI_HOME", str(settings.home))

    assert run(["recommend", "aims", "set", SHOP, "--variety", "0.2", "--event", "cart=0.9", "--json"]) == 0
    held = msgspec.json.decode(capsys.readouterr().out)
    assert (held["variety"], held["events"]["cart"]) == (0.2, 0.9)
    assert run(["recommend", "aims", "set", SHOP, "--event", "cart=much"]) != 0
    assert run(["recommend", "aims", "undo", SHOP]) == 0
    capsys.readouterr()
    for command in (["show"], ["cost"], ["exposure"]):
        assert run(["recommend", "aims", *command, SHOP]) == 0
    assert run(["recommend", "aims", "floor", SHOP, "0.1", "--places", "10"]) in {0, 3}
    said = capsys.readouterr().out
    assert "lists replayed" in said
    assert "Nothing was set" in said
    assert "sessions, measured" in said
    assert "people counted" in said


@pytest.mark.parametrize(("state", "is_told"), [(JobState.DONE, True), (JobState.CANCELLED, False)])
def test_the_end_of_a_measurement_is_told_where_the_page_asks_for_it(
    as_: Callable[..., Client], monkeypatch: pytest.MonkeyPatch, state: JobState, is_told: bool
) -> None:
    monkeypatch.setattr("zhanggui.app.console.variety.measuring_of", lambda _: Measuring(job="j", state=state))
    operator = as_("operator", "zh")

    part, page = operator.get(f"{PAGE}/measuring").text, operator.get(PAGE).text

    assert bool(re.search(r'id="measuring-state"[^>]*>测量完成。\s*</p>', part)) is is_told
    assert "测量完成" not in page
    assert 'id="measuring-state"' in page
    assert part.count('class="chart-plot"') == 1
    assert "hx-trigger" not in part.partition(">")[0]
