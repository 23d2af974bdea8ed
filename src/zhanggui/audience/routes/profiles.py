"""Profiles over HTTP: whole for those who run the shop, in part for those who serve, one's own for the shopper."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from litestar import Controller, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody, QueryParameter

from zhanggui.audience.service.audience import Audience
from zhanggui.audience.types.conclusions import Conclusions
from zhanggui.audience.types.profiles import Corrected, Profile, ServiceView
from zhanggui.kernel.ids import ID_PATTERN, MAX_ID_LENGTH, Ulid
from zhanggui.kernel.listing import AnyRequest, actor_of

from .meant import Language, Who, meant

READ, SERVE, OWN = {"scope": "audience:read"}, {"scope": "audience:serve"}, {"scope": "audience:own"}
WithTaste = Annotated[bool, QueryParameter(name="taste", description="With the taste vector.")]
Key = Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
OneId = Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_ID_LENGTH, pattern=ID_PATTERN)]


class Named(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whose profile an act is about; a token or a publishable key need not name its own."""

    customer_id: OneId | None = None
    visitor_id: OneId | None = None


class Mute(Named, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Use something no more: `tag:CODE`, the key of an interest, `foretold`, `plans`, or `segment:ID`."""

    key: Key
    is_removed: bool = False  # shown to nobody any more, the shopper's own page included


class Weigh(Named, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An interest is liked more, or less, than the shop thinks."""

    key: Key
    degree: Annotated[str, msgspec.Meta(pattern=r"^(more|less)$(?!\n)")]


class SetLanguage(Named, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """In which language they want to be spoken to."""

    language: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$(?!\n)")]


class Pause(Named, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Let nothing be personal until a moment."""

    until: Annotated[datetime, msgspec.Meta(tz=True)]


class SetBudget(Named, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How much they mean to spend here in a month."""

    month_minor: Annotated[int, msgspec.Meta(gt=0, lt=2**53)]


class Turn(Named, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Personalization on or off."""

    is_on: bool


class ProfileRoutes(Controller):
    """What the shop may know of a shopper, live; refused where they have not allowed it."""

    path = "/v1/{shop:str}/audience"
    tags = ("audience",)

    @get("/profile", operation_id="GetProfile", opt=READ, sync_to_thread=True)
    def profile(
        self,
        request: AnyRequest,
        audience: NamedDependency[Audience],
        customer_id: Who = None,
        visitor_id: Who = None,
        language: Language = "zh",
        with_taste: WithTaste = False,  # noqa: FBT002  (a parameter of the address)
    ) -> Profile:
        """The whole profile: interests, tags, stage, rhythm, each with its evidence."""
        customer, visitor = meant(request, customer_id, visitor_id)
        return audience.profiles.of(customer, visitor, language=language, with_taste=with_taste)

    @get("/service-view", operation_id="GetServiceView", opt=SERVE, sync_to_thread=True)
    def service_view(
        self,
        request: AnyRequest,
        audience: NamedDependency[Audience],
        customer_id: Who = None,
        visitor_id: Who = None,
        language: Language = "zh",
    ) -> ServiceView:
        """What serving somebody needs: stage, language, channel, when they come, how they like to be spoken to."""
        return audience.profiles.for_service(*meant(request, customer_id, visitor_id), language=language)

    @get("/own/profile", operation_id="GetOwnProfile", opt=OWN, sync_to_thread=True)
    def own(
        self,
        request: AnyRequest,
        audience: NamedDependency[Audience],
        customer_id: Who = None,
        visitor_id: Who = None,
        language: Language = "zh",
    ) -> Profile:
        """What the shop thinks of me and why; what I muted is shown, what I removed is not."""
        customer, visitor = meant(request, customer_id, visitor_id)
        return audience.profiles.of(customer, visitor, language=language, is_own=True)

    @get("/own/conclusions", operation_id="GetOwnConclusions", opt=OWN, sync_to_thread=True)
    def conclusions(
        self,
        request: AnyRequest,
        audience: NamedDependency[Audience],
        customer_id: Who = None,
        visitor_id: Who = None,
        language: Language = "zh",
    ) -> Conclusions:
        """What is concluded of me: what is foretold, the groups I am in, the plans that run for me, each with why."""
        return audience.concluding.of(*meant(request, customer_id, visitor_id), language=language)

    @get("/own/corrections", operation_id="ListCorrections", opt=OWN, sync_to_thread=True)
    def corrections(
        self,
        request: AnyRequest,
        audience: NamedDependency[Audience],
        customer_id: Who = None,
        visitor_id: Who = None,
    ) -> list[Corrected]:
        """All that was said of the profile and not taken back; it is told while personalization is off, too."""
        return audience.corrections.of(*meant(request, customer_id, visitor_id))

    @post("/own/mutes", operation_id="MuteTrait", opt=OWN, status_code=200, sync_to_thread=True)
    def mute(self, request: AnyRequest, audience: NamedDependency[Audience], data: JSONBody[Mute]) -> Corrected:
        """Use something no more; the very next recommendation follows."""
        who, act = meant(request, data.customer_id, data.visitor_id), audience.corrections
        return (act.remove if data.is_removed else act.mute)(data.key, actor_of(request), *who)

    @post("/own/weights", operation_id="WeighInterest", opt=OWN, status_code=200, sync_to_thread=True)
    def weigh(self, request: AnyRequest, audience: NamedDependency[Audience], data: JSONBody[Weigh]) -> Corrected:
        """Say that an interest is liked more, or less."""
        who = meant(request, data.customer_id, data.visitor_id)
        return audience.corrections.weigh(data.key, data.degree, actor_of(request), *who)  # type: ignore[arg-type]

    @post("/own/language", operation_id="SetOwnLanguage", opt=OWN, status_code=200, sync_to_thread=True)
    def language(
        self, request: AnyRequest, audience: NamedDependency[Audience], data: JSONBody[SetLanguage]
    ) -> Corrected:
        """Say in which language they want to be spoken to."""
        who = meant(request, data.customer_id, data.visitor_id)
        return audience.corrections.set_language(data.language, actor_of(request), *who)

    @post("/own/pauses", operation_id="PauseProfile", opt=OWN, status_code=200, sync_to_thread=True)
    def pause(self, request: AnyRequest, audience: NamedDependency[Audience], data: JSONBody[Pause]) -> Corrected:
        """Let nothing be personal until a moment; it ends by itself."""
        who = meant(request, data.customer_id, data.visitor_id)
        return audience.corrections.pause(data.until, actor_of(request), *who)

    @post("/own/budget", operation_id="SetOwnBudget", opt=OWN, status_code=200, sync_to_thread=True)
    def budget(self, request: AnyRequest, audience: NamedDependency[Audience], data: JSONBody[SetBudget]) -> Corrected:
        """Say how much they mean to spend here in a month; picks on the shop's pages cost no more than what is left."""
        who = meant(request, data.customer_id, data.visitor_id)
        return audience.corrections.set_budget(data.month_minor, actor_of(request), *who)

    @post("/own/forgettings", operation_id="ForgetProfile", opt=OWN, status_code=200, sync_to_thread=True)
    def forget(self, request: AnyRequest, audience: NamedDependency[Audience], data: JSONBody[Named]) -> Corrected:
        """Delete the profile: what was done until now counts no more."""
        who = meant(request, data.customer_id, data.visitor_id)
        return audience.corrections.forget(actor_of(request), *who)

    @post("/own/personalization", operation_id="TurnPersonalization", opt=OWN, status_code=204, sync_to_thread=True)
    def turn(self, request: AnyRequest, audience: NamedDependency[Audience], data: JSONBody[Turn]) -> None:
        """Turn personalization on or off altogether."""
        who = meant(request, data.customer_id, data.visitor_id)
        audience.corrections.turn(actor_of(request), *who, on=data.is_on)

    @delete(
        "/own/corrections/{correction_id:str}",
        operation_id="UndoCorrection",
        opt=OWN,
        status_code=200,
        sync_to_thread=True,
    )
    def undo(
        self,
        request: AnyRequest,
        audience: NamedDependency[Audience],
        correction_id: FromPath[Ulid],
        customer_id: Who = None,
        visitor_id: Who = None,
    ) -> Corrected:
        """Take an act back: the profile is what it would be without it. Twice is once."""
        return audience.corrections.undo(correction_id, actor_of(request), *meant(request, customer_id, visitor_id))
