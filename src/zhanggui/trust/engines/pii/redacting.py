"""The text without what was found: a named placeholder for each, the same for the same within one text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from .folding import folded
from .spans import ADDRESS, BANK_CARD, EMAIL, ID_CARD, KINDS, MOBILE, NAME, ORDER_NUMBER, WECHAT, Span

_NAMES: Mapping[str, Mapping[str, str]] = {
    "zh": {
        EMAIL: "邮箱", ID_CARD: "证件号", BANK_CARD: "银行卡", MOBILE: "手机号", ORDER_NUMBER: "单号",
        WECHAT: "微信号", ADDRESS: "地址", NAME: "姓名",
    },
    "en": {
        EMAIL: "e-mail", ID_CARD: "ID number", BANK_CARD: "bank card", MOBILE: "phone", ORDER_NUMBER: "order number",
        WECHAT: "chat id", ADDRESS: "address", NAME: "name",
    },
}  # fmt: skip
PLACEHOLDERS = re.compile(
    r"\[(?:"
    + "|".join(f"(?P<{kind}>(?:{'|'.join(re.escape(names[kind]) for names in _NAMES.values())}))" for kind in KINDS)
    + r") ?\d{1,6}\]"
)
"""A placeholder of either language, its kind as the name of the group that is not empty."""
_PLAIN = re.compile(r"[\s\-.·_()+]+")


def placeholder(kind: str, number: int, lang: str) -> str:
    """What stands for the `number`th different value of a kind; Chinese unless `lang` is `en`."""
    if lang == "en":
        return f"[{_NAMES['en'][kind]} {number}]"
    return f"[{_NAMES['zh'][kind]}{number}]"


def redact(text: str, spans: Iterable[Span], *, lang: str = "zh") -> str:
    """`text` with each span replaced; equal values (spaces, dashes and width apart) get the same number.

    Args:
        text: as it was given to `find`.
        spans: what `find` answered.
        lang: of who will read it; placeholders already in the text stay as they are, and their numbers are not reused.
    """
    parts: list[str] = []
    seen: dict[tuple[str, str], int] = {}
    counts = _taken(text)
    place = 0
    for start, end, kind in spans:
        key = kind, _PLAIN.sub("", folded(text[start:end])).casefold()
        if key not in seen:
            counts[kind] = counts.get(kind, 0) + 1
            seen[key] = counts[kind]
        parts += (text[place:start], placeholder(kind, seen[key], lang))
        place = end
    return "".join((*parts, text[place:]))


def _taken(text: str) -> dict[str, int]:
    """The highest number of each kind that stands in the text already."""
    counts: dict[str, int] = {}
    if "[" in text:
        for match in PLACEHOLDERS.finditer(text):
            kind = next(kind for kind, value in match.groupdict().items() if value)
            counts[kind] = max(counts.get(kind, 0), int(re.sub(r"\D", "", match.group())))
    return counts
