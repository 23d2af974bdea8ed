"""Fairness on its page, over HTTP and on the command line, over a simulated shop."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import msgspec
import numpy as np
import pytest
from litestar.testing import TestClient
from tests.app.builders import SHOP, an_installation

from zhanggui.app.agreed import SIMULATED, agree
from zhanggui.app.build import open_control, open_rooms
from zhanggui.app.cli.main import run
from zhanggui.app.site import create_app
from zhanggui.kernel.privacy import Purpose
from zhanggui.kernel.settings import Settings
from zhanggui.shop.simulate import SimulationPlan
from zhanggui.trust import CreateKey
from zhanggui.trust.types.fairness import FairnessLimits

Client = TestClient[Any]
PAGE = f"/console/{SHOP}/fairness"
API = f"/v1/{SHOP}/fairness"


@dataclass
class Planted:
    gender: dict[int, str]

    def labels(self, purpose: Purpose) -> dict[str, dict[int, str]]:
        return {"gender": self.gender}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = an_installation(tmp_path_factory.mktemp("fairness"), SHOP, "empty")
    with open_rooms(SHOP, settings) as rooms:
        plan = SimulationPlan(until=rooms.simulator.today(), products=30, customers=110, days=25)
        rooms.simulator.fill(plan, pictures=False)
        agree(rooms.consents, SIMULATED)
    with open_control(settings) as control:
        for role in ("analyst", "auditor", "agent"):
            control.users.add(role, roles={SHOP: role, "empty": role})
    return settings


@pytest.fixture(scope="module")
def app(settings: Settings) -> Iterator[Any]:
    app = create_app(settings)
    with TestClient(app):
        yield app


@pytest.fixture(scope="module")
def api(app: Any, settings: Settings) -> Client:
    with open_control(settings) as control:
        key = control.keys.create(SHOP, CreateKey(name="k", kind="service", scopes=("trust:measure",))).secret
    client: Client = TestClient(app)
    client.headers["authorization"] = f"Bearer {key}"
    return client


@pytest.fixture(scope="module")
def as_(app: Any, settings: Settings) -> Callable[..., Client]:
    def of(role: str, language: str = "en") -> Client:
        with open_control(settings) as control:
            link = control.users.login_link(role)
        client: Client = TestClient(app)
        client.headers["accept-language"] = language
        client.post(f"/login/link/{link.rpartition('/')[2]}", follow_redirects=False)
        return client

    return of


def test_shares_by_group_come_with_intervals_and_no_group_is_small(api: Client) -> None:
    found = api.get(API).json()

    assert {one["kind"] for one in found["measured"]} >= {"gender", "age", "tenure"}
    for one in found["measured"]:
        for group in one["groups"]:
            assert group["people"] >= found["limits"]["smallest_group"] == 20
            assert 0 <= group["share"]["low"] <= group["share"]["value"] <= group["share"]["high"] <= 1


@pytest.mark.parametrize(("language", "words"), [("en", ("Fairness", "Gender")), ("zh", ("公平", "性别"))])
def test_the_page_draws_an_interval_a_group(
    as_: Callable[..., Client], api: Client, language: str, words: tuple[str, ...]
) -> None:
    page = as_("analyst", language).get(PAGE).text

    assert all(word in page for word in words)
    assert page.count('class="interval"') == sum(len(one["groups"]) for one in api.get(API).json()["measured"])


def test_the_button_tries_shoppers_as_others(as_: Callable[..., Client]) -> None:
    analyst = as_("analyst")
    token = re.search(r'name="csrf" value="([^"]+)"', analyst.get(PAGE).text)
    assert token is not None

    page = analyst.post(f"{PAGE}/flip", data={"csrf": token[1]}).text

    assert "20 shoppers were tried: no answer differs." in page
    assert "All at once" in page


def test_an_auditor_looks_and_an_agent_does_not(as_: Callable[..., Client]) -> None:
    assert as_("auditor").get(PAGE).status_code == 200
    assert as_("agent").get(PAGE).status_code == 403


def test_an_empty_shop_says_that_there_is_nobody_to_count(as_: Callable[..., Client]) -> None:
    assert "No group is large enough yet" in as_("analyst").get("/console/empty/fairness").text


def test_the_command_line_tells_the_same(
    settings: Settings, api: Client, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ZHANGGUI_HOME", str(settings.home))

    code = run(["fairness", "report", SHOP, "--json"])
    told = msgspec.json.decode(capsys.readouterr().out)
    assert code == (3 if told["alerts"] else 0)
    assert told["measured"] == api.get(API).json()["measured"]

    run(["fairness", "report", SHOP])
    assert "lists are of people who may not be counted" in capsys.readouterr().out
    assert run(["fairness", "report", "empty"]) == 0
    assert "No group of 20 people" in capsys.readouterr().out


def test_a_group_planted_in_the_few_tastes_of_a_small_shop_is_told_as_not_reached_where_a_reader_is_left(
    settings: Settings, as_: Callable[..., Client]
) -> None:
    """On the recommender's own vectors: readers find it, and what is said of the erasure is what they find after it."""
    pytest.importorskip("sklearn", reason="the extra `fairness` is not installed")
    with open_rooms(SHOP, settings) as rooms:
        test = rooms.mitigation_test
        sample = test.tastes.sample(5_000, {})
        leaning = sample.vectors[:, 1] / np.linalg.norm(sample.vectors, axis=1)
        is_above = leaning > np.median(leaning)
        planted = {n: "female" if one else "male" for n, one in zip(sample.person.tolist(), is_above, strict=True)}

        found = replace(test, groups=Planted(planted), limits=FairnessLimits(smallest_group=10)).measure()

    rows = {one.name: one for one in found.rows}
    assert rows["none"].is_reached is False
    assert rows["exposure"].probes == rows["none"].probes
    left = {one.head: one.tells for one in rows["erase"].probes}
    assert left.keys() == {"linear", "trees", "network"}
    assert not left["linear"]
    assert rows["erase"].is_reached is not any(left.values())
    said = "Not reached" if any(left.values()) else "Reached"
    assert said in as_("analyst").get(PAGE).text
    assert rows["none"].recall_cost.value == 0
    for one in found.rows:
        assert one.recall.value == pytest.approx(rows["none"].recall.value - one.recall_cost.value, abs=1e-5)
        assert 0 <= one.ndcg.low <= one.ndcg.high <= 1


def test_mitigations_are_told_on_the_command_line_and_over_http(
    settings: Settings, api: Client, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ZHANGGUI_HOME", str(settings.home))

    assert run(["fairness", "mitigate", SHOP]) == 0
    assert "tastes of" in capsys.readouterr().out
    told = api.post(f"{API}/mitigations").json()
    assert [one["name"] for one in told["rows"]] == ["none", "reweigh", "erase", "exposure"]
    assert 0 <= told["needed"] == told["head_start"] <= 1
    assert api.get(f"{API}/mitigations").json() == {"in_force": [], "measured": told}
    page = api.get(f"/console/{SHOP}/fairness", headers={"accept-language": "en"}).text
    assert "fairness.head_start" in page
    assert "measured " in page
    assert run(["fairness", "mitigate", "empty"]) != 0
