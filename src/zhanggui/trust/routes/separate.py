"""Separate consents over HTTP."""

from __future__ import annotations

from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from zhanggui.kernel.listing import AnyRequest, actor_of
from zhanggui.trust.service.consenting.separate import SeparateConsents
from zhanggui.trust.service.consents import Consents
from zhanggui.trust.types.separate import (
    AskName,
    PublishSeparateAsk,
    RecordSeparate,
    SeparateAsk,
    SeparateConsent,
    SeparateCount,
)


class SeparateConsentRoutes(Controller):
    """One act each, asked by itself: to whom data are given, published, or sent abroad."""

    path = "/v1/{shop:str}"
    tags = ("consents",)

    @get("/separate-consents", operation_id="ListSeparateAsks", opt={"scope": "consents:read"}, sync_to_thread=True)
    def asks(self, separate_consents: NamedDependency[SeparateConsents]) -> list[SeparateCount]:
        """What separate consent is asked for, in its newest version, and how many people's yes holds."""
        return separate_consents.asks()

    @post(
        "/separate-consents/{name:str}/versions",
        operation_id="PublishSeparateAsk",
        opt={"scope": "consents:write"},
        sync_to_thread=True,
    )
    def publish(
        self,
        request: AnyRequest,
        separate_consents: NamedDependency[SeparateConsents],
        name: FromPath[AskName],
        data: JSONBody[PublishSeparateAsk],
    ) -> SeparateAsk:
        """Ask for a separate consent, or ask anew: a yes to an older version counts no more."""
        return separate_consents.publish(name, data, actor_of(request))

    @post(
        "/separate-consents/{name:str}/end",
        operation_id="EndSeparateAsk",
        opt={"scope": "consents:write"},
        status_code=200,
        sync_to_thread=True,
    )
    def end(
        self, request: AnyRequest, separate_consents: NamedDependency[SeparateConsents], name: FromPath[AskName]
    ) -> SeparateAsk:
        """Ask no more: no yes to it counts from now on."""
        return separate_consents.end(name, actor_of(request))

    @get(
        "/customers/{customer_id:str}/separate-consents",
        operation_id="GetSeparateConsents",
        opt={"scope": "consents:read"},
        sync_to_thread=True,
    )
    def customer(
        self,
        consents: NamedDependency[Consents],
        separate_consents: NamedDependency[SeparateConsents],
        customer_id: FromPath[str],
    ) -> list[SeparateConsent]:
        """What a customer agreed to separately, ask by ask; silence is a no."""
        return list(separate_consents.of(consents.person(customer_id=customer_id)))

    @post(
        "/customers/{customer_id:str}/separate-consents",
        operation_id="RecordSeparateConsent",
        opt={"scope": "consents:write"},
        status_code=200,
        sync_to_thread=True,
    )
    def record(
        self,
        request: AnyRequest,
        consents: NamedDependency[Consents],
        separate_consents: NamedDependency[SeparateConsents],
        customer_id: FromPath[str],
        data: JSONBody[RecordSeparate],
    ) -> list[SeparateConsent]:
        """Note that a customer gives a separate consent or withdraws it; the very next call to a receiver follows."""
        person = consents.person(customer_id=customer_id)
        separate_consents.record(person, data, actor_of(request))
        return list(separate_consents.of(person))

    @get(
        "/visitors/{visitor_id:str}/separate-consents",
        operation_id="GetVisitorSeparateConsents",
        opt={"scope": "consents:read"},
        sync_to_thread=True,
    )
    def of_visitor(
        self,
        consents: NamedDependency[Consents],
        separate_consents: NamedDependency[SeparateConsents],
        visitor_id: FromPath[str],
    ) -> list[SeparateConsent]:
        """What a visitor agreed to separately, ask by ask."""
        return list(separate_consents.of(consents.person(visitor_id=visitor_id)))

    @post(
        "/visitors/{visitor_id:str}/separate-consents",
        operation_id="RecordVisitorSeparateConsent",
        opt={"scope": "consents:write"},
        status_code=200,
        sync_to_thread=True,
    )
    def record_visitor(
        self,
        request: AnyRequest,
        consents: NamedDependency[Consents],
        separate_consents: NamedDependency[SeparateConsents],
        visitor_id: FromPath[str],
        data: JSONBody[RecordSeparate],
    ) -> list[SeparateConsent]:
        """Note a visitor's separate consent or its withdrawal; a later login takes their word along."""
        person = consents.person(visitor_id=visitor_id)
        separate_consents.record(person, data, actor_of(request))
        return list(separate_consents.of(person))
