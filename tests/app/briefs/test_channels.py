"""The ways out of the morning brief, against receivers that check what the real ones check."""

from __future__ import annotations

import base64
import hashlib
import hmac
import smtplib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import msgspec
import pytest
from tests.app.builders import SHOP, an_installation

from zhanggui.app.briefs.channels import channels_of
from zhanggui.app.briefs.email import EmailChannel
from zhanggui.app.briefs.robots import (
    LARGEST_WECOM,
    RobotChannel,
    dingtalk_signature,
    feishu_signature,
)
from zhanggui.app.briefs.wording import BriefWords
from zhanggui.app.build import open_rooms
from zhanggui.app.rooms import Rooms
from zhanggui.kernel.egress import EgressDoor
from zhanggui.kernel.errors import Unavailable
from zhanggui.kernel.settings.sections import BriefSettings
from zhanggui.shop import Product, ProductText
from zhanggui.trust import Author, BriefNotSent, Effect, Proposal, ProposalDraft, Rationale
from zhanggui.trust.ports import BriefChannel
from zhanggui.trust.types.briefs import Brief, ModelHealth

NOW = datetime(2026, 5, 2, 0, 40, tzinfo=UTC)
SECRET = "SEC-of-the-robot"
MAIL = BriefSettings(
    email_to=("lin@shop.example", "zhou@shop.example"), smtp_host="mail.example", smtp_user="zhanggui@shop.example"
)


@dataclass
class Robot:
    """Stands in for the servers of the three chats: notes what is posted, and answers as they do."""

    answer: dict[str, Any] = field(default_factory=lambda: {"errcode": 0, "errmsg": "ok"})
    status: int = 200
    posts: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.posts.append((str(request.url), msgspec.json.decode(request.content)))
        return httpx.Response(self.status, json=self.answer)


@dataclass
class MailServer:
    """Stands in for a mail server."""

    refuses: bool = False
    logins: list[tuple[str, str]] = field(default_factory=list)
    letters: list[EmailMessage] = field(default_factory=list)

    def quit(self) -> None:
        pass

    def close(self) -> None:
        pass

    def login(self, user: str, password: str) -> None:
        self.logins.append((user, password))

    def send_message(self, letter: EmailMessage) -> None:
        if self.refuses:
            raise smtplib.SMTPRecipientsRefused({})
        self.letters.append(letter)


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[Rooms]:
    """A shop with one thing to decide, whose name would do harm if it were taken for markup."""
    settings = an_installation(tmp_path)
    with open_rooms(SHOP, settings, clock=lambda: NOW) as opened:
        title = "白茶 <b>[点这里](https://evil.example)</b> @all"
        opened.catalogue.put_products([Product(id="p1", texts={"zh": ProductText(title=title)})])
        effect = Effect(amount_minor=82_000, low_minor=23_000, high_minor=146_000, currency="CNY")
        draft = ProposalDraft(
            kind="shop.label_product",
            subject="p1",
            change={"labels": [{"label": "新茶"}]},
            reason=Rationale(code="new"),
            author=Author(name="lin"),
            effect=effect,
        )
        opened.proposals.propose([draft])
        yield opened


def words_of(rooms: Rooms) -> BriefWords:
    return BriefWords(name=SHOP, settings=rooms.settings.shop, clock=rooms.clock, inbox=rooms.inbox, live=rooms.live)


def test_the_brief_says_how_the_model_stands(rooms: Rooms) -> None:
    brief, proposals = rooms.brief.with_proposals()
    health = ModelHealth(trained_at=datetime(2026, 4, 1, tzinfo=UTC), is_old=True, departs={"categories": "绿茶"})

    plain = words_of(rooms).message(brief, proposals)
    told = words_of(rooms).message(msgspec.structs.replace(brief, model=health), proposals)

    assert brief.model is None
    assert told.age.startswith(f"{plain.age} 推荐模型是")
    assert "已经太旧。" in told.age
    assert "绿茶 涨得最多" in told.age


