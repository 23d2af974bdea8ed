"""The card of a model that chooses among methods, as a row of an evaluation tells it."""

from __future__ import annotations

from typing import Any

import msgspec

from zhanggui.recommend.engines.learners.auto import Card

from .results import RowLine, TriedMethod

PLAIN = (str, int, float, bool, type(None))


def with_card(row: RowLine, fitted: object) -> RowLine:
    """The row with why the model was chosen so, and what was tried for it; a model without a card says no more."""
    card = getattr(fitted, "card", None)
    if not isinstance(card, Card):
        return row
    tried = [
        TriedMethod(
            name=one.name,
            settings={name: _plain(value) for name, value in one.settings.items()},
            quality=one.quality,
            weight=round(one.weight, 6),
            seconds=round(one.seconds, 3),
            reason=one.reason,
        )
        for one in card.tried
    ]
    return msgspec.structs.replace(row, notes=[*row.notes, card.reason], tried=tried)


def _plain(value: Any) -> str | int | float | bool | None:
    return value if isinstance(value, PLAIN) else str(value)
