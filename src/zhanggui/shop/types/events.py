"""Behaviour: events by GA4's ecommerce names where one exists, and the log of served lists."""

from __future__ import annotations

from typing import Annotated

import msgspec

from zhanggui.kernel.acts import EventName

from .base import Currency, Id, Minor, Moment, Quantity, ShortText

EVENT_SCHEMA = 1


class EventContext(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where and how an event came about. Region is province and city tier, never finer; device is its class alone."""

    channel: ShortText = ""
    surface: ShortText = ""
    position: Annotated[int, msgspec.Meta(ge=0, le=100_000)] | None = None
    query: ShortText = ""
    campaign: ShortText = ""
    arm: ShortText = ""
    propensity: Annotated[float, msgspec.Meta(gt=0, le=1)] | None = None
    list_id: ShortText = ""  # the served list that the shopper answered to
    province: ShortText = ""
    city_tier: Annotated[int, msgspec.Meta(ge=1, le=6)] | None = None
    device: ShortText = ""  # desktop, phone or tablet


class Event(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing a shopper did. Unlike other facts, fields it does not know are kept, in `extra`."""

    id: Id  # the sender's, random; posting it again within 30 days changes nothing
    name: EventName
    at: Moment | None = None  # when it happened; the moment of arrival when the sender does not say
    customer_id: Id | None = None
    visitor_id: Id | None = None
    product_id: Id | None = None
    quantity: Quantity | None = None
    value_minor: Minor | None = None
    currency: Currency | None = None
    engagement_time_msec: Annotated[int, msgspec.Meta(ge=0, le=86_400_000)] | None = None
    rating: Annotated[int, msgspec.Meta(ge=1, le=5)] | None = None
    keywords: tuple[ShortText, ...] = ()  # of a dismissal: the chips that the shopper chose
    context: EventContext = EventContext()
    extra: dict[str, object] = {}
    schema: Annotated[int, msgspec.Meta(ge=1, le=EVENT_SCHEMA)] = EVENT_SCHEMA
