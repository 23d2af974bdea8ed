"""Identity numbers and payment cards: digits that are right by their own check digit, alone or in groups."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from .checksums import is_card, is_id15, is_id18
from .spans import BANK_CARD, ID_CARD, Span

_ENOUGH = re.compile(r"[0-9](?:[ \-.·_]{0,3}[0-9]){12}")
_RUN = re.compile(r"[0-9][0-9]*(?:(?: ?[-.·_] ?| {1,2})\d+)*(?:[ -]?[Xx](?![A-Za-z0-9]))?")
_GROUP = re.compile(r"\d+[Xx]?|[Xx]")
_SHORTEST = 13
_LONGEST = 19
_WORDS_BEFORE = re.compile(
    r"(?:id|no|num|number|card|sfz|idcard|idno|acc|account|visa|pan|mastercard|u)\Z", re.IGNORECASE
)
_NO_ID15_BEFORE = re.compile(
    r"(?:imei|meid|serial|\bsn|s/n|序列号|串号|订单|单号|运单|流水|时间戳|条码|编码|编号|批号|货号|timestamp"
    r"|tracking|order|invoice|发票)"
    r"[^\d\n]{0,12}\Z",
    re.IGNORECASE,
)
_NO_CARD_BEFORE = re.compile(
    r"(?:imei|meid|serial|\bsn|s/n|序列号|串号|条码|barcode|ean|upc|isbn|gtin|时间戳|timestamp|tracking|运单|快递"
    r"|单号|订单号|订单编号)[^\d\n]{0,8}\Z",
    re.IGNORECASE,
)
_CARD_WORDS = re.compile(r"卡|账|户|银行|card|visa|master|amex|bank|account|pan\b", re.IGNORECASE)
_NEARBY = 24

Group = tuple[int, int]


def identity_and_cards(text: str) -> Iterable[Span]:
    """All identity numbers and payment cards in a folded text."""
    return _runs(text) if _ENOUGH.search(text) else ()


def _runs(text: str) -> Iterator[Span]:
    for run in _RUN.finditer(text):
        start, end = run.span()
        if end - start < _SHORTEST:
            continue
        if run.group().isdigit():
            if end - start <= _LONGEST and (kind := _kind(run.group(), text, start, end)):
                yield Span(start, end, kind)
        elif sum(map(str.isdigit, run.group())) >= _SHORTEST - 1:
            yield from _within(text, [match.span() for match in _GROUP.finditer(text, run.start(), run.end())])


def _within(text: str, groups: Sequence[Group]) -> Iterator[Span]:
    first = 0
    while first < len(groups):
        found = _longest_from(text, groups, first)
        if found is None:
            first += 1
            continue
        last, span = found
        yield span
        first = last + 1


def _longest_from(text: str, groups: Sequence[Group], first: int) -> tuple[int, Span] | None:
    """The longest right number that begins with a group and ends with one; an identity number before a card."""
    digits = ""
    best: tuple[int, Span] | None = None
    for last in range(first, len(groups)):
        digits += text[slice(*groups[last])]
        if len(digits) > _LONGEST:
            break
        start, end = groups[first][0], groups[last][1]
        kind = _kind(digits, text, start, end) if len(digits) >= _SHORTEST else None
        if kind == ID_CARD:
            return last, Span(start, end, ID_CARD)
        if kind is not None:
            best = last, Span(start, end, kind)
    return best


def _kind(digits: str, text: str, start: int, end: int) -> str | None:
    if not _is_free(text, start, end):
        return None
    length = len(digits)
    if length == 18 and is_id18(digits):
        return ID_CARD
    if not digits.isdigit():
        return None
    if is_card(digits) and _may_be_card(digits, text, start):
        return BANK_CARD
    if length == 15 and is_id15(digits) and not _NO_ID15_BEFORE.search(text, max(0, start - _NEARBY), start):
        return ID_CARD
    return None


def _may_be_card(digits: str, text: str, start: int) -> bool:
    if len(digits) == _SHORTEST and not _CARD_WORDS.search(text):
        return False
    return not _NO_CARD_BEFORE.search(text, max(0, start - _NEARBY), start) or bool(
        _CARD_WORDS.search(text, max(0, start - 6), start)
    )


def _is_free(text: str, start: int, end: int) -> bool:
    """Whether no longer number or word goes on at either side."""
    before = text[start - 1 : start]
    if before.isascii() and (before.isalpha() or before == "_") and not _WORDS_BEFORE.search(text, 0, start):
        return False
    if before and before in ".-_,·" and start > 1 and text[start - 2].isascii() and text[start - 2].isalnum():
        return False
    after = text[end : end + 1]
    if after.isascii() and (after.isalnum() or after == "_"):
        return False
    return not (after and after in ".-·" and text[end + 1 : end + 2].isdigit())
