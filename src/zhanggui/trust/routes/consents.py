"""Consent over HTTP."""

from __future__ import annotations

import msgspec
from litestar import Controller, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from zhanggui.kernel.listing import AnyRequest, actor_of
from zhanggui.trust.service.consents import Consents
from zhanggui.trust.types.consents import Consent, Notice, RecordConsent


class SetPersonalization(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """On or off."""

    is_on: bool


class ConsentRoutes(Controller):
    """What each person agreed to."""

    path = "/v1/{shop:str}"
    tags = ("consents",)

    @get(
        "/customers/{customer_id:str}/consents",
        operation_id="GetConsents",
        opt={"scope": "consents:read"},
        sync_to_thread=True,
    )
    def customer(self, consents: NamedDependency[Consents], customer_id: FromPath[str]) -> list[Consent]:
        """What holds for a customer, purpose by purpose, and why."""
        return list(consents.of(consents.person(customer_id=customer_id)))

    @post(
        "/customers/{customer_id:str}/consents",
        operation_id="RecordConsent",
        opt={"scope": "consents:write"},
        status_code=200,
        sync_to_thread=True,
    )
    def record(
        self,
        request: AnyRequest,
        consents: NamedDependency[Consents],
        customer_id: FromPath[str],
        data: JSONBody[RecordConsent],
    ) -> list[Consent]:
        """Note that a customer consents to a purpose, or refuses it; the next answer follows."""
        person = consents.person(customer_id=customer_id)
        consents.record(person, data.purpose, granted=data.is_granted, actor=actor_of(request), notice=data.notice)
        return list(consents.of(person))

    @put(
        "/visitors/{visitor_id:str}/personalization",
        operation_id="SetVisitorPersonalization",
        opt={"scope": "consents:write"},
        sync_to_thread=True,
    )
    def visitor(
        self,
        request: AnyRequest,
        consents: NamedDependency[Consents],
        visitor_id: FromPath[str],
        data: JSONBody[SetPersonalization],
    ) -> list[Consent]:
        """Turn a visitor's personalization on or off."""
        person = consents.person(visitor_id=visitor_id)
        consents.set_personalization(person, on=data.is_on, actor=actor_of(request))
        return list(consents.of(person))

    @get("/consent-notices", operation_id="ListConsentNotices", opt={"scope": "consents:read"}, sync_to_thread=True)
    def notices(self, consents: NamedDependency[Consents]) -> list[Notice]:
        """The notices that imports name, and what agreeing to each grants."""
        return list(consents.notices())

    @put("/consent-notices", operation_id="PutConsentNotice", opt={"scope": "consents:write"}, sync_to_thread=True)
    def set_notice(
        self, request: AnyRequest, consents: NamedDependency[Consents], data: JSONBody[Notice]
    ) -> list[Notice]:
        """Say what agreeing to a notice grants; rows that were imported on it follow at once."""
        consents.set_notice(data, actor_of(request))
        return list(consents.notices())
