"""Reviews and questions over HTTP."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Controller, get, put
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from zhanggui.kernel.listing import After, AnyRequest, CursorCodec, Limit, opened
from zhanggui.kernel.privacy import Purpose
from zhanggui.shop.service.words import Words
from zhanggui.shop.types import PutReport, Question, Review

from .listing import FACTS, OfProduct, next_of

Reviews = Annotated[list[Review], FACTS]
Questions = Annotated[list[Question], FACTS]


class ReviewPage(msgspec.Struct, frozen=True):
    """Reviews in the order in which they came."""

    items: list[Review]
    next: str | None = None


class QuestionPage(msgspec.Struct, frozen=True):
    """Questions in the order in which they came."""

    items: list[Question]
    next: str | None = None


ForPublic = Annotated[
    bool | None,
    QueryParameter(description="Texts as everybody may see them: personal data in them replaced by placeholders."),
]


class WordRoutes(Controller):
    """What people wrote."""

    path = "/v1/{shop:str}"
    tags = ("words",)

    @put("/reviews", operation_id="PutReviews", opt={"scope": "shop:write"}, sync_to_thread=True)
    def put_reviews(self, words: NamedDependency[Words], data: Reviews) -> PutReport:
        """Create or change reviews by id."""
        return words.put_reviews(data)

    @get("/reviews", operation_id="ListReviews", opt={"scope": "shop:people"}, sync_to_thread=True)
    def reviews(
        self,
        request: AnyRequest,
        words: NamedDependency[Words],
        cursors: NamedDependency[CursorCodec],
        product_id: OfProduct = None,
        published: ForPublic = None,
        after: After = None,
        limit: Limit = 50,
    ) -> ReviewPage:
        """List reviews, or those of one product."""
        start = opened(cursors, after, request)
        items = words.reviews(product_id, start, limit, purpose=Purpose.SERVICE, is_public=bool(published))
        return ReviewPage(items, next_of(cursors, items, limit, request))

    @put("/questions", operation_id="PutQuestions", opt={"scope": "shop:write"}, sync_to_thread=True)
    def put_questions(self, words: NamedDependency[Words], data: Questions) -> PutReport:
        """Create or change questions, with their answers, by id."""
        return words.put_questions(data)

    @get("/questions", operation_id="ListQuestions", opt={"scope": "shop:people"}, sync_to_thread=True)
    def questions(
        self,
        request: AnyRequest,
        words: NamedDependency[Words],
        cursors: NamedDependency[CursorCodec],
        product_id: OfProduct = None,
        published: ForPublic = None,
        after: After = None,
        limit: Limit = 50,
    ) -> QuestionPage:
        """List questions, or those about one product."""
        start = opened(cursors, after, request)
        items = words.questions(product_id, start, limit, purpose=Purpose.SERVICE, is_public=bool(published))
        return QuestionPage(items, next_of(cursors, items, limit, request))
