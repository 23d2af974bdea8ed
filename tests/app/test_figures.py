"""What /metrics says of the requests that were answered."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from litestar.testing import TestClient
from prometheus_client import REGISTRY, CollectorRegistry
from tests.app.builders import SHOP, an_installation

from zhanggui.app.build import open_control
from zhanggui.app.http.counting import Tally
from zhanggui.app.http.front import FrontedApp
from zhanggui.app.site import create_app
from zhanggui.kernel.metrics import Seconds
from zhanggui.trust import CreateKey

EVENT = '{"id": "%s", "name": "view_item", "visitor_id": "v1", "product_id": "p1"}'


@pytest.fixture(scope="module", params=["hot", "slow"])
def client(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient[FrontedApp]]:
    settings = an_installation(tmp_path_factory.mktemp("figures"))
    with open_control(settings) as control:
        key = control.keys.create(SHOP, CreateKey(name="test", scopes=("*",))).secret
    with pytest.MonkeyPatch.context() as environ:
        environ.setenv("ZHANGGUI_METRICS_KEY", "figures")
        app = create_app(settings)
    if request.param == "slow":
        app.hot = None
    with TestClient(app) as client:
        client.headers["Authorization"] = f"Bearer {key}"
        yield client


def figure(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


@pytest.mark.parametrize(
    ("method", "path", "body", "route", "status"),
    [
        ("GET", "/recommendations?visitor_id=v1&k=3", None, "/v1/{shop}/recommendations", "200"),
        ("POST", "/events", EVENT % "a", "/v1/{shop}/events", "200"),
        ("POST", "/events/batch", f"[{EVENT % 'b'}]", "/v1/{shop}/events/batch", "200"),
        ("POST", "/events", "{", "/v1/{shop}/events", "422"),
        ("GET", "/products/none", None, "/v1/{shop}/products/{product_id}", "404"),
        ("GET", "/nothing/of/the/kind", None, "unmatched", "404"),
    ],
)
def test_a_request_is_counted_and_timed_under_the_template_of_its_route(
    client: TestClient[FrontedApp], method: str, path: str, body: str | None, route: str, status: str
) -> None:
    labels = {"method": method, "route": route, "status": status}
    counted_before = figure("zhanggui_http_requests_total", **labels)
    timed_before = figure("zhanggui_http_request_seconds_count", route=route)

    client.request(method, f"/v1/{SHOP}{path}", content=body, headers={"Content-Type": "application/json"})

    assert figure("zhanggui_http_requests_total", **labels) - counted_before == 1
    assert figure("zhanggui_http_request_seconds_count", route=route) - timed_before == 1
    assert figure("zhanggui_http_in_flight") == 0


def test_events_are_counted_by_what_became_of_them(client: TestClient[FrontedApp]) -> None:
    outcomes = ("accepted", "duplicate", "refused")
    before = [figure("zhanggui_events_total", outcome=outcome) for outcome in outcomes]

    event = {"id": "same", "name": "view_item", "visitor_id": "v1", "product_id": "p1"}
    client.post(f"/v1/{SHOP}/events/batch", json=[{"id": 3}, event, event])

    after = [figure("zhanggui_events_total", outcome=outcome) for outcome in outcomes]
    assert [now - then for now, then in zip(after, before, strict=True)] == [1, 1, 1]


def test_the_figures_stand_at_metrics_and_name_no_shop(client: TestClient[FrontedApp]) -> None:
    client.get(f"/v1/{SHOP}/recommendations")

    page = client.get("/metrics", headers={"Authorization": "Bearer figures"}).text

    assert 'zhanggui_http_requests_total{method="GET",route="/v1/{shop}/recommendations",status="200"}' in page
    assert 'zhanggui_http_request_seconds_bucket{le="0.01",route="/v1/{shop}/recommendations"}' in page
    assert SHOP not in page


def test_requests_of_one_turn_are_told_together() -> None:
    scope = {"method": "POST", "path_template": "/turn"}
    answered = {"method": "POST", "route": "/turn", "status": "200"}

    async def serve() -> None:
        tally = Tally()
        first, second = tally.begin(), tally.begin()
        tally.end(scope, 200, first)
        tally.end(scope, 200, second)
        tally.end(scope, 0, tally.begin())
        await asyncio.sleep(0)

    asyncio.run(serve())

    assert figure("zhanggui_http_requests_total", **answered) == 2
    assert figure("zhanggui_http_requests_total", **answered | {"status": "gone"}) == 1
    assert figure("zhanggui_http_request_seconds_count", route="/turn") == 3
    assert figure("zhanggui_http_in_flight") == 0


def test_many_seconds_at_once_stand_where_each_by_itself_would() -> None:
    seen, registry = [0.0, 0.01, 0.0100001, 0.2, 99.0], CollectorRegistry()
    at_once, singly = (Seconds(name, name, buckets=(0.01, 0.1, 1), registry=registry) for name in ("many", "one"))

    at_once.observe_all(seen)
    for second in seen:
        singly.observe(second)

    for name, labels in [("sum", {}), *(("bucket", {"le": le}) for le in ("0.01", "0.1", "1.0", "+Inf"))]:
        assert registry.get_sample_value(f"many_{name}", labels) == registry.get_sample_value(f"one_{name}", labels)