def test_a_fresh_model_is_not_worth_a_word(rooms: Rooms) -> None:
    brief, proposals = rooms.brief.with_proposals()
    fresh = ModelHealth(trained_at=NOW)

    assert words_of(rooms).message(msgspec.structs.replace(brief, model=fresh), proposals) == words_of(rooms).message(
        brief, proposals
    )


def robot(name: str, rooms: Rooms, server: Robot, *, secret: str | None = SECRET) -> RobotChannel:
    client = httpx.Client(transport=httpx.MockTransport(server))
    url = f"https://chat.example/{name}/hook?key=of-{name}"
    return RobotChannel(name=name, url=url, secret=secret, words=words_of(rooms), client=client, clock=lambda: NOW)


def send(channel: BriefChannel, rooms: Rooms) -> tuple[Brief, tuple[Proposal, ...]]:
    brief, proposals = rooms.brief.with_proposals()
    channel.send(brief, proposals, "teahouse-2026-05-02")
    return brief, proposals


def test_a_letter_says_what_to_decide_where_and_how_old_the_facts_are(rooms: Rooms) -> None:
    server = MailServer()

    brief, _ = send(EmailChannel(settings=MAIL, password="pw", words=words_of(rooms), connect=lambda _: server), rooms)

    letter = server.letters[0]
    text, html = (part.get_content() for part in letter.iter_parts())
    assert letter["Subject"] == "teahouse 5月2日：今天要决定的"
    assert letter["To"] == "lin@shop.example, zhou@shop.example"
    assert letter["Message-ID"] == "<brief-teahouse-2026-05-02@shop.example>"
    assert "预计 +¥820，80% 在 ¥230 至 ¥1,460 之间" in text
    assert brief.decisions[0].href in text
    assert "店里还没有订单和行为数据。" in text
    assert server.logins == [("zhanggui@shop.example", "pw")]
    assert "<b>" not in html
    assert "&lt;b&gt;" in html


def test_without_a_password_nobody_logs_in(rooms: Rooms) -> None:
    server = MailServer()

    send(EmailChannel(settings=MAIL, password=None, words=words_of(rooms), connect=lambda _: server), rooms)

    assert (server.logins, len(server.letters)) == ([], 1)


def test_a_mail_server_that_refuses_is_told_without_the_password(rooms: Rooms) -> None:
    channel = EmailChannel(
        settings=MAIL, password="hush", words=words_of(rooms), connect=lambda _: MailServer(refuses=True)
    )

    with pytest.raises(BriefNotSent) as caught:
        send(channel, rooms)

    assert "mail.example" in str(caught.value)
    assert "hush" not in str(caught.value)


def test_wecom_gets_markdown_within_its_bounds(rooms: Rooms) -> None:
    server = Robot()

    brief, _ = send(robot("wecom", rooms, server), rooms)

    url, body = server.posts[0]
    assert (url, body["msgtype"]) == ("https://chat.example/wecom/hook?key=of-wecom", "markdown")
    assert f"]({brief.decisions[0].href})" in body["markdown"]["content"]
    assert len(body["markdown"]["content"].encode()) <= LARGEST_WECOM


def test_feishu_gets_a_signed_post(rooms: Rooms) -> None:
    server = Robot(answer={"code": 0, "msg": "success"})

    brief, _ = send(robot("feishu", rooms, server), rooms)

    _, body = server.posts[0]
    timestamp = str(int(NOW.timestamp()))
    key = f"{timestamp}\n{SECRET}".encode()
    assert body["timestamp"] == timestamp
    assert body["sign"] == base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()
    lines = body["content"]["post"]["zh_cn"]["content"]
    assert (body["msg_type"], lines[0][0]["tag"], lines[0][0]["href"]) == ("post", "a", brief.decisions[0].href)


def test_dingtalk_gets_its_signature_in_the_address(rooms: Rooms) -> None:
    server = Robot()

    send(robot("dingtalk", rooms, server), rooms)

    url, body = server.posts[0]
    asked = parse_qs(urlsplit(url).query)
    timestamp = str(int(NOW.timestamp() * 1000))
    told = hmac.new(SECRET.encode(), f"{timestamp}\n{SECRET}".encode(), hashlib.sha256).digest()
    assert (asked["key"], asked["timestamp"]) == (["of-dingtalk"], [timestamp])
    assert asked["sign"] == [base64.b64encode(told).decode()]
    assert body["markdown"]["title"] == "teahouse 5月2日：今天要决定的"


