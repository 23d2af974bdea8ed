"""The events that a page tells the shop, the same as those of any other site that posts them.

A reload, a bot or a browser that loads ahead is not a shopper: ids are made from who did what in which ten minutes,
so that a repeat counts once, and requests that nobody looks at tell nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
import structlog
from litestar import Response

from zhanggui.app.rooms import Rooms
from zhanggui.kernel.clock import DAY_MS, to_ms
from zhanggui.kernel.errors import ZhangguiError
from zhanggui.kernel.ids import hash64
from zhanggui.shop import Event, EventContext, EventName

from .shoppers import CHANNEL, Shopper

ENGAGED_COOKIE = "zg_engaged"
"""Milliseconds that the page before was seen, left behind by the script for the next event."""
ONCE_MS = 600_000
_BOTS = re.compile(
    r"bot|crawl|spider|slurp|preview|lighthouse|curl/|wget/|python-|java/|go-http|monitor",
    re.IGNORECASE,
)
_TABLET = re.compile(r"ipad|tablet|android(?!.*mobile)", re.IGNORECASE)
_PHONE = re.compile(r"mobi|iphone|android", re.IGNORECASE)
_AHEAD = ("sec-purpose", "purpose", "x-purpose", "x-moz")

log = structlog.get_logger(__name__)


def is_watched(headers: Mapping[str, str], method: str) -> bool:
    """Whether somebody looks at what is asked for: no bot, no HEAD, nothing loaded ahead."""
    if method == "HEAD" or _BOTS.search(headers.get("user-agent", "")):
        return False
    return not any("prefetch" in headers.get(name, "") or "preview" in headers.get(name, "") for name in _AHEAD)


def device_of(headers: Mapping[str, str]) -> str:
    """The class of device that somebody holds, by what the browser calls itself; nothing finer is looked at."""
    agent = headers.get("user-agent", "")
    if not agent:
        return ""
    return "tablet" if _TABLET.search(agent) else "phone" if _PHONE.search(agent) else "desktop"


@dataclass(slots=True)
class Teller:
    """Tells the events of one request.

    Attributes:
        rooms: the shop's.
        shopper: who did it.
        is_watched: whether anything is told at all.
        engaged_ms: seen time of the page before, for the first event.
        device: desktop, phone or tablet; empty where nothing says it.
    """

    rooms: Rooms
    shopper: Shopper
    is_watched: bool
    engaged_ms: int | None = None
    device: str = ""
    _is_engagement_told: bool = field(default=False, init=False)

    def tell(self, name: EventName, key: str, /, *, context: EventContext | None = None, **fields: Any) -> None:
        """Tell one event; `key` says what about, and the same again within ten minutes is not told twice."""
        self.tell_all([(name, key, {"context": context or EventContext(), **fields})])

    def tell_all(self, acts: Sequence[tuple[EventName, str, dict[str, Any]]]) -> None:
        """Tell events of one kind of moment, in one write. A store that cannot take them spoils no page."""
        if not self.is_watched or not acts:
            return
        slot = to_ms(self.rooms.clock()) // ONCE_MS
        events = [self._event(name, f"{name}:{key}:{slot}", fields) for name, key, fields in acts]
        if self.engaged_ms is not None and not self._is_engagement_told:
            events[0] = msgspec.structs.replace(events[0], engagement_time_msec=self.engaged_ms)
            self._is_engagement_told = True
        try:
            self.rooms.events.accept(events)
        except ZhangguiError as error:
            log.warning("events of the storefront were not taken", reason=str(error))

    def settled(self, answer: Response[str]) -> Response[str]:
        """The answer; once its time was told, the cookie goes."""
        if self._is_engagement_told:
            answer.delete_cookie(ENGAGED_COOKIE, path=f"/shop/{self.rooms.name}")
        return answer

    def _event(self, name: EventName, key: str, fields: Mapping[str, Any]) -> Event:
        context = msgspec.structs.replace(fields["context"], channel=CHANNEL, device=self.device)
        id_ = f"sf-{hash64(f'{self.shopper.visitor_id}:{key}') & (2**64 - 1):016x}"
        return Event(id=id_, name=name, **{**fields, "context": context}, **self.shopper.named)


def engaged_ms(cookies: Mapping[str, str]) -> int | None:
    """What the script left; None for nothing and for nonsense."""
    text = cookies.get(ENGAGED_COOKIE, "")
    return min(int(text), DAY_MS) if text.isascii() and text.isdigit() and len(text) < 12 else None
