"""Personal data in free text, Chinese and English: where it stands, and the text without it. Pure functions."""

from .finding import find
from .redacting import placeholder, redact
from .spans import KINDS, Span

__all__ = ["KINDS", "Span", "find", "placeholder", "redact"]
