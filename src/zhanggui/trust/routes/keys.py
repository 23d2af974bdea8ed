"""API keys and customer tokens over HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import msgspec
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from zhanggui.kernel.listing import AnyRequest
from zhanggui.trust.service.key_acts import KeyActs
from zhanggui.trust.service.keys import Keys
from zhanggui.trust.service.ledger import Ledger
from zhanggui.trust.types.access import ApiKey, CreateKey, CustomerToken, IssuedKey, MintToken

from .calling import caller_of


class RotateKey(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How long the old key goes on."""

    overlap_s: Annotated[int, msgspec.Meta(ge=0, le=30 * 86_400)] = 86_400


class KeyRoutes(Controller):
    """Who may call."""

    path = "/v1/{shop:str}"
    tags = ("keys",)

    @get("/keys", operation_id="ListKeys", opt={"scope": "keys:read"}, sync_to_thread=True)
    def list_keys(self, keys: NamedDependency[Keys], shop: FromPath[str]) -> list[ApiKey]:
        """List the shop's keys, oldest first; secrets are nowhere."""
        return keys.list(shop)

    @post("/keys", operation_id="CreateKey", opt={"scope": "keys:write"}, sync_to_thread=True)
    def create(
        self,
        request: AnyRequest,
        keys: NamedDependency[Keys],
        ledger: NamedDependency[Ledger],
        shop: FromPath[str],
        data: JSONBody[CreateKey],
    ) -> IssuedKey:
        """Make a key. Its secret is in this answer and never shown again; nobody can grant what they do not hold."""
        return _acts(request, keys, ledger, shop).create(data)

    @post(
        "/keys/{key_id:str}/rotate",
        operation_id="RotateKey",
        opt={"scope": "keys:write"},
        status_code=200,
        sync_to_thread=True,
    )
    def rotate(
        self,
        request: AnyRequest,
        keys: NamedDependency[Keys],
        ledger: NamedDependency[Ledger],
        shop: FromPath[str],
        key_id: FromPath[str],
        data: JSONBody[RotateKey],
    ) -> IssuedKey:
        """Make a key that may do the same; the old one goes on for a while."""
        return _acts(request, keys, ledger, shop).rotate(key_id, overlap=timedelta(seconds=data.overlap_s))

    @post(
        "/keys/{key_id:str}/revoke",
        operation_id="RevokeKey",
        opt={"scope": "keys:write"},
        status_code=200,
        sync_to_thread=True,
    )
    def revoke(
        self,
        request: AnyRequest,
        keys: NamedDependency[Keys],
        ledger: NamedDependency[Ledger],
        shop: FromPath[str],
        key_id: FromPath[str],
    ) -> ApiKey:
        """End a key and all tokens it minted, from the next request on."""
        return _acts(request, keys, ledger, shop).revoke(key_id)

    @post("/customer-tokens", operation_id="MintCustomerToken", opt={"scope": "tokens:mint"}, sync_to_thread=True)
    def mint(
        self, request: AnyRequest, keys: NamedDependency[Keys], shop: FromPath[str], data: JSONBody[MintToken]
    ) -> CustomerToken:
        """Mint a token for one customer, in the name of the service key that calls; it lives at most 15 minutes."""
        return keys.mint(shop, caller_of(request).id, data)


def _acts(request: AnyRequest, keys: Keys, ledger: Ledger, shop: str) -> KeyActs:
    caller = caller_of(request)
    return KeyActs(keys=keys, ledger=ledger, shop=shop, actor=caller.actor, by=caller)
