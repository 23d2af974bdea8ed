"""Each alert from its cause to webhook, console and log, through the wired application."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest
from litestar.testing import TestClient
from structlog.testing import capture_logs
from tests.app.builders import SHOP, an_installation

from zhanggui.app.build import open_control, open_rooms
from zhanggui.app.rooms import Rooms
from zhanggui.app.site import create_app
from zhanggui.app.wiring import watching
from zhanggui.kernel.clock import system_clock
from zhanggui.kernel.egress import EgressDoor, EgressUse
from zhanggui.kernel.errors import Unavailable
from zhanggui.kernel.settings import OutboxSettings, Settings
from zhanggui.kernel.settings.sections import WatchSettings
from zhanggui.shop import Customer, Order, OrderLine, Product, ProductText
from zhanggui.shop.outbox.outlets.webhook import WebhookOutlet, signature
from zhanggui.shop.types import LegalBasis
from zhanggui.trust import CreateKey
from zhanggui.trust.tables.ledger import ledger_payloads
from zhanggui.trust.types.watch import Alert, AlertKind

SECRET = "0123456789abcdef0123"
BASIS = LegalBasis(kind="contract")


@dataclass
class Receiver:
    """What stands at the other end of the webhook."""

    status: int = 200
    posts: list[httpx.Request] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.posts.append(request)
        return httpx.Response(self.status, stream=httpx.ByteStream(b"{}"))

    def alerts(self) -> dict[str, dict[str, Any]]:
        bodies = [json.loads(post.content) for post in self.posts]
        return {one["kind"]: one for body in bodies for one in body["payload"]["alerts"]}


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    """The other end in the place of the network; the register is asked before each call, as by the door."""
    stands = Receiver()

    def client(door: EgressDoor, use: EgressUse, *, timeout_s: float = 10.0) -> httpx.Client:
        del timeout_s

        def ask(request: httpx.Request) -> None:
            door.require(str(request.extensions["sni_hostname"]), use)

        return httpx.Client(transport=httpx.MockTransport(stands), event_hooks={"request": [ask]})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(EgressDoor, "client", client)
        patch.setattr(WebhookOutlet, "_address", lambda outlet: outlet.url)
        yield stands


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, receiver: Receiver) -> Settings:
    del receiver  # stands before anything is opened
    folder = tmp_path_factory.mktemp("watching")
    (folder / "home").mkdir()
    (folder / "home/webhook_secret.secret").write_text(SECRET)
    watch = WatchSettings(
        webhook_url="https://alerts.tea.example.cn/in", least_reading=2, least_export=1, least_logins=2
    )
    return an_installation(folder, watch=watch, outbox=OutboxSettings())


@pytest.fixture(scope="module")
def rooms(settings: Settings) -> Iterator[Rooms]:
    with open_rooms(SHOP, settings) as opened:
        yield opened


@pytest.fixture(scope="module")
def told(rooms: Rooms, settings: Settings) -> dict[AlertKind, Alert]:
    """What one look finds after a day on which everything happened that is watched; the log beside it."""
    rooms.people.put_customers([Customer(id="u1", province="浙江", language="zh")], BASIS)
    rooms.catalogue.put_products([Product(id="tea", texts={"zh": ProductText(title="茶")})])
    sell(rooms, days_ago=range(2, 12))
    read_and_export(settings)
    seq = rooms.db.write(lambda db: rooms.ledger.append(db, "breach.drill", {"cause": "none"}))
    edited = ledger_payloads.update().where(ledger_payloads.c.seq == seq).values(payload=b"{}")
    rooms.db.write(lambda db: db.execute(edited))
    with capture_logs() as lines:
        alerts = rooms.watch.look()
    assert {line["kind"] for line in lines if line["event"] == "watch.alert"} == {one.kind.value for one in alerts}
    rooms.watch.send([one.id for one in alerts], "key")
    return {one.kind: one for one in alerts}


def sell(rooms: Rooms, days_ago: range) -> None:
    """A cup a day, and none yesterday."""
    now = system_clock()
    rooms.orders.put_orders(
        [
            Order(
                id=f"o{n}",
                customer_id="u1",
                at=now - timedelta(days=n),
                lines=(OrderLine(id="1", product_id="tea", quantity=1, unit_price_minor=8800),),
            )
            for n in days_ago
        ],
        BASIS,
    )


def read_and_export(settings: Settings) -> None:
    """Somebody reads people and takes everything out by a key; somebody else guesses passwords."""
    with open_control(settings) as control:
        scopes = ("shop:people", "persons:export")
        secret = control.keys.create(SHOP, CreateKey(name="k", kind="service", scopes=scopes)).secret
        control.users.add("li", roles={SHOP: "owner"})
    with TestClient(create_app(settings)) as client:
        page = client.get("/login").text
        csrf = page.partition('name="csrf" value="')[2].partition('"')[0]
        for guess in ("tea", "coffee", "water"):
            client.post("/login", data={"account": "li", "password": guess, "csrf": csrf})
        headers = {"authorization": f"Bearer {secret}"}
        for _ in range(3):
            assert client.get(f"/v1/{SHOP}/customers/u1", headers=headers).status_code == 200
            assert client.get(f"/v1/{SHOP}/customers/u1/data", headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("kind", "subject", "seen"),
    [
        (AlertKind.READING, "key:", 3),
        (AlertKind.EXPORT, "key:", 3),
        (AlertKind.LOGINS, "installation", 3),
        (AlertKind.LEDGER, "ledger", 1),
        (AlertKind.DATA, "sales", 0),
    ],
)
def test_what_happened_is_told_to_webhook_console_and_log(
    told: dict[AlertKind, Alert], receiver: Receiver, rooms: Rooms, kind: AlertKind, subject: str, seen: float
) -> None:
    alert, posted = told[kind], receiver.alerts()[kind.value]

    assert alert.subject.startswith(subject)
    assert alert.seen == posted["seen"] == seen
    assert posted["id"] == alert.id
    assert alert.id in {one.id for one in rooms.watch.alerts()}


def test_the_webhook_is_signed_names_the_shop_and_says_nothing_of_a_customer(
    told: dict[AlertKind, Alert], receiver: Receiver
) -> None:
    post = receiver.posts[0]
    body = json.loads(post.content)

    assert told
    assert (body["kind"], body["payload"]["shop"], body["idempotency_key"]) == ("watch.alerts", SHOP, "key")
    signed = signature(SECRET.encode(), post.headers["zhanggui-timestamp"], post.content)
    assert post.headers["zhanggui-signature"] == signed
    assert b"u1" not in post.content


def test_a_receiver_that_refuses_is_said_and_the_alert_tried_again(
    told: dict[AlertKind, Alert], receiver: Receiver, rooms: Rooms
) -> None:
    (channel,) = rooms.watch.channels
    try:
        for receiver.status in (500, 403):
            with pytest.raises(Unavailable, match=str(receiver.status)):
                channel.send(list(told.values()), "again")
    finally:
        receiver.status = 200


def test_drifts_of_data_and_models_are_told_as_what_they_are() -> None:
    drifts = [
        SimpleNamespace(what="categories", strength=4.0, limit=3.0),
        SimpleNamespace(what="clicks", strength=5.0, limit=3.0),
    ]
    models = SimpleNamespace(quality=SimpleNamespace(report=lambda: SimpleNamespace(drifts=drifts)))

    found = list(watching.drifts(cast("Any", models)))

    assert [(one.kind, one.subject, one.seen, one.most) for one in found] == [
        (AlertKind.DATA, "categories", 4.0, 3.0),
        (AlertKind.MODEL, "clicks", 5.0, 3.0),
    ]


def test_gaps_between_groups_and_narrow_lists_are_told_with_what_they_are_of() -> None:
    alerts = [
        SimpleNamespace(code="ratio", about="gender:clicked", value=0.25, limit=0.8),
        SimpleNamespace(code="bubble", about="", value=0.9, limit=0.7),
    ]
    fairness = SimpleNamespace(report=lambda: SimpleNamespace(alerts=alerts))

    found = list(watching.uneven(cast("Any", fairness)))

    assert [(one.kind, one.subject, one.seen) for one in found] == [
        (AlertKind.MODEL, "ratio:gender:clicked", 0.25),
        (AlertKind.MODEL, "bubble", 0.9),
    ]


def test_alerts_with_an_address_and_no_secret_are_refused_at_the_start(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "load_secret", lambda *_: None)

    with pytest.raises(Unavailable, match="nothing to sign them with"), open_rooms(SHOP, settings):
        pass
