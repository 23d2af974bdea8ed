"""Loading pictures from public hosts, bounded, and only when somebody asked."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urljoin, urlsplit

from zhanggui.kernel.egress import EgressDoor, EgressUse
from zhanggui.kernel.errors import Forbidden, TooLarge, Unavailable
from zhanggui.shop.addresses import Resolve, is_public, pinned, port_of, system_resolve

if TYPE_CHECKING:
    import httpx

MAX_HOPS = 3
SECONDS = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureFetcher:
    """Loads pictures over HTTP(S): a list of pictures must not make the shop read its own services.

    Each hop's name is looked up once, all of its addresses are checked, and the one checked is connected to.

    Args:
        door: through which it calls; it lets registered hosts pass.
        register: called with the host that the merchant's file names; where a host leads on to another, that one
            must stand in the register already.
        resolve: host and port to addresses.
        may_reach: whether an address may be connected to.
        seconds: for one picture, all hops together.
        monotonic: seconds that only grow.
    """

    door: EgressDoor
    register: Callable[[str], None]
    resolve: Resolve = system_resolve
    may_reach: Callable[[str], bool] = is_public
    seconds: float = SECONDS
    monotonic: Callable[[], float] = time.monotonic

    def __call__(self, url: str, most_bytes: int) -> bytes:
        """The bytes at an address.

        Raises:
            Forbidden: no http(s) address, or one inside this machine or a private network.
            TooLarge: over `most_bytes`.
            Unavailable: no answer in time, or one that is no success.
            UnregisteredHost: it leads to a host that is not in the register, or was taken out.
        """
        import httpx

        deadline = self.monotonic() + self.seconds
        self.register(_target_of(url).hostname or "")
        try:
            with self.door.client(EgressUse.PICTURES, timeout_s=self.seconds) as client:
                for _ in range(MAX_HOPS + 1):
                    with self._answer(client, url) as answer:
                        if not answer.has_redirect_location:
                            return self._body(answer, url, most_bytes, deadline)
                        url = urljoin(url, answer.headers["location"])
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            hint = "Check the address, then try again."
            raise Unavailable(f"{url[:200]} did not answer: {error}", hint=hint) from error
        raise Unavailable(f"{url[:200]} was redirected more than {MAX_HOPS} times.", hint="Check the address.")

    @contextmanager
    def _answer(self, client: httpx.Client, url: str) -> Iterator[httpx.Response]:
        target = _target_of(url)
        # As it is, and not packed: a packed body could grow beyond all bounds.
        headers = {"Host": target.netloc, "Accept-Encoding": "identity", "User-Agent": "zhanggui-import"}
        address = pinned(target, self._address(target))
        with client.stream("GET", address, headers=headers, extensions={"sni_hostname": target.hostname}) as answer:
            yield answer

    def _address(self, target: SplitResult) -> str:
        host = target.hostname or ""
        addresses = self.resolve(host, port_of(target))
        if not all(self.may_reach(address) for address in addresses):
            raise Forbidden(f"{host} is inside this network.", hint="Pictures are loaded from public hosts only.")
        if not addresses:
            raise OSError(f"{host} has no address")
        return addresses[0]

    def _body(self, answer: httpx.Response, url: str, most_bytes: int, deadline: float) -> bytes:
        if not answer.is_success:
            raise Unavailable(f"{url[:200]} answered {answer.status_code}.", hint="Check the address.")
        found = bytearray()
        for chunk in answer.iter_raw():
            found += chunk
            if len(found) > most_bytes:
                raise TooLarge(f"The picture is over {most_bytes // 2**20} MiB.", hint="Make it smaller.")
            if self.monotonic() > deadline:
                raise Unavailable(f"{url[:200]} took over {self.seconds:g} s.", hint="Try again later.")
        return bytes(found)


def _target_of(url: str) -> SplitResult:
    """The parts of a whole http(s) address.

    Raises:
        Forbidden: it is none, or it carries a password.
    """
    try:
        target = urlsplit(url)
        is_whole = target.scheme in {"http", "https"} and target.hostname and target.username is None
        if is_whole and port_of(target):
            return target
    except ValueError:  # a port that is no number, a broken IPv6 address
        pass
    raise Forbidden(f"{url[:200]!r} is no http address.", hint="Write whole addresses: https://…")
