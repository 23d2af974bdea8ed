"""What the merchant says of answers, read at once: the rules with the slider's, the aims, and the weights of acts."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from zhanggui.recommend.service.rule_book import rule_book
from zhanggui.recommend.service.strengths import strengths_of

from .objectives import objectives_in
from .slider import with_slider


def steered(db: sa.Connection) -> dict[str, Any]:
    """The fields `book`, `objectives` and `strength` of a snapshot, as the connection sees them."""
    objectives = objectives_in(db)
    return {
        "book": with_slider(rule_book(db), objectives.variety),
        "objectives": objectives,
        "strength": strengths_of(objectives.events),
    }
