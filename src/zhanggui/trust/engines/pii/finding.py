"""All rules together."""

from __future__ import annotations

import re

from .addresses_en import english_addresses
from .addresses_zh import chinese_addresses
from .alone_zh import names_alone
from .chat import chat_ids
from .folding import folded, lowered
from .mail import mails
from .names_en import english_names
from .names_zh import chinese_names
from .numbers import identity_and_cards
from .orders import order_numbers
from .phones import phones
from .spans import Span, without_overlaps
from .view import View

_DIGIT = re.compile("[0-9]")
_FOUR_DIGITS = re.compile("[0-9][^0-9]{0,3}[0-9][^0-9]{0,3}[0-9][^0-9]{0,3}[0-9]")
_EIGHT_DIGITS = re.compile("[0-9](?:[^0-9]{0,3}[0-9]){7}")
_CAPITAL = re.compile(r"[A-Z]")


def find(text: str) -> list[Span]:
    """All personal data in a text, in its order, none over another; places are those of the text itself.

    What has been redacted before (`[手机号1]`) is not looked into. What was found is opaque to a second look, in which
    a name may stand out by the number beside it; the looks end when one finds nothing more.
    """
    seen = View(folded(text))
    is_chinese = not seen.text.isascii()
    found: list[Span] = []
    is_named = True
    while True:
        numbers = seen.hide(without_overlaps(_look(seen.text)))
        names: list[Span] = []
        if numbers or is_named:
            names = seen.hide(without_overlaps(_look_for_names(seen.text, is_chinese=is_chinese)))
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
        found += order_numbers(text, low)
        if _EIGHT_DIGITS.search(text):
            found += phones(text, low)
            found += identity_and_cards(text)
    found += chat_ids(text, low)
    found += chinese_addresses(text)
    if has_digits:
        found += english_addresses(text, low)
    return found


def _look_for_names(text: str, *, is_chinese: bool) -> list[Span]:
    """What the rules for names say of a folded text, in which the rest is opaque: what is beside a name may tell it."""
    found = [*chinese_names(text), *names_alone(text)] if is_chinese else []
    if _CAPITAL.search(text) or "name" in text:
        found += english_names(text, lowered(text))
    return found
