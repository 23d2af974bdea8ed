"""Trainings over HTTP: asked for once, followed to the end, called off, and unknown ones told as unknown."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar import Request, Response
from litestar.di import Provide
from litestar.testing import TestClient, create_test_client
from tests.conftest import FixedClock
from tests.recommend.builders import TestShop, teas

from zhanggui.kernel.clock import to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.errors import ZhangguiError
from zhanggui.kernel.ids import new_id
from zhanggui.kernel.jobs import JobRunner, Stopped, enqueue
from zhanggui.kernel.steps import OnStep
from zhanggui.recommend.jobs import training as jobs
from zhanggui.recommend.routes.trainings import TrainingRoutes
from zhanggui.recommend.service.recipes import list_exports
from zhanggui.recommend.service.training import behaviour
from zhanggui.recommend.service.training import trainer as trainer_module
from zhanggui.recommend.service.training.trainer import Trainer
from zhanggui.recommend.service.training.triggers import Triggers
from zhanggui.recommend.types.recipes import ExportLists

PATH = "/v1/s/models/trainings"


@pytest.fixture
def shop(sqlite: Database, tmp_path: Path, clock: FixedClock) -> TestShop:
    shop = TestShop(sqlite, tmp_path / "models", clock)
    shop.sells(*teas("绿茶", 6), *teas("花果茶", 6))
    for n in range(40):
        shop.buys(f"c{n}", f"绿茶-{n % 5}", "花果茶-0", days_ago=20)
        shop.buys(f"c{n}", f"绿茶-{(n + 1) % 5}", days_ago=3)
    return shop


@pytest.fixture
def client(shop: TestShop) -> Iterator[TestClient[Any]]:
    def told(_: Request[Any, Any, Any], error: ZhangguiError) -> Response[Any]:
        return Response({"code": error.code}, status_code={"conflict": 409}.get(error.kind.value, 404))

    with create_test_client(
        [TrainingRoutes],
        dependencies={"recommender": Provide(lambda: shop.recommend, sync_to_thread=False)},
        exception_handlers={ZhangguiError: told},
    ) as client:
        yield client


def work(shop: TestShop) -> None:
    triggers = Triggers(db=shop.db, clock=shop.clock, events=shop.events)
    JobRunner(shop.db, jobs.handlers(shop.recommend.trainer, triggers), shop.clock, "w1").drain(10)


def test_a_training_is_asked_for_once_followed_and_its_model_serves(client: TestClient[Any], shop: TestShop) -> None:
    begun = client.post(PATH, json={})
    again = client.post(PATH, json={})

    assert begun.status_code == 202
    assert begun.json() == {"id": begun.json()["id"], "state": "waiting"}
    assert again.json() == begun.json() | {"is_joined": True}
    work(shop)
    assert client.get(begun.headers["location"]).json()["state"] == "done"
    assert shop.recommend.popular(k=1).model == shop.recommend.model_cards()[0].id
    assert client.post(f"{begun.headers['location']}/cancel").json() == {"code": "jobs.not_cancellable"}


def test_an_incremental_one_takes_over_the_blend_and_a_full_one_does_not(
    client: TestClient[Any], shop: TestShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, prepare = [], Trainer.prepare

    def noted(trainer: Trainer, *told: Any, is_full: bool) -> Any:
        asked.append(is_full)
        return prepare(trainer, *told, is_full=is_full)

    monkeypatch.setattr(Trainer, "prepare", noted)
    for incremental in (True, False):
        client.post(PATH, json={"incremental": incremental})
        work(shop)

    assert asked == [False, True]


def test_a_full_training_stands_for_an_incremental_one_and_says_so_but_not_the_other_way_round(
    client: TestClient[Any], shop: TestShop
) -> None:
    part = client.post(PATH, json={"incremental": True}).json()
    full = client.post(PATH, json={}).json()

    assert "is_joined" not in part
    assert "is_joined" not in full
    assert full["id"] != part["id"]
    joined = client.post(PATH, json={"incremental": True}).json()
    assert (joined["id"], joined["is_joined"]) == (full["id"], True)
    client.post(f"{PATH}/{full['id']}/cancel")
    assert client.post(PATH, json={"incremental": True}).json()["id"] == part["id"]


def test_one_that_waits_is_called_off_and_trains_nothing(client: TestClient[Any], shop: TestShop) -> None:
    where = client.post(PATH, json={}).headers["location"]

    assert client.post(f"{where}/cancel").json()["state"] == "cancelled"
    work(shop)

    assert shop.recommend.model_cards() == []
    assert client.get(where).json()["state"] == "cancelled"


def test_one_that_only_stops_is_joined_by_nobody_and_what_is_asked_for_then_is_trained(
    client: TestClient[Any], shop: TestShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, prepare = list[dict[str, Any]](), Trainer.prepare

    def stopped_once(trainer: Trainer, seed: int, on_step: OnStep, *, is_full: bool) -> Any:
        if not asked:
            client.post(f"{where}/cancel")
            assert client.get(where).json()["is_stopping"]
            asked.append(client.post(PATH, json={}).json())
            raise Stopped
        return prepare(trainer, seed, on_step, is_full=is_full)

    monkeypatch.setattr(Trainer, "prepare", stopped_once)
    where = client.post(PATH, json={}).headers["location"]
    work(shop)

    assert "is_joined" not in asked[0]
    assert client.get(f"{PATH}/{asked[0]['id']}").json()["state"] == "done"
    assert len(shop.recommend.model_cards()) == 1


@pytest.mark.parametrize("too", ["few", "large"])
def test_one_that_comes_to_nothing_says_why_and_is_not_tried_again(
    client: TestClient[Any], shop: TestShop, monkeypatch: pytest.MonkeyPatch, too: str
) -> None:
    if too == "few":
        monkeypatch.setattr(behaviour, "LEAST_EVENTS", 1_000)
    else:
        monkeypatch.setattr(trainer_module, "model_bytes", lambda _: 3 << 30)
    where = client.post(PATH, json={}).headers["location"]

    work(shop)

    seen = client.get(where).json()
    assert (seen["state"], seen["ended_ms"]) == ("dead", to_ms(shop.clock()))
    assert seen["error"].startswith(
        "120 events with products; training needs 1000. Until then" if too == "few" else "A model of 12 products needs"
    )


def test_what_is_no_training_is_unknown(client: TestClient[Any], shop: TestShop) -> None:
    other = new_id()
    shop.db.write(lambda db: enqueue(db, list_exports.EXPORT, list_exports.WriteLists(ExportLists()), job_id=other))

    for id_ in (other, new_id()):
        assert client.get(f"{PATH}/{id_}").json() == {"code": "recommend.unknown_training"}
        assert client.post(f"{PATH}/{id_}/cancel").json() == {"code": "recommend.unknown_training"}
    assert client.post(PATH, json={"seed": 1}).status_code == 400
