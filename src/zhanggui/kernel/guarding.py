"""How a room below trust, or one that comes later, has personal data taken out of a text before it leaves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class TextGuard(Protocol):
    """Takes personal data out of free text; trust has it, the composition root hands it in.

    Whatever sends a text that somebody wrote (to a language model, by a webhook, into a figure or onto a public page)
    takes one and sends what it answers.
    """

    def redacted(self, text: str, lang: str = "zh") -> str:
        """`text` with a named placeholder for each piece of personal data, in `zh` or `en`; the same for the same."""

    def has_personal(self, text: str) -> bool:
        """Whether `redacted` would change anything."""


Redact = Callable[[str], str]
"""What a log line's texts go through."""
