"""What people wrote about products."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from zhanggui.kernel.clock import Clock, to_ms
from zhanggui.kernel.db import Database
from zhanggui.kernel.guarding import TextGuard
from zhanggui.kernel.privacy import ConsentGate, Duty, Purpose
from zhanggui.shop.errors import UnknownProduct, UnknownQuestion, UnknownReview
from zhanggui.shop.tables import words as tables
from zhanggui.shop.tables.order_reading import number_of
from zhanggui.shop.tables.products import product_numbers, some_product_ids
from zhanggui.shop.tables.returning import ALL_MAY_RETURN, Returning
from zhanggui.shop.types import PutReport, Question, Review

from .checking import allowed, checked
from .publishing import public_question, public_review


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Reviews and questions. For any purpose but service, those of people who refuse it are left out."""

    db: Database
    clock: Clock
    gate: ConsentGate | None = None
    guard: TextGuard | None = None
    returning: Returning = ALL_MAY_RETURN

    def put_reviews(self, reviews: Sequence[Review]) -> PutReport:
        """Create or change reviews by id.

        Raises:
            InvalidFact: one does not fit; none is put then.
        """
        facts, now_ms = checked(reviews, Review), to_ms(self.clock())
        return self.db.write(lambda db: tables.store_reviews(db, self.returning.without_erased(db, facts), now_ms))

    def put_questions(self, questions: Sequence[Question]) -> PutReport:
        """Create or change questions, with their answers, by id."""
        facts, now_ms = checked(questions, Question), to_ms(self.clock())
        return self.db.write(lambda db: tables.store_questions(db, self.returning.without_erased(db, facts), now_ms))

    def reviews(
        self,
        product_id: str | None = None,
        after: str | None = None,
        limit: int = 50,
        *,
        purpose: Purpose,
        is_public: bool = False,
    ) -> list[Review]:
        """Reviews in the order in which they came, or only those of one product.

        With `is_public` personal data in their texts is replaced: they are shown to everybody.
        """
        with self.db.read() as db:
            number = 0 if after is None else number_of(db, tables.reviews.for_(Duty.UPKEEP), after)
            if number is None:
                raise UnknownReview(f"No review has the id {after!r}.", hint="Start the listing anew.")
            held = tables.reviews_page(db, after=number, limit=limit, product=_product(db, product_id), purpose=purpose)
            may = allowed({one.person for one in held if one.person}, purpose, self.gate)
        found = [one.review for one in held if one.person is None or one.person in may]
        return self.published(found) if is_public else found

    def published(self, reviews: Iterable[Review]) -> list[Review]:
        """Reviews as everybody may see them; of many that were read only these cost the guard's time."""
        return [public_review(one, self.guard) for one in reviews]

    def questions(
        self,
        product_id: str | None = None,
        after: str | None = None,
        limit: int = 50,
        *,
        purpose: Purpose,
        is_public: bool = False,
    ) -> list[Question]:
        """Questions in the order in which they came, or only those of one product; `is_public` as for reviews."""
        with self.db.read() as db:
            number = 0 if after is None else number_of(db, tables.questions.for_(Duty.UPKEEP), after)
            if number is None:
                raise UnknownQuestion(f"No question has the id {after!r}.", hint="Start the listing anew.")
            held = tables.questions_page(
                db, after=number, limit=limit, product=_product(db, product_id), purpose=purpose
            )
            people = {person for one in held for person in (one.person, *one.answerers) if person}
            may = allowed(people, purpose, self.gate)
        found = [one.question for one in held if all(p is None or p in may for p in (one.person, *one.answerers))]
        return [public_question(one, self.guard) for one in found] if is_public else found


def _product(db: sa.Connection, id_: str | None) -> int | None:
    if id_ is None:
        return None
    number = product_numbers(db, [id_]).get(id_)
    if number is None:
        raise UnknownProduct.among(id_, some_product_ids(db))
    return number
