"""Consent over HTTP."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Controller, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, PathParameter

from zhanggui.kernel.listing import AnyRequest, actor_of
from zhanggui.trust.service.consenting.notices import Notices
from zhanggui.trust.service.consents import Consents
from zhanggui.trust.types.consents import Consent, Notice, RecordConsent
from zhanggui.trust.types.notices import MAX_NAME_LENGTH, NAME_PATTERN, NoticeVersion, PublishNotice

NoticeInPath = Annotated[str, PathParameter(min_length=1, max_length=MAX_NAME_LENGTH, pattern=NAME_PATTERN)]
"""Said as a parameter: litestar describes the constraints of a `msgspec.Meta` in a path and does not hold to them."""


class SetPersonalization(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """On or off."""

    is_on: bool


def _recorded(consents: Consents, person: int, said: RecordConsent, actor: str) -> list[Consent]:
    consents.record(
        person, said.purpose, granted=said.is_granted, actor=actor, notice=said.notice, channel=said.channel
    )
    return list(consents.of(person))


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
        """Note that a customer consents to a purpose, or to one channel for it, or refuses; the next answer follows."""
        return _recorded(consents, consents.person(customer_id=customer_id), data, actor_of(request))

    @get(
        "/visitors/{visitor_id:str}/consents",
        operation_id="GetVisitorConsents",
        opt={"scope": "consents:read"},
        sync_to_thread=True,
    )
    def of_visitor(self, consents: NamedDependency[Consents], visitor_id: FromPath[str]) -> list[Consent]:
        """What holds for a visitor, purpose by purpose, and why."""
        return list(consents.of(consents.person(visitor_id=visitor_id)))

    @post(
        "/visitors/{visitor_id:str}/consents",
        operation_id="RecordVisitorConsent",
        opt={"scope": "consents:write"},
        status_code=200,
        sync_to_thread=True,
    )
    def record_visitor(
        self,
        request: AnyRequest,
        consents: NamedDependency[Consents],
        visitor_id: FromPath[str],
        data: JSONBody[RecordConsent],
    ) -> list[Consent]:
        """Note that a visitor consents, or refuses; a later login takes their word along."""
        return _recorded(consents, consents.person(visitor_id=visitor_id), data, actor_of(request))

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

    @get(
        "/consent-notices/{notice:str}/versions",
        operation_id="ListNoticeVersions",
        opt={"scope": "consents:read"},
        sync_to_thread=True,
    )
    def versions(self, notices: NamedDependency[Notices], notice: FromPath[str]) -> list[NoticeVersion]:
        """The versions of a notice, oldest first: what people agreed to, and what each changed."""
        return list(notices.versions(notice))

    @post(
        "/consent-notices/{notice:str}/versions",
        operation_id="PublishNotice",
        opt={"scope": "consents:write"},
        sync_to_thread=True,
    )
    def publish(
        self,
        request: AnyRequest,
        notices: NamedDependency[Notices],
        notice: NoticeInPath,
        data: JSONBody[PublishNotice],
    ) -> NoticeVersion:
        """Publish the next version of a notice. Where it asks again, older agreements count no more."""
        return notices.publish(notice, data, actor_of(request))
