"""What the guard says of a text."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

PiiKind = Literal["email", "id_card", "bank_card", "mobile", "order_number", "wechat", "address", "name"]
"""Kinds of personal data that the guard knows."""
GuardLanguage = Literal["zh", "en"]

MOST_CHARACTERS = 20_000


class PiiSpan(msgspec.Struct, frozen=True):
    """Characters `start` to `end` (not included) of the text as it was given, counted in Unicode code points."""

    kind: PiiKind
    start: int
    end: int


class GuardedText(msgspec.Struct, frozen=True):
    """What was found in a text, in its order, and the text without it."""

    spans: tuple[PiiSpan, ...]
    redacted: str


class GuardText(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A text to look into, and the language of the placeholders. Nothing of it is kept."""

    text: Annotated[str, msgspec.Meta(max_length=MOST_CHARACTERS)]
    lang: GuardLanguage = "zh"