@pytest.mark.parametrize("name", ["feishu", "dingtalk"])
def test_a_robot_without_a_secret_is_not_signed(name: str, rooms: Rooms) -> None:
    server = Robot(answer={"code": 0})

    send(robot(name, rooms, server, secret=None), rooms)

    url, body = server.posts[0]
    assert "sign" not in url
    assert "sign" not in body


@pytest.mark.parametrize("name", ["wecom", "dingtalk"])
def test_words_of_the_shop_are_never_markup(name: str, rooms: Rooms) -> None:
    server = Robot()

    send(robot(name, rooms, server), rooms)

    markdown = next(value for value in server.posts[0][1]["markdown"].values() if "http" in value)
    assert markdown.count("](") == 1
    assert "<" not in markdown
    assert "@" not in markdown


@pytest.mark.parametrize(
    ("status", "answer"),
    [(200, {"errcode": 45009, "errmsg": "api freq out of limit"}), (200, {"code": 19021, "msg": "sign match fail"}),
     (200, {}), (500, {"errcode": 0}), (302, {"errcode": 0})],
)  # fmt: skip
def test_a_robot_that_does_not_take_it_is_told_without_its_address(
    status: int, answer: dict[str, Any], rooms: Rooms
) -> None:
    with pytest.raises(BriefNotSent) as caught:
        send(robot("wecom", rooms, Robot(answer=answer, status=status)), rooms)

    assert "of-wecom" not in f"{caught.value} {caught.value.hint}"


def test_a_robot_out_of_reach_is_told_without_its_address(rooms: Rooms) -> None:
    def unreachable(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError(f"no way to {request.url}")

    channel = robot("wecom", rooms, Robot())
    broken = RobotChannel(
        name="wecom",
        url=channel.url,
        secret=None,
        words=channel.words,
        client=httpx.Client(transport=httpx.MockTransport(unreachable)),
        clock=lambda: NOW,
    )

    with pytest.raises(BriefNotSent, match="ConnectError") as caught:
        send(broken, rooms)

    assert "of-wecom" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_signatures_are_those_that_the_vendors_publish() -> None:
    assert (
        feishu_signature("demo", 100)
        == base64.b64encode(hmac.new(b"100\ndemo", digestmod=hashlib.sha256).digest()).decode()
    )
    assert (
        dingtalk_signature("this is secret", 1577262236757)
        == base64.b64encode(
            hmac.new(b"this is secret", b"1577262236757\nthis is secret", hashlib.sha256).digest()
        ).decode()
    )


def test_channels_are_those_whose_settings_and_secrets_are_there(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = msgspec.structs.replace(rooms.settings, brief=MAIL)
    assert [one.name for one in channels_of(settings, words_of(rooms), rooms.clock, EgressDoor())] == ["email"]

    monkeypatch.setenv("ZHANGGUI_FEISHU_ROBOT", "https://open.feishu.cn/open-apis/bot/v2/hook/x")
    (settings.home / "dingtalk_robot.secret").write_text("https://oapi.dingtalk.com/robot/send?access_token=x\n")

    assert [one.name for one in channels_of(settings, words_of(rooms), rooms.clock, EgressDoor())] == [
        "email",
        "feishu",
        "dingtalk",
    ]


def test_a_robots_address_must_be_encrypted(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHANGGUI_WECOM_ROBOT", "http://chat.example/hook?key=of-wecom")

    with pytest.raises(Unavailable) as caught:
        channels_of(rooms.settings, words_of(rooms), rooms.clock, EgressDoor())

    assert "of-wecom" not in f"{caught.value} {caught.value.hint}"


def test_the_day_of_a_brief_is_the_shops_own(rooms: Rooms) -> None:
    assert rooms.brief.today().day == date(2026, 5, 2)
