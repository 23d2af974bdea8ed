"""Cells as merchants' files have them, into values. Nothing here raises: a bad cell comes back as a `BadCell`."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from zhanggui.kernel.ids import MAX_ID_LENGTH

MAX_TEXT: Final = 20_000
MAX_SHORT: Final = 512
_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xFFE5: 0xA5}
_CONTROL = {code: None for code in range(32) if code not in {9, 10, 13}} | {0x7F: None, 0xFEFF: None, 0x200B: None}
_UNWRAP = re.compile(r'^="(.*)"$', re.DOTALL)
_RUINED = re.compile(r"^\d(\.\d+)?[eE]\+\d{1,3}$|^\d\.\d+[eE]\d{2,3}$")
_WHOLE_FLOAT = re.compile(r"^\d{1,15}\.0+$")
_MONEY_MARKS = re.compile(r"(?i)^(rmb|cny|usd|gbp|eur|hkd|us\$|[¥$£€])\s*|\s*(元|圆|rmb|cny|usd|gbp|eur|hkd|[¥$£€])$")
_PLAIN = re.compile(r"^-?[0-9]{1,18}(\.[0-9]{1,12})?$")
_THOUSANDS = re.compile(r"^-?\d{1,3}(,\d{3})+(\.\d*)?$")
_EUROPEAN = re.compile(r"^-?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?$")
_NO_VALUE = frozenset({"", "null", "none", "nan", "\\n", "#n/a", "n/a", "-", "--", "—"})
_NO_TEXT = frozenset({"", "null", "\\n", "nan", "#n/a"})

AS_TEXT = "Export the column as text: in Excel, format the cells as Text before the file is saved."


@dataclass(frozen=True, slots=True)
class BadCell:
    """Why a cell cannot be taken, and the cure."""

    reason: str
    cure: str = ""


def clean_text(raw: object) -> str:
    """A cell as text: `="…"` unwrapped, control characters out, blanks (full-width too) and tabs trimmed."""
    text = raw if isinstance(raw, str) else "" if raw is None or raw != raw else str(raw)
    if not text.isprintable() or text[:1] == "=" or text[-1:] == "\u3000":
        text = text.translate(_CONTROL).strip()
        wrapped = _UNWRAP.match(text)
        if wrapped:
            text = wrapped.group(1).replace('""', '"')
    return text.strip()


def clean_code(raw: object) -> str:
    """Like `clean_text`, for ids and numbers: full-width characters become half-width, Excel's text mark goes."""
    text = clean_text(raw)
    return (text if text.isascii() else text.translate(_HALF_WIDTH).strip()).removeprefix("'")


def to_text(raw: object, limit: int = MAX_TEXT) -> str | BadCell | None:
    """Free text of at most `limit` characters."""
    text = clean_text(raw)
    if len(text) > limit:
        return BadCell(f"{len(text):,} characters, at most {limit:,} are kept", "Shorten the text.")
    if "\ufffd" in text:
        return BadCell("characters that the file's encoding does not explain", "Save the file as UTF-8.")
    return None if text.lower() in _NO_TEXT else text


def to_short(raw: object) -> str | BadCell | None:
    """Text of at most 512 characters."""
    return to_text(raw, MAX_SHORT)


def to_id(raw: object) -> str | BadCell | None:
    """A merchant's id; long numbers that a spreadsheet has rounded are refused, for their digits are gone."""
    if isinstance(raw, float):
        return _float_id(raw)
    text = clean_code(raw)
    if text.lower() in _NO_VALUE:
        return None
    if _RUINED.match(text):
        return _ruined(text)
    if _WHOLE_FLOAT.match(text):
        return text.partition(".")[0]
    if len(text) > MAX_ID_LENGTH:
        return BadCell(f"an id of {len(text):,} characters; at most {MAX_ID_LENGTH} are allowed", "Shorten the id.")
    if not text.isprintable() and any(ord(sign) < 32 for sign in text):
        return BadCell("an id with a control character in it", "Remove tabs and line breaks from the id.")
    return text


def _float_id(raw: float) -> str | BadCell | None:
    if math.isnan(raw):
        return None
    if abs(raw) >= 1e15:  # beyond 15 digits a spreadsheet keeps zeros only
        return _ruined(f"{raw:g}")
    return str(int(raw)) if raw.is_integer() else repr(raw)


def _ruined(seen: str) -> BadCell:
    return BadCell(f"a long number that a spreadsheet has rounded to {seen}; its last digits are lost", AS_TEXT)


def to_decimal(raw: object, *, comma: bool = False) -> str | BadCell | None:
    """An exact decimal as plain text: `¥1,234.50` is `1234.50`, `12%` is `0.12`, `1.2万` is `12000`, `(5)` is `-5`.

    Args:
        raw: text or number; floats count as the shortest decimal that gives them.
        comma: the file writes a decimal comma (`1.234,56`).
    """
    if isinstance(raw, int | float | Decimal) and not isinstance(raw, bool):
        return _plain(Decimal(repr(raw)) if isinstance(raw, float) else Decimal(raw))
    text = clean_code(raw)
    if _PLAIN.match(text) and not comma:
        return text
    if text.lower() in _NO_VALUE:
        return None
    return _messy_decimal(text, comma=comma)


def _messy_decimal(text: str, *, comma: bool) -> str | BadCell | None:
    seen, factor = text, Decimal(1)
    if text.startswith("(") and text.endswith(")"):
        text, factor = text[1:-1], Decimal(-1)
    text = _MONEY_MARKS.sub("", _MONEY_MARKS.sub("", text)).replace(" ", "").replace("\u00a0", "").replace("−", "-")
    text = _MONEY_MARKS.sub("", text)
    for mark, by in (("%", Decimal("0.01")), ("万", Decimal(10_000)), ("亿", Decimal(10**8))):
        if text.endswith(mark):
            text, factor = text[:-1], factor * by
    if comma and _EUROPEAN.match(text):
        text = text.replace(".", "").replace(",", ".")
    elif _THOUSANDS.match(text):
        text = text.replace(",", "")
    try:
        return _plain(Decimal(text) * factor)
    except InvalidOperation:
        cure = (
            "Set decimal_comma = true in the map." if "," in seen and not comma else "Write a number such as 1234.50."
        )
        return BadCell("not a number", cure)


def _plain(value: Decimal) -> str | BadCell | None:
    if value.is_nan():
        return None
    if not value.is_finite() or abs(value) >= 10**18:
        return BadCell("a number beyond what a shop counts", "Check the column.")
    text = f"{value:f}"
    if not _PLAIN.match(text):
        text = f"{value.quantize(Decimal(10) ** -12):f}"
    return text.removesuffix(".0")


def to_price(raw: object, *, comma: bool = False) -> str | BadCell | None:
    """A decimal that is not below zero."""
    value = to_decimal(raw, comma=comma)
    if isinstance(value, str) and value.startswith("-"):
        return BadCell("a price below zero", "Prices are not negative; a return has a negative quantity.")
    return value


def to_count(raw: object, *, comma: bool = False) -> int | BadCell | None:
    """A whole number within 32 bits."""
    if isinstance(raw, int) and not isinstance(raw, bool) and -(2**31) <= raw < 2**31:
        return raw
    text = to_decimal(raw, comma=comma)
    if text is None or isinstance(text, BadCell):
        return text
    value = Decimal(text)
    if value != int(value):
        return BadCell("not a whole number", "Count in whole units.")
    if not -(2**31) <= value < 2**31:
        return BadCell("a count beyond 2,147,483,647", "Check the column.")
    return int(value)
