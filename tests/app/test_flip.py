"""The same history, another group, the same answer: over HTTP and the whole path of an answer."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from litestar.testing import TestClient
from tests.app.builders import SHOP, an_installation
from tests.conftest import FixedClock, examples

from zhanggui.app.agreed import SIMULATED, agree
from zhanggui.app.build import open_control, open_rooms
from zhanggui.app.cli.main import run
from zhanggui.app.rehearsing import Rehearsal
from zhanggui.app.site import create_app
from zhanggui.kernel.settings import Settings
from zhanggui.shop.simulate import SimulationPlan
from zhanggui.trust import CreateKey

API = f"/v1/{SHOP}"
BABY = tuple(f"尿裤-{n}" for n in range(6)) + tuple(f"奶瓶-{n}" for n in range(6))
GROUPS = st.fixed_dictionaries(
    {},
    optional={
        "gender": st.sampled_from(("female", "male", "other")),
        "age_band": st.sampled_from(("under-18", "18-24", "25-34", "35-44", "45-54", "55+")),
        "province": st.sampled_from(("上海", "西藏", "广东")),
        "city_tier": st.integers(1, 6),
        "joined_at": st.sampled_from(("2019-01-01T00:00:00Z", "2026-03-01T00:00:00Z")),
    },
)
ACTS = st.lists(
    st.tuples(st.sampled_from(("view_item", "add_to_cart", "purchase", "dismiss")), st.sampled_from(BABY)),
    min_size=1,
    max_size=6,
)
numbers = itertools.count()


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient[Any]]:
    """A shop of baby goods, long there, whose clock stands still."""
    clock = FixedClock()
    held = an_installation(tmp_path_factory.mktemp("flip"), clock=clock)
    with open_control(held) as control:
        key = control.keys.create(SHOP, CreateKey(name="k", kind="service", scopes=("*",))).secret
    with TestClient(create_app(held, clock=clock)) as client:
        client.headers["authorization"] = f"Bearer {key}"
        goods = [
            {"id": id_, "texts": {"zh": {"title": f"婴儿{id_}"}}, "keywords": [id_[:2]], "category": ["母婴", id_[:2]]}
            for id_ in BABY
        ]
        assert client.put(f"{API}/products", json=goods).status_code == 200
        clock.advance(days=60)
        yield client


def a_customer(client: TestClient[Any], traits: dict[str, Any], acts: list[tuple[str, str]]) -> str:
    """Somebody of these groups, who did this within the last hours."""
    id_ = f"u{next(numbers)}"
    held = {"basis": {"kind": "contract"}, "customers": [{"id": id_} | traits]}
    put = client.put(f"{API}/customers", json=held)
    assert put.status_code == 200, put.text
    for place, (name, product) in enumerate(acts):
        at = f"2026-05-12T{place:02}:00:00Z"
        event = {"id": f"{id_}:{place}", "name": name, "customer_id": id_, "product_id": product, "at": at}
        answer = client.post(f"{API}/events", json=event)
        assert answer.json()["accepted"] == 1, answer.text
    return id_


def answered(client: TestClient[Any], id_: str, surface: str = "product") -> dict[str, Any]:
    """The whole answer but the list's own id, and the numbers of the events that it names."""
    answer = client.get(f"{API}/recommendations", params={"customer_id": id_, "k": 12, "surface": surface}).json()
    assert answer["items"], answer
    del answer["list_id"]
    for item in answer["items"]:
        for one in item["reason"].get("evidence", ()):
            del one["seq"]
    return answer


@pytest.mark.parametrize("surface", ["product", "cart"])
def test_a_father_and_a_mother_with_the_same_baby_goods_history_get_the_same_answer(
    client: TestClient[Any], surface: str
) -> None:
    history = [("view_item", "尿裤-0"), ("add_to_cart", "尿裤-1"), ("purchase", "奶瓶-0"), ("view_item", "奶瓶-2")]
    father = a_customer(client, {"gender": "male", "age_band": "35-44"}, history)
    mother = a_customer(client, {"gender": "female", "age_band": "25-34"}, history)

    assert answered(client, father, surface) == answered(client, mother, surface)


