"""What people wrote: reviews and questions."""

from __future__ import annotations

from typing import Annotated

import msgspec

from .base import Fact, Id, Language, Moment, Text, TextLicence, Url


class Review(Fact, frozen=True, kw_only=True):
    """A review (评价); stars 1 to 5."""

    id: Id
    product_id: Id
    customer_id: Id | None = None
    order_id: Id | None = None
    stars: Annotated[int, msgspec.Meta(ge=1, le=5)] | None = None
    text: Text = ""
    language: Language = "zh"
    images: tuple[Url, ...] = ()
    at: Moment
    reply: Text = ""
    licence: TextLicence = TextLicence.OWN


class Answer(Fact, frozen=True, kw_only=True):
    """An answer to a question; a customer's, or the merchant's when `customer_id` is None."""

    id: Id
    customer_id: Id | None = None
    text: Text
    at: Moment


class Question(Fact, frozen=True, kw_only=True):
    """A question about a product (问大家)."""

    id: Id
    product_id: Id
    customer_id: Id | None = None
    text: Text
    language: Language = "zh"
    at: Moment
    answers: tuple[Answer, ...] = ()
    licence: TextLicence = TextLicence.OWN
