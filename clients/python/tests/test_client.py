"""The client against a server made of its answers: what a page and a job may rely on."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import httpx
import pytest

from zhanggui_client import Client, Event, ServerError

Answer = Callable[[httpx.Request], httpx.Response]


def a_client(answer: Answer) -> Client:
    return Client(
        "https://shop.example", "teahouse", "zg_sk_x", transport=httpx.MockTransport(answer), new_key=lambda: "k1"
    )


def test_a_list_comes_with_its_reasons() -> None:
    body = {
        "list_id": "L1",
        "model": "m",
        "items": [
            {
                "product_id": "longjing",
                "score": 1.5,
                "position": 0,
                "reason": {"code": "because_viewed"},
                "explanation": "你看过「碧螺春」",
                "unheard_of": 1,
            }
        ],
    }

    with a_client(lambda _: httpx.Response(200, json=body)) as client:
        answer = client.recommend(visitor_id="v1", k=1)

    assert [(item.product_id, item.explanation) for item in answer.items] == [("longjing", "你看过「碧螺春」")]
    assert not answer.is_fallback


@pytest.mark.parametrize(
    "answer",
    [
        lambda _: httpx.Response(503, json={"title": "down"}),
        lambda _: httpx.Response(200, content=b"not json"),
    ],
)
def test_a_broken_answer_gives_the_fallback(answer: Answer) -> None:
    with a_client(answer) as client:
        found = client.recommend(visitor_id="v1", fallback=["a", "b"])

    assert ([item.product_id for item in found.items], found.is_fallback) == (["a", "b"], True)


def test_a_late_answer_gives_the_fallback() -> None:
    def late(request: httpx.Request) -> httpx.Response:
        assert request.extensions["timeout"]["read"] == 0.15
        raise httpx.ReadTimeout("late", request=request)

    with a_client(late) as client:
        assert client.similar("longjing", fallback=["a"]).is_fallback


def test_an_answer_that_trickles_gives_the_fallback_when_its_time_is_over() -> None:
    moments = iter([0.0, 0.1, 0.2])

    class Trickle(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            yield b'{"items": ['
            yield b" "
            raise AssertionError("nobody waits for a third piece")

    transport = httpx.MockTransport(lambda _: httpx.Response(200, stream=Trickle()))
    with Client("https://shop.example", "teahouse", "k", transport=transport, clock=lambda: next(moments)) as client:
        assert client.recommend(visitor_id="v1", fallback=["a"]).is_fallback


@pytest.mark.parametrize(("chips", "sent"), [(None, {}), ([], {"chips": []}), (["tag:茶"], {"chips": ["tag:茶"]})])
def test_chips_that_were_not_chosen_are_left_to_the_server(chips: list[str] | None, sent: dict[str, object]) -> None:
    bodies: list[dict[str, object]] = []

    def keep(request: httpx.Request) -> httpx.Response:
        bodies.append(json.loads(request.content))
        return httpx.Response(200, json={"id": "P1", "product_id": "longjing", "chips": []})

    with a_client(keep) as client:
        client.show_less("longjing", chips=chips, visitor_id="v1")

    assert bodies == [{"product_id": "longjing", "visitor_id": "v1"} | sent]


def test_a_write_is_tried_again_under_the_same_key() -> None:
    keys: list[str] = []

    def flaky(request: httpx.Request) -> httpx.Response:
        keys.append(request.headers["idempotency-key"])
        if len(keys) == 1:
            raise httpx.ConnectError("refused", request=request)
        return httpx.Response(200, json={"accepted": 1, "duplicates": 0, "refused": []})

    with a_client(flaky) as client:
        receipt = client.send([Event(id="e1", name="view_item", visitor_id="v1", product_id="longjing")])

    assert (receipt.accepted, keys) == (1, ["k1", "k1"])


def test_a_refusal_says_what_to_do() -> None:
    problem = {
        "title": "Not found",
        "status": 404,
        "detail": "No product has the id 'longjin'.",
        "code": "shop.unknown_product",
        "hint": "Did you mean 'longjing'?",
    }

    with a_client(lambda _: httpx.Response(404, json=problem)) as client, pytest.raises(ServerError) as caught:
        client.show_less("longjin", visitor_id="v1")

    assert str(caught.value) == "No product has the id 'longjin'. Did you mean 'longjing'?"
    assert caught.value.problem.code == "shop.unknown_product"


def test_events_leave_out_what_was_not_given() -> None:
    sent: list[object] = []

    def keep(request: httpx.Request) -> httpx.Response:
        sent.append(json.loads(request.content))
        return httpx.Response(200, json={"accepted": 1})

    with a_client(keep) as client:
        client.send([Event(id="e1", name="search", visitor_id="v1")])

    assert sent == [[{"id": "e1", "name": "search", "visitor_id": "v1"}]]