@settings(max_examples=examples(30), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=ACTS, one=GROUPS, other=GROUPS)
def test_the_same_history_in_another_group_gets_the_same_answer(
    client: TestClient[Any], history: list[tuple[str, str]], one: dict[str, Any], other: dict[str, Any]
) -> None:
    first, second = (a_customer(client, traits, history) for traits in (one, other))

    assert answered(client, first) == answered(client, second)


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    held = an_installation(tmp_path_factory.mktemp("simulated"))
    with open_rooms(SHOP, held) as rooms:
        plan = SimulationPlan(until=rooms.simulator.today(), products=30, customers=60, days=20)
        rooms.simulator.fill(plan, pictures=False)
        agree(rooms.consents, SIMULATED)
        rooms.recommend.train()
    return held


def test_real_shoppers_are_answered_as_others_and_nothing_of_it_stays(simulated: Settings) -> None:
    with open_rooms(SHOP, simulated) as rooms:

        def held() -> tuple[Any, ...]:
            with rooms.db.read() as db:
                return tuple(
                    tuple(map(tuple, db.execute(sa.text(f"SELECT * FROM {name} ORDER BY 1"))))
                    for name in ("customers", "served_lists", "change_counter")
                )

        before = held()
        steps: list[tuple[int, int]] = []
        found = rooms.flip_test.run(4, lambda done, of: steps.append((done, of)))

        assert held() == before
    assert (found.people, steps) == (4, [(n, 4) for n in range(4)])
    assert found.is_same
    assert {one.kind for one in found.kinds if one.compared >= 4} == {"gender", "age", "region", "tenure", "all"}


def test_an_answer_that_looks_at_who_asks_is_found(simulated: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's own test: were gender looked at, it would say so."""
    from zhanggui.app import rehearsing

    true = rehearsing._answer

    def unfair(rooms: Any, customer_id: str) -> bytes:
        with rooms.db.read() as db:
            gender = db.execute(
                sa.text("SELECT gender FROM customers JOIN persons ON number = person WHERE external_id = :id"),
                {"id": customer_id},
            ).scalar_one()
        return true(rooms, customer_id) + (gender or "").encode()

    monkeypatch.setattr(rehearsing, "_answer", unfair)
    with open_rooms(SHOP, simulated) as rooms:
        found = rooms.flip_test.run(2)

    told = {one.kind: one.different for one in found.kinds}
    assert told["gender"] == 6
    assert told["all"] == 2
    assert (told["age"], told["region"], told["tenure"]) == (0, 0, 0)
    assert not found.is_same


def test_an_attempt_is_seen_inside_and_gone_outside(simulated: Settings) -> None:
    with open_rooms(SHOP, simulated) as rooms:
        rehearsal = Rehearsal(rooms.db)

        def work(db: sa.Connection) -> list[int]:
            counts = []
            for _ in range(2):
                with rehearsal.read() as inside:
                    counts.append(inside.execute(sa.text("SELECT COUNT(*) FROM customers")).scalar_one())
                rehearsal.write(lambda inside: inside.execute(sa.text("DELETE FROM customers")))
            return counts

        before, within = rehearsal.attempt(work)
        with rehearsal.read() as db:
            assert db.execute(sa.text("SELECT COUNT(*) FROM customers")).scalar_one() == before > within == 0
        with pytest.raises(RuntimeError, match="writes nothing"):
            rehearsal.write(lambda db: None)


def test_it_runs_on_the_command_line_and_over_http(
    simulated: Settings,
    client: TestClient[Any],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("ZHANGGUI_HOME", str(simulated.home))

    assert run(["fairness", "flip", SHOP, "--people", "2", "--quiet"]) == 0
    assert "2 shoppers. No answer differs." in capsys.readouterr().out

    a_customer(client, {"gender": "male"}, [("view_item", BABY[0])])
    told = client.post(f"{API}/fairness/flip", json={"people": 3}).json()
    assert [one["different"] for one in told["kinds"]] == [0] * 5
    assert client.post(f"{API}/fairness/flip", json={"people": 0}).status_code == 422
