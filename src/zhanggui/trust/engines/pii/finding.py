"""All rules together."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .addresses_en import english_addresses
from .addresses_zh import chinese_addresses
from .chat import chat_ids
from .folding import MARKS, folded, lowered
from .mail import mails
from .names_en import english_names
from .names_zh import chinese_names
from .numbers import identity_and_cards
from .orders import order_numbers
from .phones import phones
from .redacting import PLACEHOLDERS
from .spans import Span, without_overlaps

_DIGIT = re.compile("[0-9]")
_FOUR_DIGITS = re.compile("[0-9][^0-9]{0,3}[0-9][^0-9]{0,3}[0-9][^0-9]{0,3}[0-9]")
_EIGHT_DIGITS = re.compile("[0-9](?:[^0-9]{0,3}[0-9]){7}")
_CAPITAL = re.compile(r"[A-Z]")


def find(text: str) -> list[Span]:
    """All personal data in a text, in its order, none over another; places are those of the text itself.

    What has been redacted before (`[手机号1]`) is not looked into. What was found is opaque to a second look, in which
    a name may stand out by the number beside it; the looks end when one finds nothing more.
    """
    seen = folded(text)
    is_chinese = not seen.isascii()
    if "[" in seen:
        seen = PLACEHOLDERS.sub(_opaque, seen)
    found: list[Span] = []
    is_named = True
    while True:
        if numbers := _look(seen):
            numbers = without_overlaps(numbers)
            seen = _hidden(seen, numbers)
        names = _look_for_names(seen, is_chinese=is_chinese) if numbers or is_named else []
        if names:
            names = without_overlaps(names)
            seen = _hidden(seen, names)
        is_named = bool(names)
        if not numbers and not names:
            return sorted(found) if found else found
        found += numbers
        found += names


def _look(text: str) -> list[Span]:
    """What the rules for numbers, ids and places say of a folded text; each looks for its signs first."""
    low = lowered(text)
    found = [*mails(text, low)]
    has_digits = _DIGIT.search(text)
    if has_digits and _FOUR_DIGITS.search(text):
        is_long = _EIGHT_DIGITS.search(text) is not None
        found += order_numbers(text, low, is_long=is_long)
        if is_long:
            found += phones(text, low)
            found += identity_and_cards(text)
    found += chat_ids(text, low)
    found += chinese_addresses(text)
    if has_digits:
        found += english_addresses(text, low)
    return found


def _look_for_names(text: str, *, is_chinese: bool) -> list[Span]:
    """What the rules for names say of a folded text, in which the rest is opaque: what is beside a name may tell it."""
    found = list(chinese_names(text)) if is_chinese else []
    if _CAPITAL.search(text) or "name" in text:
        found += english_names(text, lowered(text))
    return found


def _hidden(text: str, spans: Iterable[Span]) -> str:
    """The text with what was found made opaque, as long as before."""
    for start, end, kind in spans:
        text = text[:start] + MARKS[kind] * (end - start) + text[end:]
    return text


def _opaque(match: re.Match[str]) -> str:
    kind = next(kind for kind, value in match.groupdict().items() if value)
    return MARKS[kind] * len(match.group())
