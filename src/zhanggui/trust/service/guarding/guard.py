"""The guard: what personal data a text holds, and the text without it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from zhanggui.trust.engines.pii import find, redact
from zhanggui.trust.types.guard import GuardedText, GuardLanguage, PiiKind, PiiSpan


@dataclass(frozen=True, slots=True)
class PiiGuard:
    """Own rules for Chinese and English; keeps nothing and asks nobody. Implements `kernel.guarding.TextGuard`."""

    def examine(self, text: str, lang: GuardLanguage = "zh") -> GuardedText:
        """All personal data in a text with its places, and the text with placeholders of the reader's language."""
        found = find(text)
        spans = tuple(PiiSpan(cast("PiiKind", span.kind), span.start, span.end) for span in found)
        return GuardedText(spans, redact(text, found, lang=lang))

    def redacted(self, text: str, lang: str = "zh") -> str:
        """The text with a placeholder for each piece of personal data; the same text where there is none."""
        found = find(text)
        return redact(text, found, lang=lang) if found else text

    def has_personal(self, text: str) -> bool:
        """Whether a text holds any personal data."""
        return bool(find(text))
