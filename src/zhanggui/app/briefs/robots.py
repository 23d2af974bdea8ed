"""The brief to the robots of team chats: 企业微信, 飞书 and 钉钉, each by its own webhook and in its own form.

Source: 企业微信 developer.work.weixin.qq.com/document/path/91770; 飞书 open.feishu.cn, "自定义机器人使用指南";
钉钉 open.dingtalk.com, "自定义机器人安全设置".
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

import msgspec

from zhanggui.kernel.clock import Clock, to_ms
from zhanggui.kernel.egress import UnregisteredHost
from zhanggui.trust import BriefNotSent, Proposal
from zhanggui.trust.types.briefs import Brief

from .wording import BriefWords, Message

if TYPE_CHECKING:
    import httpx

LARGEST_WECOM = 4096
"""Bytes of UTF-8 that 企业微信 takes in one message."""
LARGEST_BODY = 20_000
"""Bytes of one request that 飞书 and 钉钉 take."""
LONGEST = (400, 120, 60, 30, 15)
"""Characters that a text of the brief keeps, tried one after the other until the message fits."""
Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Post:
    """What is posted: where, and the JSON."""

    url: str
    body: Body


class _Answer(msgspec.Struct):
    """What any of the three answers; the code is 0 where it was taken."""

    errcode: int | None = None
    errmsg: str = ""
    code: int | None = None
    msg: str = ""


def feishu_signature(secret: str, timestamp_s: int) -> str:
    """飞书: base64 of HMAC-SHA256 over nothing, under the key `timestamp\\nsecret`; seconds."""
    key = f"{timestamp_s}\n{secret}".encode()
    return base64.b64encode(hmac.new(key, b"", hashlib.sha256).digest()).decode()


def dingtalk_signature(secret: str, timestamp_ms: int) -> str:
    """钉钉: base64 of HMAC-SHA256 over `timestamp\\nsecret`, under the secret; milliseconds."""
    told = f"{timestamp_ms}\n{secret}".encode()
    return base64.b64encode(hmac.new(secret.encode(), told, hashlib.sha256).digest()).decode()


def wecom(url: str, _secret: str | None, message: Message, _now_ms: int) -> Post:
    """企业微信: markdown; its address is its secret, there is no signature."""
    fits = fitting(message, lambda one: len(_markdown(one).encode()) <= LARGEST_WECOM)
    return Post(url, {"msgtype": "markdown", "markdown": {"content": _markdown(fits)}})


def feishu(url: str, secret: str | None, message: Message, now_ms: int) -> Post:
    """飞书: a rich text post; signature and time stand in the body."""
    fits = fitting(message, lambda one: _size(_feishu_body(one)) <= LARGEST_BODY)
    body = _feishu_body(fits)
    if secret:
        timestamp_s = now_ms // 1000
        body |= {"timestamp": str(timestamp_s), "sign": feishu_signature(secret, timestamp_s)}
    return Post(url, body)


def _feishu_body(message: Message) -> Body:
    lines: list[list[Body]] = []
    for item in message.items:
        lines.append([{"tag": "a", "text": item.title, "href": item.href}])
        lines.append([{"tag": "text", "text": item.detail}])
    if message.more:
        lines.append([{"tag": "a", "text": message.more, "href": message.href}])
    lines.append([{"tag": "text", "text": message.age}])
    post = {"zh_cn": {"title": message.title, "content": lines}}
    return {"msg_type": "post", "content": {"post": post}}


def dingtalk(url: str, secret: str | None, message: Message, now_ms: int) -> Post:
    """钉钉: markdown; signature and time stand in the address."""
    body = _dingtalk_body(fitting(message, lambda one: _size(_dingtalk_body(one)) <= LARGEST_BODY))
    if secret:
        sign = quote(dingtalk_signature(secret, now_ms), safe="")
        url = f"{url}{'&' if '?' in url else '?'}timestamp={now_ms}&sign={sign}"
    return Post(url, body)


def _dingtalk_body(message: Message) -> Body:
    return {"msgtype": "markdown", "markdown": {"title": message.title, "text": _markdown(message)}}


Form = Callable[[str, str | None, Message, int], Post]
"""From address, secret, message and epoch milliseconds to what is posted."""
FORMS: Mapping[str, Form] = {"wecom": wecom, "feishu": feishu, "dingtalk": dingtalk}


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotChannel:
    """Posts the brief to one robot.

    Args:
        name: `wecom`, `feishu` or `dingtalk`.
        url: the robot's webhook, which is itself a secret: it stands in no message and no log.
        secret: signs, where the robot asks for it.
        client: an httpx client that takes no proxies from the environment.
    """

    name: str
    url: str
    secret: str | None
    words: BriefWords
    client: httpx.Client
    clock: Clock
    timeout_s: float = 10.0

    def send(self, brief: Brief, proposals: tuple[Proposal, ...], key: str) -> str:
        """Post the brief. These robots know no idempotency: `key` says nothing to them.

        Raises:
            BriefNotSent: the robot cannot be reached, or does not take it.
        """
        import httpx

        del key
        post = FORMS[self.name](self.url, self.secret, self.words.message(brief, proposals), to_ms(self.clock()))
        try:
            answer = self.client.post(post.url, json=post.body, timeout=self.timeout_s, follow_redirects=False)
        except UnregisteredHost as error:
            raise BriefNotSent(str(error), hint=error.hint) from None
        except httpx.HTTPError as error:
            raise self._failed(type(error).__name__) from None  # its words would carry the address
        self._require_taken(answer.status_code, answer.content)
        return ""

    def _require_taken(self, status: int, content: bytes) -> None:
        try:
            said = msgspec.json.decode(content, type=_Answer)
        except msgspec.DecodeError:
            raise self._failed(f"{status}, no JSON") from None
        codes = [code for code in (said.errcode, said.code) if code is not None]
        if status != 200 or not codes or any(codes):
            raise self._failed(f"{status}, {codes[0] if codes else '-'} {said.errmsg or said.msg}"[:200])

    def _failed(self, why: str) -> BriefNotSent:
        host = urlsplit(self.url).hostname or "-"
        return BriefNotSent(
            f"The {self.name} robot at {host} did not take the brief: {why}.",
            hint=f"Check ZHANGGUI_{self.name.upper()}_ROBOT and its secret.",
        )


def _markdown(message: Message) -> str:
    items = [
        f"{n}. [{_plain(item.title)}]({item.href})\n> {_plain(item.detail)}" for n, item in enumerate(message.items, 1)
    ]
    more = [f"[{_plain(message.more)}]({message.href})"] if message.more else []
    return "\n\n".join([f"### {_plain(message.title)}", *items, *more, _plain(message.age)])


def fitting(message: Message, fits: Callable[[Message], bool]) -> Message:
    """The message, its texts as short as they must be; last of all decisions are left out from the end.

    A text is cut, never a link: half of a link is markup that leads nowhere.
    """
    if fits(message):
        return message
    for most in LONGEST:
        cut = _clipped(message, most)
        if fits(cut):
            return cut
    while cut.items and not fits(cut):
        cut = replace(cut, items=cut.items[:-1])
    return cut


def _clipped(message: Message, most: int) -> Message:
    items = tuple(
        replace(one, title=_clip(one.title, most), detail=_clip(one.detail, max(most, 60))) for one in message.items
    )
    return replace(message, title=_clip(message.title, most), items=items)


def _clip(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _size(body: Body) -> int:
    return len(msgspec.json.encode(body))


def _plain(text: str) -> str:
    """Words of the shop's rows as words: whatever would be a link, a mention or a line of its own is taken out."""
    return "".join(" " if char in "\r\n" else char for char in text if char not in "[]()<>`*_#@!|")
