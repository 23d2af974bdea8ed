"""Direct identifiers as somebody may see them who has given no reason to see more: `林**`, `138****1234`, `l***@…`."""

from __future__ import annotations

import re
import unicodedata

HIDDEN = "****"
_NO_DIGIT = re.compile(r"\D+")
_MOBILE_DIGITS = 11
_SHOWABLE_DIGITS = 7


def mask_name(name: str) -> str:
    """The first character; how long the name is stays hidden too. Empty for none."""
    first = next((character for character in name.strip() if unicodedata.category(character)[0] in "LN"), "")
    return f"{first}**" if first else HIDDEN[: 4 * bool(name.strip())]


def mask_phone(phone: str) -> str:
    """The first three and the last four of a mobile number, the last two of a shorter one, nothing of a very short one.

    The code of China is left out, so `+86 138…` and `138…` look alike.
    """
    digits = _NO_DIGIT.sub("", unicodedata.normalize("NFKC", phone))
    if len(digits) == _MOBILE_DIGITS + 2 and digits.startswith("86"):
        digits = digits[2:]
    if len(digits) >= _MOBILE_DIGITS:
        return f"{digits[:3]}{HIDDEN}{digits[-4:]}"
    if len(digits) >= _SHOWABLE_DIGITS:
        return f"{HIDDEN}{digits[-2:]}"
    return HIDDEN if phone.strip() else ""


def mask_email(email: str) -> str:
    """The first character; the provider stays hidden too."""
    text = email.strip()
    return f"{text[0]}***@…" if "@" in text[1:] else HIDDEN[: 4 * bool(text)]


def mask_all(text: str) -> str:
    """That there is something, and no more: an address, an account elsewhere."""
    return HIDDEN if text.strip() else ""
