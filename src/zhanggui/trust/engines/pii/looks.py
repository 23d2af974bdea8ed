"""What is looked for in a text, in turn. The patterns are made when this module is read, at the first text."""

from __future__ import annotations

import re

from .addresses_en import english_addresses
from .addresses_zh import chinese_addresses
from .alone_zh import names_alone
from .chat import chat_ids
from .folding import lowered
from .mail import mails
from .names_en import english_names
from .names_zh import chinese_names
from .numbers import identity_and_cards
from .orders import order_numbers
from .phones import phones
from .spans import Span

_DIGIT = re.compile("[0-9]")
_FOUR_DIGITS = re.compile("[0-9][^0-9]{0,3}[0-9][^0-9]{0,3}[0-9][^0-9]{0,3}[0-9]")
_EIGHT_DIGITS = re.compile("[0-9](?:[^0-9]{0,3}[0-9]){7}")
_CAPITAL = re.compile(r"[A-Z]")


def _numbers(text: str) -> list[Span]:
    """What tells itself: mail addresses, and long numbers that are right by their shape or check digit."""
    found = [*mails(text)]
    if _EIGHT_DIGITS.search(text):
        found += phones(text, lowered(text))
        found += identity_and_cards(text)
    return found


def _codes_and_places(text: str) -> list[Span]:
    """What words beside it tell: numbers of orders, chat ids, addresses; each rule looks for its signs first."""
    low = lowered(text)
    found = [*chat_ids(text, low)]
    if not text.isascii():
        found += chinese_addresses(text)
    if _DIGIT.search(text):
        if _FOUR_DIGITS.search(text):
            found += order_numbers(text, low)
        found += english_addresses(text, low)
    return found


def _names(text: str) -> list[Span]:
    """Names that a label, a title or a phrase tells, in a folded text in which the rest is opaque."""
    found = [*chinese_names(text)]
    return found + _names_in_english(text)


def _names_in_english(text: str) -> list[Span]:
    return [*english_names(text, lowered(text))] if _CAPITAL.search(text) or "name" in text else []


def _names_alone(text: str) -> list[Span]:
    return [*names_alone(text)]


LOOKS = (_numbers, _codes_and_places, _names, _names_alone)
"""All, each a function of the text as it is seen."""
ASCII_LOOKS = (_numbers, _codes_and_places, _names_in_english)
"""Those for a text in ASCII alone."""
