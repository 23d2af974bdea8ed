"""Who calls, and what they hold: keys, users, sessions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Literal

import msgspec

from zhanggui.kernel.ids import MerchantId
from zhanggui.trust.errors import OutOfScope

from .scopes import holds

EVERY_SHOP = "*"
KeyKind = Literal["service", "publishable"]
ScopeName = Annotated[str, msgspec.Meta(pattern=r"^([a-z][a-z_]*:([a-z][a-z_]*|\*)|\*)$(?!\n)", max_length=64)]
Origin = Annotated[str, msgspec.Meta(pattern=r"^https?://[A-Za-z0-9.\-\[\]:]+$(?!\n)", max_length=256)]


class Caller(msgspec.Struct, frozen=True, kw_only=True):
    """Who stands behind a request.

    `grants` are scopes by shop; a session of a user may hold several shops, a key or a token always one.
    With `is_visitor_only` the answer must be for `visitor_id` alone; with a `customer_id`, for that customer alone.
    """

    kind: Literal["key", "publishable", "customer", "user"]
    id: str
    grants: Mapping[str, frozenset[str]]
    customer_id: str | None = None
    visitor_id: str | None = None
    origins: tuple[str, ...] = ()

    @property
    def is_visitor_only(self) -> bool:
        """Whether it is a publishable key."""
        return self.kind == "publishable"

    @property
    def actor(self) -> str:
        """What the ledger writes down."""
        return f"{'user' if self.kind == 'user' else 'key'}:{self.id}"

    @property
    def shop(self) -> str:
        """The one shop of a key or token; empty for a user of several."""
        return next(iter(self.grants)) if len(self.grants) == 1 else ""

    def scopes(self, shop: str) -> frozenset[str]:
        """What the caller may do in a shop."""
        return self.grants.get(shop, frozenset()) | self.grants.get(EVERY_SHOP, frozenset())

    def may(self, scope: str, shop: str) -> bool:
        """Whether the caller holds a scope in a shop."""
        return holds(self.scopes(shop), scope)

    def require(self, scope: str, shop: str) -> None:
        """Raise unless the caller holds a scope in a shop.

        Raises:
            OutOfScope: it does not.
        """
        if not self.may(scope, shop):
            if shop and not self.scopes(shop):  # whether there is such a shop is not said
                raise OutOfScope(
                    f"This {'login' if self.kind == 'user' else 'key'} does not open the shop {shop!r}.",
                    hint="Check the name of the shop, or ask whoever runs it for a key or a role.",
                    params={"scope": scope, "shop": shop},
                )
            raise OutOfScope(
                f"This needs the scope {scope} in the shop {shop!r}.",
                hint="Use a key or a role that holds it: zhanggui keys list SHOP",
                api_hint="Use a key that holds it; whoever runs the shop sees them with: zhanggui keys list SHOP",
                params={"scope": scope, "shop": shop},
            )


class CreateKey(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a new key shall be. A publishable key needs no scopes: it has its own, and cannot have others."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
    kind: KeyKind = "service"
    scopes: Annotated[tuple[ScopeName, ...], msgspec.Meta(max_length=100)] = ()
    origins: Annotated[tuple[Origin, ...], msgspec.Meta(max_length=50)] = ()
    expires_at: datetime | None = None


class ApiKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key as it is listed; its secret is nowhere."""

    id: str
    shop: str
    name: str
    kind: KeyKind
    scopes: tuple[str, ...]
    origins: tuple[str, ...]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None
    replaced_by: str | None


class IssuedKey(msgspec.Struct, frozen=True, kw_only=True):
    """A new key with its secret, shown this once."""

    key: ApiKey
    secret: str


class MintToken(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which customer a token is for; it lives at most 15 minutes."""

    customer_id: MerchantId
    ttl_s: Annotated[int, msgspec.Meta(ge=1, le=900)] = 900
    scopes: Annotated[tuple[ScopeName, ...], msgspec.Meta(max_length=10)] = (
        "events:write",
        "recommend:read",
        "recommend:write",
    )


class CustomerToken(msgspec.Struct, frozen=True, kw_only=True):
    """A customer token."""

    token: str
    expires_at: datetime


class User(msgspec.Struct, frozen=True, kw_only=True):
    """A person who works with the shop's pages; `roles` by shop, `*` for every shop."""

    id: str
    account: str
    roles: dict[str, str]
    created_at: datetime
    is_disabled: bool
    has_password: bool


class IssuedSession(msgspec.Struct, frozen=True, kw_only=True):
    """A session's secret, for a cookie (HttpOnly, Secure, SameSite=Lax), and the CSRF token of its pages."""

    token: str
    csrf: str
    user: User
    expires_at: datetime
