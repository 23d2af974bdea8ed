"""Reading the form that edits a proposal: each field's text as a value, or why it cannot be one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from zhanggui.kernel.money import BadAmount, to_minor
from zhanggui.trust.types.showing import EditField, FieldProblem, Phrase, Shape

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_COLON = re.compile(r"[:\uff1a]")
MOST_LINES = 500


class _Bad(Exception):
    def __init__(self, code: str, **params: str) -> None:
        super().__init__(code)
        self.phrase = Phrase(code, params)


def read_fields(
    fields: Sequence[EditField], texts: Mapping[str, str]
) -> tuple[dict[str, object], tuple[FieldProblem, ...]]:
    """The values of a form by the names of its fields, and what is wrong with it.

    A field that the form did not bring keeps what it was filled with. Money is minor units, or None where it may be
    left empty; lines are a tuple; pairs are a dict.
    """
    values: dict[str, object] = {}
    problems = []
    for field in fields:
        try:
            values[field.name] = _value(field, texts.get(field.name, field.text).replace("\r\n", "\n"))
        except _Bad as bad:
            problems.append(FieldProblem(field.name, bad.phrase))
    return values, tuple(problems)


def _value(field: EditField, text: str) -> object:
    if not text.strip():
        if field.is_required:
            raise _Bad("is_empty")
        return {Shape.MONEY: None, Shape.LINES: (), Shape.PAIRS: {}}.get(field.shape, "")
    match field.shape:
        case Shape.MONEY:
            return _money(text.strip(), field.currency)
        case Shape.LINES:
            return tuple(_fitting(line, field.longest) for line in _lines(text))
        case Shape.PAIRS:
            return dict(_pair(line, field.longest) for line in _lines(text))
        case Shape.CHOICE:
            if text not in field.options:
                raise _Bad("not_offered", seen=text[:40])
            return text
        case _:
            return _fitting(text.strip(), field.longest)


def _money(text: str, currency: str) -> int:
    try:
        minor = to_minor(text, currency)
    except BadAmount as error:
        plain = unicodedata.normalize("NFKC", text).replace(",", "")
        meant = _NUMBER.search(plain)
        if meant is None:
            raise _Bad("no_amount", seen=text[:40]) from error
        raise _Bad("amount_with_signs", seen=text[:40], meant=meant.group()) from error
    if minor < 0:
        raise _Bad("amount_below_zero", seen=text[:40], meant=text.lstrip("-"))
    return minor


def _lines(text: str) -> list[str]:
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if len(lines) > MOST_LINES:
        raise _Bad("too_many_lines", most=str(MOST_LINES), seen=str(len(lines)))
    return lines


def _pair(line: str, longest: int) -> tuple[str, str]:
    name, *value = _COLON.split(line, maxsplit=1)
    if not value or not name.strip():
        raise _Bad("no_pair", seen=line[:40])
    return _fitting(name.strip(), longest), _fitting(value[0].strip(), longest)


def _fitting(text: str, longest: int) -> str:
    if len(text) > longest:
        raise _Bad("too_long", most=str(longest), seen=str(len(text)))
    return text
