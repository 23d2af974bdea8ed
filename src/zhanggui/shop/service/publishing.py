"""What people wrote as everybody may see it: without the personal data that stands in it."""

from __future__ import annotations

import msgspec

from zhanggui.kernel.guarding import TextGuard
from zhanggui.shop.types import Question, Review


def public_review(review: Review, guard: TextGuard | None) -> Review:
    """A review with placeholders in its words and in the shop's reply, in the language of the review."""
    if guard is None:
        return review
    lang = _lang(review.language)
    return msgspec.structs.replace(
        review, text=guard.redacted(review.text, lang), reply=guard.redacted(review.reply, lang)
    )


def public_question(question: Question, guard: TextGuard | None) -> Question:
    """A question and its answers with placeholders."""
    if guard is None:
        return question
    lang = _lang(question.language)
    answers = tuple(msgspec.structs.replace(one, text=guard.redacted(one.text, lang)) for one in question.answers)
    return msgspec.structs.replace(question, text=guard.redacted(question.text, lang), answers=answers)


def _lang(tag: str) -> str:
    return "zh" if tag.lower().startswith("zh") else "en"
