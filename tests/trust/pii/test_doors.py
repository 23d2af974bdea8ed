"""Where the guard stands: logs, public reviews, webhooks, searches; and how it is tried."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest
import structlog
from litestar.testing import TestClient
from tests.app.builders import SHOP, an_installation
from tests.shop.builders import a_product, a_question, a_review

from zhanggui.app.build import open_control, open_rooms
from zhanggui.app.cli.main import run
from zhanggui.app.log_redaction import log_redaction
from zhanggui.app.rooms import Rooms
from zhanggui.app.site import create_app
from zhanggui.kernel import logs
from zhanggui.kernel.settings import Settings
from zhanggui.shop.outbox import OutboxEntry, WebhookOutlet
from zhanggui.shop.types import Event, EventContext, EventName
from zhanggui.trust import CreateKey
from zhanggui.trust.service.guarding import PiiGuard

Client = TestClient[Any]
TEXT = "收件人：林晓峰，电话13900004471"
HIDDEN = "收件人：[姓名1]，电话[手机号1]"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = an_installation(tmp_path_factory.mktemp("guard"), SHOP)
    with open_rooms(SHOP, settings) as rooms:
        rooms.catalogue.put_products([a_product()])
        rooms.words.put_reviews([a_review(text=f"很香。{TEXT}"), a_review("v2", text="很香")])
        rooms.words.put_questions([a_question(text=f"能送吗？{TEXT}")])
    with open_control(settings) as control:
        for role in ("owner", "analyst"):
            control.users.add(role, roles={SHOP: role})
    return settings


@pytest.fixture(scope="module")
def app(settings: Settings) -> Iterator[Any]:
    app = create_app(settings)
    with TestClient(app):
        yield app


@pytest.fixture(scope="module")
def api(app: Any, settings: Settings) -> Client:
    with open_control(settings) as control:
        scopes = ("trust:guard", "shop:people")
        key = control.keys.create(SHOP, CreateKey(name="k", kind="service", scopes=scopes)).secret
    client: Client = TestClient(app)
    client.headers["authorization"] = f"Bearer {key}"
    return client


@pytest.fixture(scope="module")
def as_(app: Any, settings: Settings) -> Callable[..., Client]:
    def of(role: str, language: str = "zh") -> Client:
        with open_control(settings) as control:
            link = control.users.login_link(role)
        client: Client = TestClient(app)
        client.headers["accept-language"] = language
        client.post(f"/login/link/{link.rpartition('/')[2]}", follow_redirects=False)
        return client

    return of


def test_the_api_answers_places_in_the_text_and_the_text_without(api: Client) -> None:
    found = api.post(f"/v1/{SHOP}/guard", json={"text": TEXT}).json()

    assert found == {
        "spans": [{"kind": "name", "start": 4, "end": 7}, {"kind": "mobile", "start": 10, "end": 21}],
        "redacted": HIDDEN,
    }


def test_the_page_shows_what_would_leave_in_the_readers_language(as_: Callable[..., Client]) -> None:
    page = f"/console/{SHOP}/guard"
    for language, placeholder in (("zh", "[手机号1]"), ("en", "[phone 1]")):
        client = as_("owner", language)
        token = client.get(page).text.partition('name="csrf" value="')[2].partition('"')[0]
        assert placeholder in client.post(page, data={"text": TEXT, "csrf": token}).text


def test_an_analyst_has_no_box_to_put_peoples_data_into(as_: Callable[..., Client]) -> None:
    assert as_("analyst").get(f"/console/{SHOP}/guard").status_code == 403


def test_the_command_prints_the_text_without(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["guard", TEXT]) == 0

    shown = capsys.readouterr()
    assert shown.out == HIDDEN + "\n"
    assert shown.err == "name 4-7\nmobile 10-21\n"


def test_a_published_review_holds_no_personal_data_and_the_merchant_is_told(
    app: Any, api: Client, as_: Callable[..., Client]
) -> None:
    page = TestClient(app).get(f"/shop/{SHOP}/p/longjing", headers={"accept-language": "zh"}).text
    assert "13900004471" not in page
    assert "林晓峰" not in page
    assert page.count("[手机号1]") == 2
    for what in ("reviews", "questions"):
        assert HIDDEN in api.get(f"/v1/{SHOP}/{what}?published=true").text
        assert TEXT in api.get(f"/v1/{SHOP}/{what}").text
    own = as_("owner").get(f"/console/{SHOP}/products/longjing").text
    assert own.count("含个人信息，店铺页面已隐去") == 1


def test_a_search_is_kept_without_the_personal_data_in_it(settings: Settings) -> None:
    context = EventContext(query="找13900004471的订单")
    with open_rooms(SHOP, settings) as rooms:
        rooms.events.accept([Event(id="e1", name=EventName.SEARCH, visitor_id="w1", context=context)])
        kept = kept_events(rooms)

    assert "13900004471" not in kept
    assert "[手机号1]" in kept


def kept_events(rooms: Rooms) -> str:
    with rooms.db.read() as db:
        return b"".join(row[-1] or b"" for row in db.exec_driver_sql("SELECT * FROM events")).decode()


def test_fields_of_an_event_that_nobody_knows_are_kept_without_the_personal_data_in_them(settings: Settings) -> None:
    extra: dict[str, object] = {"note": TEXT, "form": {"cells": [f"{TEXT}!", 13900004472, 7]}, "is_gift": True}
    context = EventContext(campaign="给林晓峰的券", surface="home")
    with open_rooms(SHOP, settings) as rooms:
        event = Event(id="e2", name=EventName.VIEW_ITEM, visitor_id="w1", product_id="longjing", extra=extra)
        rooms.events.accept([msgspec.structs.replace(event, context=context)])
        kept = kept_events(rooms)

    assert not [word for word in ("13900004471", "13900004472", "林晓峰") if word in kept]
    assert '"is_gift":true' in kept
    assert '"surface":"home"' in kept


def test_searches_of_a_file_are_stored_without_the_personal_data_in_them(settings: Settings, tmp_path: Path) -> None:
    file = tmp_path / "events.csv"
    file.write_text(
        f"event_type,time,visitor_id,product_id,query\nsearch,2026-03-01 10:00:00,w9,,{TEXT[4:7]} 13900004473\n"
    )
    with open_rooms(SHOP, settings) as rooms:
        report = rooms.importer.run("events", [file], "contract", accept=True)
        kept = kept_events(rooms)

    assert (report.rows_read, report.created) == (1, 1)
    assert "13900004473" not in kept
    assert kept.count("[手机号1]") >= 2


def test_a_webhook_carries_facts_and_no_persons_in_its_free_texts() -> None:
    sent: list[dict[str, Any]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(json.loads(request.content))
        return httpx.Response(200, stream=httpx.ByteStream(b"{}"))

    outlet = WebhookOutlet(
        url="https://erp.example/hook",
        secret=b"a secret of sixteen",
        client=httpx.Client(transport=httpx.MockTransport(answer)),
        clock=lambda: datetime(2026, 3, 1, tzinfo=UTC),
        resolve=lambda _host, _port: ["93.184.216.34"],
        guard=PiiGuard(),
    )
    payload: dict[str, object] = {"subject": "o1", "change": {"state": "cancelled"}, "rationale": {"reason": TEXT}}
    outlet.send(an_entry(payload))
    outlet.client.close()

    assert sent[0]["payload"] == payload | {"rationale": {"reason": HIDDEN}}


def an_entry(payload: dict[str, object]) -> OutboxEntry:
    fields = dict.fromkeys(OutboxEntry.__struct_fields__, "x")
    return OutboxEntry(**{**fields, "payload": payload})  # type: ignore[arg-type]


@pytest.fixture
def out() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    stream = io.StringIO()
    logs.configure(level="info", style="json", stream=stream, redact=log_redaction())
    yield stream
    root.handlers[:] = before
    root.setLevel(level)
    structlog.reset_defaults()


def test_log_lines_hold_no_personal_data_however_deep(out: io.StringIO) -> None:
    structlog.get_logger().warning("refused", row={"cells": [TEXT, 3], "phone": "1"}, why=ValueError(TEXT))
    logging.getLogger("uvicorn").warning("bad request: %s", TEXT)

    assert "林晓峰" not in out.getvalue()
    assert "13900004471" not in out.getvalue()
    first = json.loads(out.getvalue().splitlines()[0])
    assert first["row"] == {"cells": ["收件人：[name 1]，电话[phone 1]", 3], "phone": logs.WITHHELD}
