"""A signed webhook: one POST an entry, in a form that the receiver can verify and may see twice."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, urlsplit

import msgspec

from zhanggui.kernel.clock import Clock
from zhanggui.kernel.egress import PEOPLE, NoSeparateConsent, UnregisteredHost
from zhanggui.kernel.errors import InvalidInput
from zhanggui.kernel.guarding import TextGuard
from zhanggui.shop.addresses import Resolve, is_public, pinned, port_of, system_resolve
from zhanggui.shop.outbox.errors import PrivateTarget
from zhanggui.shop.outbox.ports import Confirmed, Outcome, Refused, Sent, TryAgain
from zhanggui.shop.outbox.types import OutboxEntry

if TYPE_CHECKING:
    import httpx

COME_BACK = frozenset({408, 409, 425, 429})
"""4xx answers that mean "later", not "never"."""
LARGEST_ANSWER = 65_536
FREE_TEXTS = frozenset({"reason", "words", "note", "comment", "remark", "message"})
"""Fields of a payload in which people write what they like."""


class _Answer(msgspec.Struct):
    applied: bool = False
    note: str = ""


def signature(secret: bytes, timestamp: str, body: bytes) -> str:
    """What stands in `Zhanggui-Signature`: `v1=` and the hex HMAC-SHA256 of `timestamp.body`."""
    return "v1=" + hmac.new(secret, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookOutlet:
    """Posts an entry as JSON to one address.

    A 2xx answer with `{"applied": true}` confirms; any other 2xx means "received", and the receiver or a person
    confirms later. Redirects are refused: a signed body goes where the settings say and nowhere else.

    Args:
        url: `https://…`; `http://…` only with `allow_private`.
        secret: shared with the receiver, at least 16 bytes.
        client: an httpx client that takes no proxies from the environment.
        allow_private: permit addresses of a private network, and plain HTTP.
        resolve: host and port to addresses; the one checked is the one connected to.
        guard: takes personal data out of what somebody wrote (reasons, notes); the facts of the change go as they are.

    Raises:
        InvalidInput: the address or the secret cannot be used.
    """

    url: str
    secret: bytes
    client: httpx.Client
    clock: Clock
    timeout_s: float = 10.0
    allow_private: bool = False
    resolve: Resolve = system_resolve
    monotonic: Callable[[], float] = time.monotonic
    guard: TextGuard | None = None
    _target: SplitResult = field(init=False)

    def __post_init__(self) -> None:
        target = urlsplit(self.url)
        schemes = ("https", "http") if self.allow_private else ("https",)
        if target.scheme not in schemes or not target.hostname or target.username is not None:
            hint = "Write https://host/path, without user name and password."
            raise InvalidInput(f"The webhook's address {self.url!r} cannot be used.", hint=hint)
        if len(self.secret) < 16:
            raise InvalidInput("The webhook's secret is shorter than 16 bytes.", hint="Make one: openssl rand -hex 32")
        object.__setattr__(self, "_target", target)

    def send(self, entry: OutboxEntry) -> Outcome:
        """Post the entry, and read what the receiver says."""
        import httpx

        body = msgspec.json.encode(
            {
                "id": entry.id,
                "idempotency_key": entry.idempotency_key,
                "kind": entry.kind,
                "payload": self._guarded(entry.payload),
            }
        )
        timestamp = str(int(self.clock().timestamp()))
        headers = {
            "Content-Type": "application/json",
            "Accept-Encoding": "identity",
            "User-Agent": "zhanggui-outbox",
            "Idempotency-Key": entry.idempotency_key,
            "Zhanggui-Timestamp": timestamp,
            "Zhanggui-Signature": signature(self.secret, timestamp, body),
            "Host": self._target.netloc,
        }
        try:
            return self._post(self._address(), headers, body, _people(entry))
        except (PrivateTarget, UnregisteredHost) as error:
            return Refused(str(error))
        except NoSeparateConsent as error:  # somebody withdrew since the list was made; the next try makes it anew
            return TryAgain(str(error))
        except (httpx.HTTPError, OSError) as error:
            return TryAgain(f"{type(error).__name__}: {error}")

    def _guarded(self, value: Any, key: str = "") -> Any:
        match value:
            case str() if self.guard is not None and key in FREE_TEXTS:
                return self.guard.redacted(value)
            case dict():
                return {name: self._guarded(one, name) for name, one in value.items()}
            case list() | tuple():
                return [self._guarded(one, key) for one in value]
            case _:
                return value

    def _address(self) -> str:
        """The address to connect to, checked now: a name may point elsewhere than it did when it was configured."""
        host = self._target.hostname or ""
        addresses = self.resolve(host, port_of(self._target))
        if not addresses:
            raise OSError(f"{host} has no address")
        private = [address for address in addresses if not is_public(address)]
        if private and not self.allow_private:
            raise PrivateTarget(
                f"{host} is {private[0]}, an address of a private network.",
                hint="If it is meant, set allow_private under [outbox].",
            )
        return pinned(self._target, addresses[0])

    def _post(self, url: str, headers: dict[str, str], body: bytes, people: tuple[str, ...]) -> Outcome:
        deadline = self.monotonic() + self.timeout_s
        with self.client.stream(
            "POST",
            url,
            content=body,
            headers=headers,
            timeout=self.timeout_s,
            follow_redirects=False,
            extensions={"sni_hostname": self._target.hostname, PEOPLE: people},
        ) as answer:
            content = b""
            for part in answer.iter_raw():
                content += part
                if len(content) > LARGEST_ANSWER or self.monotonic() > deadline:
                    return TryAgain("the answer is too long or too slow")
            return _outcome(answer.status_code, content)


def _people(entry: OutboxEntry) -> tuple[str, ...]:
    """The customers whose data an entry carries."""
    people = entry.payload.get("people", ())
    return tuple(map(str, people)) if isinstance(people, list | tuple) else ()


def _outcome(status: int, content: bytes) -> Outcome:
    if 200 <= status < 300:
        try:
            said = msgspec.json.decode(content, type=_Answer)
        except msgspec.DecodeError:
            return Sent(f"{status}")
        return Confirmed(said.note) if said.applied else Sent(said.note or f"{status}")
    if 300 <= status < 400:
        return Refused(f"{status}: redirects are refused; configure the final address")
    if 400 <= status < 500 and status not in COME_BACK:
        return Refused(f"{status}: {content[:200].decode(errors='replace')}")
    return TryAgain(f"{status}: {content[:200].decode(errors='replace')}")
