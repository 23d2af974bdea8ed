"""The models page, and the same over HTTP and on the command line: earlier models back into service, and who may."""

from __future__ import annotations

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
from zhanggui.app.console.model_facts import WHY_SUM
from zhanggui.app.site import create_app
from zhanggui.kernel.settings import Settings
from zhanggui.recommend.tables import models as model_tables
from zhanggui.recommend.types.learning import TriedMethod
from zhanggui.shop.simulate import SimulationPlan
from zhanggui.trust import CreateKey

Client = TestClient[Any]
PAGE = f"/console/{SHOP}/models"
MODELS = f"/v1/{SHOP}/models"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = an_installation(tmp_path_factory.mktemp("models"))
    with open_rooms(SHOP, settings) as rooms:
        plan = SimulationPlan(until=rooms.simulator.today(), products=40, customers=60, days=40)
        rooms.simulator.fill(plan)
        for seed in (1, 2):
            rooms.recommend.train(seed)
    with open_control(settings) as control:
        for role in ("operator", "analyst"):
            control.users.add(role, roles={SHOP: role})
    return settings


@pytest.fixture(scope="module")
def app(settings: Settings) -> Iterator[Any]:
    app = create_app(settings)
    with TestClient(app):
        yield app


@pytest.fixture
def api(app: Any, settings: Settings) -> Client:
    with open_control(settings) as control:
        key = control.keys.create(SHOP, CreateKey(name="k", kind="service", scopes=("recommend:*",))).secret
    client: Client = TestClient(app)
    client.headers["authorization"] = f"Bearer {key}"
    return client


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


def send(client: Client, path: str = "") -> Any:
    token = re.search(r'name="csrf" value="([^"]+)"', client.get(f"/console/{SHOP}/account").text)
    assert token is not None
    return client.post(PAGE + path, data={"csrf": token[1]}, follow_redirects=False)


def serving(api: Client) -> str:
    return next(str(card["id"]) for card in api.get(MODELS).json() if card["state"] == "current")


def test_an_earlier_model_serves_again_and_gives_way_again(as_: Callable[..., Client], api: Client) -> None:
    client = as_("operator")
    newer, older = (card["id"] for card in api.get(MODELS).json())

    put = send(client, f"/{older}/put-back")

    assert serving(api) == older
    assert api.get(f"/v1/{SHOP}/recommendations?k=3").json()["model"] == older
    page = client.get(put.headers["location"]).text
    assert "The earlier model serves again." in page
    assert "A person put this model back." in page
    assert "换回" in as_("operator", "zh").get(PAGE).text
    send(client, "/put-back/undo")
    assert serving(api) == newer
    assert "A person put this model back." not in client.get(PAGE).text


