"""Who is shopping: the browser's visitor, and the customer that it logged in as."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TypedDict

from zhanggui.app.agreed import SIMULATED
from zhanggui.app.rooms import Rooms
from zhanggui.kernel.clock import Clock, to_ms
from zhanggui.kernel.errors import ZhangguiError
from zhanggui.shop import UnknownCustomer, bases_of
from zhanggui.trust import Access

CHANNEL = "storefront"
"""Where its shoppers are, as events tell it and answers are asked for."""
COOKIE = "zg_customer"
DEMO = "demo."
DEMO_LIFE = timedelta(hours=8)
_CUSTOMER, _VISITOR = 0, 1


class Named(TypedDict):
    """A shopper's ids."""

    customer_id: str | None
    visitor_id: str | None


@dataclass(frozen=True, slots=True)
class Shopper:
    """Who asks. Without `customer_id` they are a guest."""

    visitor_id: str
    customer_id: str | None = None

    @property
    def actor(self) -> str:
        """What the ledger writes down."""
        return f"customer:{self.customer_id}" if self.customer_id else f"visitor:{self.visitor_id}"

    @property
    def named(self) -> Named:
        """As the rooms ask for them."""
        return Named(customer_id=self.customer_id, visitor_id=self.visitor_id)

    def numbers(self, rooms: Rooms) -> tuple[int, ...]:
        """All numbers whose rows are theirs, their own first; empty while the shop knows nothing of them."""
        with rooms.db.read() as db:
            subject = rooms.people.subject(db, self.customer_id, self.visitor_id)
        return () if subject is None else subject.numbers

    def is_themselves(self, rooms: Rooms) -> bool:
        """Whether what the shop knows is theirs to see: a browser that was logged in once is the customer's."""
        if self.customer_id is not None:
            return True
        with rooms.db.read() as db:
            subject = rooms.people.subject(db, None, self.visitor_id)
            own = rooms.people.numbers(db, visitor_ids=[self.visitor_id])
        return subject is None or subject.number in own.values()

    def own_number(self, rooms: Rooms) -> int:
        """Their own number; who had none gets one, so that what they decide can be written down."""
        known = self.numbers(rooms)
        if known:
            return known[0]
        ids = [self.customer_id] if self.customer_id else []
        kind, id_ = (_CUSTOMER, self.customer_id) if self.customer_id else (_VISITOR, self.visitor_id)
        visitors = [] if ids else [self.visitor_id]
        return rooms.db.write(lambda db: rooms.people.numbers(db, ids, visitors, create=True))[kind, id_ or ""]


class Logins:
    """Says which customer a browser is logged in as.

    A merchant's server mints a customer's token, and the cookie holds it: a revoked key or a token past its end is
    refused by the next request. In a simulated shop anybody may be one of its invented customers; that cookie is
    signed here.

    Args:
        access: judges tokens.
        key: secret bytes of the installation.
        clock: gives the present moment.
    """

    def __init__(self, access: Access, key: bytes, clock: Clock) -> None:
        self._access = access
        self._key = hashlib.blake2b(key, digest_size=32, person=b"zg-demo-login").digest()
        self._clock = clock

    def customer_of(self, shop: str, cookies: Mapping[str, str]) -> str | None:
        """The customer that the cookie says, where it is in force for this shop."""
        held = cookies.get(COOKIE, "")
        if held.startswith(DEMO):
            return self._demo_customer(shop, held)
        return self.customer_of_token(shop, held) if held else None

    def customer_of_token(self, shop: str, token: str) -> str | None:
        """The customer for whom a token was minted; None when it is not in force here."""
        try:
            caller = self._access.authenticate({"authorization": f"Bearer {token}"}, {})
        except ZhangguiError:
            return None
        return caller.customer_id if shop in caller.grants else None

    def demo_cookie(self, shop: str, customer_id: str) -> str:
        """A cookie that says: this invented customer, for eight hours."""
        until_ms = to_ms(self._clock() + DEMO_LIFE)
        body = f"{shop}.{until_ms}.{base64.urlsafe_b64encode(customer_id.encode()).decode()}"
        return f"{DEMO}{body}.{self._mac(body)}"

    def _demo_customer(self, shop: str, held: str) -> str | None:
        body, _, mac = held.removeprefix(DEMO).rpartition(".")
        parts = body.split(".")
        if len(parts) != 3 or not hmac.compare_digest(self._mac(body).encode(), mac.encode()):
            return None
        is_in_force = parts[0] == shop and int(parts[1]) > to_ms(self._clock())
        return base64.urlsafe_b64decode(parts[2]).decode() if is_in_force else None

    def _mac(self, body: str) -> str:
        return hashlib.blake2b(body.encode(), key=self._key, digest_size=24).hexdigest()


def is_simulated(rooms: Rooms) -> bool:
    """Whether the simulator made this shop."""
    return rooms.simulator.truth_folder.is_dir()


def require_invented(rooms: Rooms, customer_id: str) -> None:
    """Let only an invented customer through: the row of a real person never rests on the simulator's notice.

    Raises:
        UnknownCustomer: the shop is not a simulated one, or has no invented customer of that id.
    """
    with rooms.db.read() as db:
        number = rooms.people.numbers(db, [customer_id]).get((_CUSTOMER, customer_id))
        held = bases_of(db, [number]) if number is not None else {}
    bases = next((one.bases for one in held.values()), frozenset())
    if not is_simulated(rooms) or ("consent", SIMULATED) not in bases:
        raise UnknownCustomer("There is no invented customer of that id.", hint="Choose one of the list.")
