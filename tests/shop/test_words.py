from __future__ import annotations

import pytest
from tests.shop.builders import NOON, a_question, a_review, some_words

from zhanggui.kernel.db import Database
from zhanggui.kernel.privacy import Purpose
from zhanggui.shop import Answer, InvalidFact, PutReport, UnknownProduct, UnknownQuestion, UnknownReview


def test_a_review_comes_back_as_it_was_put(any_database: Database) -> None:
    words = some_words(any_database)
    review = a_review(
        customer_id="u1", order_id="o1", stars=5, images=("https://x.cn/1.jpg",), reply="谢谢", language="en"
    )

    assert words.put_reviews([review]) == PutReport(created=1)
    assert words.put_reviews([review]) == PutReport(unchanged=1)
    assert words.reviews("longjing", purpose=Purpose.SERVICE) == [review]


def test_a_question_comes_back_with_its_answers(any_database: Database) -> None:
    words = some_words(any_database)
    answers = (
        Answer(id="a1", customer_id="u2", text="是的", at=NOON),
        Answer(id="a2", text="掌柜:明前茶", at=NOON),
        Answer(id="a3", customer_id="u1", text="喝过", at=NOON),
    )
    question = a_question(customer_id="u1", answers=answers)

    assert words.put_questions([question, a_question("q2")]) == PutReport(created=2)
    assert words.questions(purpose=Purpose.SERVICE) == [question, a_question("q2")]


def test_a_question_may_lose_an_answer(any_database: Database) -> None:
    words = some_words(any_database)
    answers = tuple(Answer(id=f"a{n}", customer_id=f"u{n}", text="是", at=NOON) for n in range(3))
    words.put_questions([a_question(answers=answers)])

    assert words.put_questions([a_question(answers=answers[1:])]) == PutReport(updated=1)
    assert words.questions(purpose=Purpose.SERVICE) == [a_question(answers=answers[1:])]


def test_who_wrote_stands_beside_the_text_and_not_in_it(sqlite: Database) -> None:
    words = some_words(sqlite)
    words.put_reviews([a_review(customer_id="customer-17")])
    words.put_questions([a_question(answers=(Answer(id="a", customer_id="customer-17", text="是", at=NOON),))])

    with sqlite.read() as db:
        texts = db.exec_driver_sql("SELECT fact FROM reviews UNION ALL SELECT fact FROM questions").fetchall()

    assert len(texts) == 2
    assert not [text for (text,) in texts if b"customer-17" in text]


def test_reviews_are_listed_by_product_from_the_one_after(sqlite: Database) -> None:
    words = some_words(sqlite)
    words.put_reviews([a_review(f"v{n}", product_id=f"p{n % 2}") for n in range(6)])

    assert [one.id for one in words.reviews("p1", purpose=Purpose.SERVICE)] == ["v1", "v3", "v5"]
    assert [one.id for one in words.reviews("p1", after="v1", limit=1, purpose=Purpose.SERVICE)] == ["v3"]
    assert [one.id for one in words.reviews(limit=2, purpose=Purpose.SERVICE)] == ["v0", "v1"]


def test_without_consent_only_what_no_person_signed_is_read_for_another_purpose(sqlite: Database) -> None:
    words = some_words(sqlite)
    words.put_reviews([a_review("signed", customer_id="u1"), a_review("unsigned")])
    answer = Answer(id="a", customer_id="u1", text="是", at=NOON)
    words.put_questions([a_question("answered", answers=(answer,)), a_question("plain")])

    assert [one.id for one in words.reviews(purpose=Purpose.TRAINING)] == ["unsigned"]
    assert [one.id for one in words.questions(purpose=Purpose.TRAINING)] == ["plain"]


def test_unknown_ids_are_named(sqlite: Database) -> None:
    words = some_words(sqlite)

    with pytest.raises(UnknownProduct):
        words.reviews("nothing", purpose=Purpose.SERVICE)
    with pytest.raises(UnknownReview):
        words.reviews(after="nothing", purpose=Purpose.SERVICE)
    with pytest.raises(UnknownQuestion):
        words.questions(after="nothing", purpose=Purpose.SERVICE)


def test_six_stars_are_refused(sqlite: Database) -> None:
    with pytest.raises(InvalidFact, match="stars"):
        some_words(sqlite).put_reviews([a_review(stars=6)])