def test_over_http_and_on_the_command_line_it_is_the_same(
    settings: Settings, api: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    newer, older = (card["id"] for card in api.get(MODELS).json())

    assert api.post(f"{MODELS}/put-back", json={}).json()["id"] == older
    assert api.post(f"{MODELS}/put-back/undo").json()["id"] == newer
    again = api.post(f"{MODELS}/put-back", json={"model_id": newer})
    assert (again.status_code, again.json()["code"]) == (409, "recommend.not_kept")
    assert run(["--home", str(settings.home), "recommend", "rollback", SHOP]) == 0
    assert f"Model {older} serves" in capsys.readouterr().out
    assert run(["--home", str(settings.home), "recommend", "rollback", SHOP, "--undo"]) == 0
    assert serving(api) == newer


def test_an_analyst_looks_and_changes_nothing(as_: Callable[..., Client], api: Client) -> None:
    client = as_("analyst")
    older = api.get(MODELS).json()[1]["id"]

    assert "put-back" not in client.get(PAGE).text
    assert send(client, f"/{older}/put-back").status_code == 403


def test_what_served_lists_led_to_is_drawn_and_told_at_every_door(
    settings: Settings, as_: Callable[..., Client], api: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    page = as_("analyst").get(PAGE).text
    assert "What served lists led to" in page
    assert "推荐列表带来了什么" in as_("analyst", "zh").get(PAGE).text
    report = api.get(f"{MODELS}/quality").json()

    assert run(["--home", str(settings.home), "recommend", "quality", SHOP, "--json"]) in {0, 3}

    assert report["models"][0]["id"] in capsys.readouterr().out
    assert len(report["days"]) == 34
    assert report["models"][0]["low"] <= report["models"][0]["recall"] <= report["models"][0]["high"]


def test_two_models_stand_side_by_side(
    settings: Settings, as_: Callable[..., Client], api: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    newer, older = (card["id"] for card in api.get(MODELS).json())
    page = as_("analyst").get(f"{PAGE}/compare").text
    assert "Found of 20, with its 95 % interval" in page
    assert f"/models/{newer}" in page
    assert f"/models/{older}" in page
    assert "对比模型" in as_("analyst", "zh").get(f"{PAGE}/compare?first={newer}&second={newer}").text
    seen = api.get(f"{MODELS}/compare", params={"first": older, "second": newer}).json()

    assert run(["--home", str(settings.home), "recommend", "compare", SHOP, older, newer]) == 0

    assert (seen["first"]["id"], seen["second"]["id"], seen["places"]) == (older, newer, 10)
    assert "of the first 10 places" in capsys.readouterr().out
    assert as_("analyst").get(f"{PAGE}/compare?first=nope&second={newer}").status_code == 404


def test_what_was_not_measured_is_said_to_be_so_and_is_no_0(
    settings: Settings, as_: Callable[..., Client], api: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    serves = serving(api)
    id_ = next(str(card["id"]) for card in api.get(MODELS).json() if card["id"] != serves)
    with open_rooms(SHOP, settings) as rooms:
        held = rooms.recommend.model_card(id_)
        card = msgspec.structs.replace(held, metrics={"occasions": 0.0, "recall@20": 0.0})
        rooms.db.write(lambda db: model_tables.models.put(db, card))
        page = as_("analyst").get(f"{PAGE}/compare?first={id_}&second={serves}").text
        told = next(one for one in api.get(f"{MODELS}/quality").json()["models"] if one["id"] == id_)
        metrics = api.get(f"{MODELS}/{id_}").json()["metrics"]
        assert run(["--home", str(settings.home), "recommend", "quality", SHOP]) in {0, 3}
        rooms.db.write(lambda db: model_tables.models.put(db, held))

    assert "Not measured: nobody came back" in page
    assert [told[name] for name in ("recall", "low", "high", "popular", "occasions")] == [None, None, None, None, 0]
    assert metrics == {"occasions": 0.0}
    assert "0.0000" not in next(line for line in capsys.readouterr().out.splitlines() if id_ in line)


def test_a_card_says_what_its_training_took_over(settings: Settings, as_: Callable[..., Client], api: Client) -> None:
    assert run(["--home", str(settings.home), "train", SHOP, "--incremental", "--quiet"]) == 0

    page = as_("analyst").get(f"{PAGE}/{serving(api)}").text

    assert "weights of the model before · what is alike by its words" in page
    assert "Share of the catalogue shown" in page


def test_a_card_says_what_orders_its_lists_whose_aims_taught_it_and_what_it_might_take(
    settings: Settings, as_: Callable[..., Client], api: Client
) -> None:
    with open_rooms(SHOP, settings) as rooms:
        held = rooms.recommend.model_card(serving(api))
        told = {
            "ranker": "trees, NDCG@20 +4.0 % [+1.0, +8.0]",
            "taught by": "purchase 3, event dismiss 2, groups alike",
        }
        gains = {"": 0.01, "_low": 0.0025, "_high": 0.02}
        metrics = {f"ndcg@20_trees_gain{end}": gain for end, gain in gains.items()} | {"ndcg@20_sum": 0.25}
        card = msgspec.structs.replace(held, parameters=held.parameters | told, metrics=held.metrics | metrics)
        rooms.db.write(lambda db: model_tables.models.put(db, card))
    page, zh = (as_("analyst", language).get(f"{PAGE}/{held.id}").text for language in ("en", "zh"))
    beside = as_("analyst").get(f"{PAGE}/compare").text
    with open_rooms(SHOP, settings) as rooms:
        for why in WHY_SUM:
            parameters = held.parameters | {"ranker": f"sum, because {why}: trees, NDCG@20 +0.1 % [-1.0, +1.0]"}
            one = msgspec.structs.replace(card, parameters=parameters)
            rooms.db.write(lambda db, one=one: model_tables.models.put(db, one))
            assert f"orders alone: {WHY_SUM[why]}." in as_("analyst").get(f"{PAGE}/{held.id}").text
        for name in ("ndcg@20_sum", "ndcg@20_trees_gain_low"):
            less = {key: value for key, value in card.metrics.items() if key != name}
            one = msgspec.structs.replace(card, metrics=less)
            rooms.db.write(lambda db, one=one: model_tables.models.put(db, one))
            without = as_("analyst").get(f"{PAGE}/{held.id}").text
            assert "Trees order." in without
            assert "better than the sum" not in without
        rooms.db.write(lambda db: model_tables.models.put(db, held))

    assert "Trees order: 4.0% better than the sum of signals (1.0% to 8.0%)." in page
    assert "A product bought next 3 · Dismissing it, against it 2 · groups of people alike" in page
    assert f"{held.parameters['choose_seconds']} s of the processor for choosing, 1,024 MiB" in page
    assert "由树模型排序：比各信号之和好 4.0%（1.0% 至 8.0%）。" in zh
    assert "Trees order: 4.0% better" in beside


def test_a_card_says_at_every_door_which_methods_were_tried(
    settings: Settings, as_: Callable[..., Client], api: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = (
        TriedMethod(graph="alike", method="usual", quality=0.1, weight=0.4, reason="adds to the lists"),
        TriedMethod(
            graph="alike", method="ease", settings={"ridge": 30.0}, quality=0.12, weight=0.6, reason="adds to the lists"
        ),
        TriedMethod(graph="together", method="sequences", reason="would take about 99 s of the 3 s that are left"),
    )
    with open_rooms(SHOP, settings) as rooms:
        card = rooms.recommend.model_card(serving(api))
        rooms.db.write(lambda db: model_tables.models.put(db, msgspec.structs.replace(card, tried=lines)))

    page = as_("analyst").get(f"{PAGE}/{card.id}").text
    told = api.get(f"{MODELS}/{card.id}").json()["tried"]
    assert run(["--home", str(settings.home), "recommend", "tried", SHOP, "--json"]) == 0

    assert "Taken by the same people" in page
    assert "ridge 30" in page
    assert "There was no time left for it." in page
    assert "没有时间再试它。" in as_("analyst", "zh").get(f"{PAGE}/{card.id}").text
    assert [one["method"] for one in told] == ["usual", "ease", "sequences"]
    assert msgspec.json.decode(capsys.readouterr().out, type=tuple[TriedMethod, ...]) == lines


def a_regular(settings: Settings, api: Client) -> tuple[str, list[str]]:
    """A customer whose list rests on what they did, and the products of it."""
    with open_rooms(SHOP, settings) as rooms:
        agree(rooms.consents, SIMULATED)
        with rooms.db.read() as db:
            asked = "SELECT external_id FROM persons WHERE kind = 0 ORDER BY external_id"
            people = [str(row[0]) for row in db.exec_driver_sql(asked)]
    for who in people:
        answer = api.get(f"/v1/{SHOP}/recommendations?customer_id={who}&k=12&language=en").json()
        if answer.get("is_personal", True) and answer["items"][0]["reason"].get("evidence"):
            return who, [item["product_id"] for item in answer["items"]]
    raise AssertionError("Nobody has a list of their own.")


def test_a_place_is_taken_apart_alike_at_every_door(
    settings: Settings, as_: Callable[..., Client], api: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    who, listed = a_regular(settings, api)
    product, asked = listed[0], {"product_id": listed[0], "customer_id": who, "k": 12, "language": "en"}

    over_http = api.get(f"/v1/{SHOP}/recommendations/explain", params=asked).json()
    words = ["recommend", "explain", SHOP, product, "--customer", who, "--k", "12", "--language", "en"]
    assert run(["--home", str(settings.home), *words, "--json"]) == 0
    printed = msgspec.json.decode(capsys.readouterr().out)
    assert run(["--home", str(settings.home), *words]) == 0
    table = capsys.readouterr().out
    page = as_("operator").get(f"/console/{SHOP}/recommendations?customer={who}&product={product}").text

    made_by = re.search(rf'<a class="hit" href="{PAGE}/{over_http["model"]}">Trained [^<]+</a>', page)
    assert made_by is not None, "the page names the model by when it was trained"
    assert (over_http["stage"], over_http["position"]) == ("shown", 1)
    groups = (over_http["factors"], over_http.get("ranker", []), over_http.get("aims", []))
    total = sum(part["value"] for group in groups for part in group) + over_http.get("ranker_expected", 0.0)
    assert over_http["score"] == pytest.approx(total, abs=1e-6)
    assert printed["words"] == over_http["words"] == "Shown at place 1"
    assert [part["name"] for part in printed["factors"]] == [part["name"] for part in over_http["factors"]]
    assert f"({product}): Shown at place 1" in table
    assert f"{over_http['title']}</b> · Shown at place 1" in page.replace("&#39;", "'")


def test_the_form_says_why_a_product_is_not_shown_or_that_there_is_none(
    settings: Settings, as_: Callable[..., Client], api: Client
) -> None:
    who, listed = a_regular(settings, api)
    with open_rooms(SHOP, settings) as rooms, rooms.db.read() as db:
        others = sorted(set(rooms.live.view(db).numbers) - set(listed))
    form = f"/console/{SHOP}/recommendations?customer={who}&product="

    told = api.get(
        f"/v1/{SHOP}/recommendations/explain?product_id={others[0]}&customer_id={who}&k=12&language=zh"
    ).json()
    assert told["stage"] not in {"shown", "exploring"}
    assert told["words"] in as_("operator", "zh").get(form + others[0]).text
    assert "No product has this id." in as_("operator").get(f"{form}none-such").text
    assert as_("analyst").get(form + others[0]).status_code == 403
    missing = api.get(f"/v1/{SHOP}/recommendations/explain?product_id=none-such")
    assert (missing.status_code, missing.json()["code"]) == (404, "shop.unknown_product")
